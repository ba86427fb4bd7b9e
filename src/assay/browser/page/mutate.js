// Faults put into a page on purpose and kept there, to show that a test notices them.
(() => {
  const state = window[Symbol.for('assay')];
  if (state.fault) return;
  const { fold } = state.names;
  const faults = [];
  let ours = new WeakSet();
  let touched = new WeakMap();
  // How to take back what the faults changed, in the order in which it was changed.
  let undo = [];
  const passing = () => faults.some((fault) => fault.passing);
  const remember = (back) => { if (passing()) undo.push(back); };
  const MASK = '\u2014';
  const hide = (element) => {
    if (element.style.getPropertyValue('display') === 'none' && element.style.getPropertyPriority('display')) return 0;
    element.style.setProperty('display', 'none', 'important');
    return 1;
  };
  const texts = (root) => {
    const found = [];
    const walk = (node) => {
      for (const child of node.childNodes) {
        if (child.nodeType === 3) found.push(child);
        else if (child.nodeType === 1 && !/^(SCRIPT|STYLE)$/.test(child.tagName)) {
          if (child.shadowRoot) walk(child.shadowRoot);
          walk(child);
        }
      }
    };
    walk(root);
    return found;
  };
  const pattern = (text) => new RegExp(fold(text).split(' ').map((word) =>
    word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\u00a0]+'), 'gi');
  const setNative = (element, value) => {
    const proto = element.tagName === 'TEXTAREA' ? HTMLTextAreaElement : HTMLInputElement;
    const own = Object.getOwnPropertyDescriptor(proto.prototype, 'value');
    const before = element.value;
    remember(() => own.set.call(element, before));
    own.set.call(element, value);
  };
  // Properties leave no mutation record.
  const setProperty = (element, name, value) => {
    const before = element[name];
    remember(() => (element[name] = before));
    element[name] = value;
  };

  const blank = (root, text) => {
    const wanted = pattern(text);
    let count = 0;
    for (const node of texts(root)) {
      const changed = node.data.replace(wanted, MASK);
      if (changed !== node.data) {
        node.data = changed;
        count += 1;
      }
    }
    count += blankSplit(root, fold(text).toLowerCase());
    const inside = (selector) => [...(root.matches && root.matches(selector) ? [root] : []), ...root.querySelectorAll(selector)];
    for (const element of inside('input,textarea')) {
      const changed = typeof element.value === 'string' && element.type !== 'file' ? element.value.replace(wanted, MASK) : element.value;
      if (changed !== element.value) {
        setNative(element, changed);
        count += 1;
      }
    }
    for (const name of ['placeholder', 'alt', 'title', 'aria-label', 'value', 'aria-valuetext']) {
      for (const element of inside('[' + name + ']')) {
        const value = element.getAttribute(name);
        const changed = value.replace(wanted, MASK);
        if (changed !== value && element.type !== 'checkbox' && element.type !== 'radio' && element.tagName !== 'OPTION') {
          element.setAttribute(name, changed);
          count += 1;
        }
      }
    }
    if (root === document && wanted.test(document.title)) {
      document.title = document.title.replace(wanted, MASK);
      count += 1;
    }
    return count;
  };
  // A text that several elements make up together (<b>2</b> items left).
  const blankSplit = (root, wanted) => {
    let count = 0;
    for (let rounds = 0; rounds < 20; rounds++) {
      let best = null;
      for (const element of [...(root === document ? [] : [root]), ...root.querySelectorAll('*')]) {
        if (/^(SCRIPT|STYLE|HEAD|HTML|BODY|TITLE|NOSCRIPT|TEMPLATE)$/.test(element.tagName)) continue;
        const text = fold(element.innerText === undefined ? element.textContent : element.innerText).toLowerCase();
        if (text.length <= wanted.length * 4 + 200 && text.includes(wanted)) best = element;
      }
      if (!best || !best.getClientRects().length) break;
      for (const node of texts(best)) if (node.data.trim()) node.data = MASK;
      count += 1;
    }
    return count;
  };

  // What is shown of the one is shown of the other, and the other way round; done once, as doing it
  // again would undo it.
  const swapTexts = (fault) => {
    const [one, other] = fault.text.split('\n');
    if (fault.swapped || !other) return 0;
    const both = new RegExp(pattern(one).source + '|' + pattern(other).source, 'gi');
    const first = new RegExp('^(?:' + pattern(one).source + ')$', 'i');
    let count = 0;
    for (const node of texts(document)) {
      const changed = node.data.replace(both, (found) => (first.test(found) ? other : one));
      if (changed !== node.data) {
        node.data = changed;
        count += 1;
      }
    }
    fault.swapped = count > 0;
    return count;
  };

  const ITEM = 'li,tr,[role=row],[role=listitem],[role=option],article';
  const shown = (element) => element.getClientRects().length > 0;
  const bodyRows = (rows) => {
    const plain = rows.filter((row) => row.querySelector('td,[role=cell],[role=gridcell]') || !row.querySelector('th,[role=columnheader]'));
    return plain.filter((row) => !row.closest('thead'));
  };
  const itemsOf = (container) => {
    if (container.tagName === 'TABLE') return bodyRows([...container.rows]).filter(shown);
    const rows = [...container.querySelectorAll('[role=row],tr')];
    if (/^(grid|table|treegrid)$/.test(container.getAttribute('role')) && rows.length) return bodyRows(rows).filter(shown);
    const direct = [...container.children].filter(shown).filter((child) => !/^(SCRIPT|STYLE)$/.test(child.tagName));
    const shapes = new Map();
    for (const child of direct) {
      const shape = child.tagName + (child.matches(ITEM) ? '' : '.' + [...child.classList][0]);
      shapes.set(shape, [...(shapes.get(shape) || []), child]);
    }
    const best = [...shapes.values()].sort((one, other) => other.length - one.length)[0] || [];
    if (best.length > 1 || (best[0] && best[0].matches(ITEM))) return best;
    const inner = container.querySelector('table,ul,ol,[role=list],[role=grid],[role=table],[role=listbox],tbody');
    return inner ? itemsOf(inner) : best;
  };
  const containersOf = (fault) => {
    const found = fault.target ? state.findBundle(fault.target) : [...document.querySelectorAll('main table,main ul,table,ul,ol')].filter(shown).slice(0, 1);
    return found.map((element) => element.matches(ITEM) && !element.querySelector('table,ul,ol') ? element.parentElement : element);
  };
  const leafText = (root, text) => {
    const nodes = texts(root).filter((node) => node.data.trim());
    if (nodes.length) nodes[0].data = text;
    else root.append(text);
  };
  const insertItems = (fault) => {
    let count = 0;
    for (const container of containersOf(fault).slice(0, 1)) {
      const items = itemsOf(container);
      const wanted = fault.number || 1;
      for (let have = items.filter((item) => ours.has(item)).length; have < wanted; have++) {
        const model = items[items.length - 1];
        if (!model) {
          insertInto(container, fault.text || 'One more item');
          return 1;
        }
        const copy = model.cloneNode(true);
        ours.add(copy);
        if (fault.text) leafText(copy, fault.text);
        model.after(copy);
        count += 1;
      }
    }
    return count;
  };
  const removeItems = (fault) => {
    for (const container of containersOf(fault).slice(0, 1)) {
      const hidden = touched.get(container) || new Set();
      const gone = [...hidden].filter((item) => item.isConnected && !shown(item)).length;
      const items = itemsOf(container).filter((item) => !fault.text || fold(item.textContent).toLowerCase().includes(fold(fault.text).toLowerCase()));
      const wanted = (fault.number || 1) - gone;
      if (wanted <= 0 || !items.length) return 0;
      for (const item of items.slice(-wanted)) {
        hide(item);
        hidden.add(item);
      }
      touched.set(container, hidden);
      return 1;
    }
    return 0;
  };
  const swapRows = (fault) => {
    for (const container of containersOf(fault).slice(0, 1)) {
      const items = itemsOf(container);
      if (items.length < 2 || touched.get(container) === items[0]) return 0;
      const key = (item) => fold((cellUnder(container, item, fault.text) || item).textContent);
      let other = items.length - 1;
      while (other > 0 && key(items[other]) === key(items[0])) other -= 1;
      if (other === 0) return 0;
      const [first, last] = [items[0], items[other]];
      const place = document.createComment('');
      first.before(place);
      last.before(first);
      place.replaceWith(last);
      touched.set(container, last);
      return 1;
    }
    return 0;
  };
  const cellUnder = (container, row, column) => {
    if (!column || !container.querySelectorAll) return null;
    const heads = [...container.querySelectorAll('th,[role=columnheader]')];
    const at = heads.findIndex((head) => fold(head.textContent).toLowerCase().includes(column.toLowerCase()));
    return at < 0 ? null : [...row.children][at];
  };
  const changeCell = (fault) => {
    let count = 0;
    for (const element of state.findBundle(fault.target).slice(0, 1)) {
      const whole = element.matches('td,th,[role=cell],[role=gridcell]');
      const place = whole ? element : itemsOf(element)[fault.number] || element;
      if (fault.text) count += blank(place, fault.text);
      else if (!ours.has(place) || fold(place.textContent) !== MASK) {
        for (const node of texts(place)) if (node.data.trim()) node.data = '';
        leafText(place, MASK);
        ours.add(place);
        count += 1;
      }
    }
    return count;
  };

  const home = () => document.querySelector('dialog[open],[role=dialog],main,[role=main]') || document.body;
  const insertInto = (container, text) => {
    let made;
    if (container.matches('table,tbody,[role=grid],[role=table]')) {
      made = document.createElement('tr');
      const cell = document.createElement('td');
      cell.textContent = text;
      made.append(cell);
      (container.tBodies ? container.tBodies[0] || container : container).append(made);
    } else {
      made = document.createElement(container.matches('ul,ol') ? 'li' : 'p');
      made.textContent = text;
      made.setAttribute('style', 'display:block;position:relative;z-index:2147483000;opacity:1;visibility:visible');
      container.prepend(made);
    }
    ours.add(made);
    return made;
  };
  const alive = (fault) => fault.made && fault.made.isConnected && shown(fault.made);
  const insertText = (fault) => {
    if (alive(fault)) return 0;
    const places = fault.target ? state.findBundle(fault.target) : [];
    if (fault.target && !places.length) return 0;
    const place = places[0] || home();
    if (!place) return 0;
    fault.made = insertInto(/^(INPUT|IMG|BR|HR|SELECT|TEXTAREA)$/.test(place.tagName) ? place.parentElement : place, fault.text);
    return 1;
  };
  const TAGS = { button: 'button', link: 'a', checkbox: 'input', textbox: 'input', heading: 'h2', img: 'img', combobox: 'select', radio: 'input' };
  const insertElement = (fault) => {
    if (alive(fault)) return 0;
    const print = fault.target ? fault.target.fingerprint : null;
    const [role, ...rest] = fault.text ? fault.text.split(' ') : [print.role];
    const name = rest.join(' ') || (print ? print.name || print.text : '');
    const made = document.createElement(fault.text ? TAGS[role] || 'div' : print.tag || TAGS[role] || 'div');
    const known = print ? print.attributes : {};
    for (const key of ['id', 'name', 'type', 'placeholder', 'title', 'alt', 'href', 'class']) if (known[key]) made.setAttribute(key, known[key]);
    const test = fault.target && [fault.target.primary, ...fault.target.alternates].find((one) => one.kind === 'test_id');
    if (test) made.setAttribute(test.attribute, test.value);
    if (made.tagName === 'INPUT' && !known.type) made.type = role === 'textbox' ? 'text' : role;
    if (made.tagName === 'A' && !made.getAttribute('href')) made.setAttribute('href', '#');
    if (!TAGS[role] && role !== 'generic') made.setAttribute('role', role);
    if (made.tagName === 'INPUT' || made.tagName === 'SELECT') made.setAttribute('aria-label', name || (print ? print.label : ''));
    else made.textContent = name;
    made.setAttribute('style', 'display:inline-block;min-width:20px;min-height:20px;position:relative;opacity:1;visibility:visible');
    const within = fault.target && fault.target.primary.within ? state.find(fault.target.primary.within)[0] : null;
    const place = within || home();
    if (!place) return 0;
    place.prepend(made);
    ours.add(made);
    fault.made = made;
    return 1;
  };

  const each = (fault, change) => {
    let count = 0;
    for (const element of state.findBundle(fault.target)) count += change(element) ? 1 : 0;
    return count;
  };
  const setValue = (fault) => each(fault, (element) => {
    if (element.tagName === 'SELECT') {
      let index = [...element.options].findIndex((option) => fold(option.label) === fault.text || option.value === fault.text);
      if (index < 0) index = touched.has(element) ? touched.get(element) : element.selectedIndex === 0 && element.options.length > 1 ? 1 : 0;
      if (element.selectedIndex === index) return false;
      touched.set(element, index);
      setProperty(element, 'selectedIndex', index);
      return true;
    }
    if (!('value' in element)) {
      if (fold(element.textContent) === fault.text) return false;
      element.textContent = fault.text;
      return true;
    }
    if (element.value === fault.text) return false;
    setNative(element, fault.text);
    return element.value === fault.text || true;
  });
  // A target that is a whole list stands for one of its items: the one with the text, else the first.
  const itemOf = (fault, element) => {
    if (!itemOf.known.has(fault)) {
      const wanted = fold(fault.text).toLowerCase();
      itemOf.known.set(fault, itemsOf(element).find((item) => fold(item.textContent).toLowerCase().includes(wanted)));
    }
    const known = itemOf.known.get(fault);
    if (known && known.isConnected) return known;
    itemOf.known.delete(fault);
    return known ? itemOf(fault, element) : null;
  };
  itemOf.known = new WeakMap();
  const CHECKABLE = 'input[type=checkbox],input[type=radio],[aria-checked]';
  const toggleChecked = (fault) => each(fault, (found) => {
    const item = found.matches(CHECKABLE) ? found : itemOf(fault, found) || found;
    const element = item.matches(CHECKABLE) ? item : item.querySelector(CHECKABLE);
    if (!element) return false;
    if (!touched.has(element)) touched.set(element, 'checked' in element ? !element.checked : element.getAttribute('aria-checked') !== 'true');
    const wanted = touched.get(element);
    if ('checked' in element) {
      if (element.checked === wanted) return false;
      setProperty(element, 'checked', wanted);
    } else {
      if (element.getAttribute('aria-checked') === String(wanted)) return false;
      element.setAttribute('aria-checked', String(wanted));
    }
    return true;
  });
  const setEnabled = (element, enabled) => {
    if ('disabled' in element) {
      if (element.disabled === !enabled) return false;
      element.disabled = !enabled;
      if (enabled) for (let up = element.closest('fieldset[disabled]'); up; up = up.parentElement.closest('fieldset[disabled]')) up.disabled = false;
    } else {
      if ((element.getAttribute('aria-disabled') === 'true') === !enabled) return false;
      element.setAttribute('aria-disabled', String(!enabled));
      element.style.setProperty('pointer-events', enabled ? 'auto' : 'none', 'important');
    }
    if (enabled) element.removeAttribute('aria-disabled');
    return true;
  };
  const off = (element) => element.matches(':disabled') || element.getAttribute('aria-disabled') === 'true';
  const toggleEnabled = (fault) => each(fault, (element) => {
    if (!touched.has(element)) touched.set(element, off(element));
    return setEnabled(element, touched.get(element));
  });
  const DONE = /^(completed|complete|done|checked|struck|strike|is-done|is-completed|finished|line-through)$/i;
  const strike = (fault, wanted) => each(fault, (found) => {
    let changed = false;
    const element = found.matches('ul,ol,table,[role=list],[role=table]') ? itemOf(fault, found) || found : found;
    const chain = [element, ...element.querySelectorAll('*')];
    if (!wanted) for (let up = element.parentElement, hops = 0; up && hops < 6 && up !== document.body; up = up.parentElement, hops++) chain.push(up);
    for (const one of wanted ? [element] : chain) {
      const struck = getComputedStyle(one).textDecorationLine.includes('line-through');
      if (!wanted) for (const name of [...one.classList]) if (DONE.test(name)) (one.classList.remove(name), (changed = true));
      if (!wanted && /^(S|DEL|STRIKE)$/.test(one.tagName) && !struck) continue;
      if (struck !== wanted) {
        one.style.setProperty('text-decoration', wanted ? 'line-through' : 'none', 'important');
        changed = true;
      }
    }
    return changed;
  });
  const dead = new Set();
  const swallow = (event) => {
    if (!dead.size) return;
    const path = event.composedPath();
    for (const fault of dead) {
      const elements = state.findBundle(fault.target);
      const hit = elements.some((element) => path.includes(element) || event.submitter === element ||
        (event.type === 'submit' && event.target === (element.form || element) && !event.submitter));
      if (!hit) continue;
      event.stopImmediatePropagation();
      if (event.cancelable) event.preventDefault();
      return;
    }
  };
  const deaden = (fault) => {
    const found = state.findBundle(fault.target).length;
    dead.add(fault);
    return fault.counted ? 0 : ((fault.counted = found > 0), found);
  };
  const changeUrl = (fault) => {
    if (window !== window.top || !/^http/.test(location.protocol)) return 0;
    const goal = new URL(fault.text || '/moved-elsewhere', location.origin);
    if (goal.origin !== location.origin || goal.pathname + goal.search === location.pathname + location.search) return 0;
    const before = location.href;
    remember(() => history.replaceState(history.state, '', before));
    history.replaceState(history.state, '', goal);
    return 1;
  };
  const changeTitle = (fault) => {
    const title = fault.text || 'Another page';
    if (window !== window.top || document.title === title || !document.head) return 0;
    document.title = title;
    return 1;
  };
  const setAttribute = (fault) => each(fault, (element) => {
    const [name, ...rest] = fault.text.split('=');
    if (element.getAttribute(name) === rest.join('=')) return false;
    element.setAttribute(name, rest.join('='));
    return true;
  });
  const KINDS = {
    blank_text: (fault) => (fault.target ? each(fault, (element) => blank(element, fault.text)) : blank(document, fault.text)),
    hide_target: (fault) => each(fault, hide),
    insert_text: insertText, insert_item: insertItems, remove_item: removeItems, swap_rows: swapRows, set_value: setValue,
    toggle_checked: toggleChecked, toggle_enabled: toggleEnabled,
    disable_control: (fault) => each(fault, (element) => setEnabled(element, false)),
    strike: (fault) => strike(fault, true), unstrike: (fault) => strike(fault, false),
    change_url: changeUrl, change_title: changeTitle, change_cell: changeCell, set_attribute: setAttribute,
    dead_control: deaden, insert_element: insertElement, swap_texts: swapTexts,
  };

  const observer = new MutationObserver(() => apply());
  const watch = () => observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  const journal = new MutationObserver(() => {});
  const record = () => {
    const places = [document];
    for (const element of document.querySelectorAll('*')) if (element.shadowRoot) places.push(element.shadowRoot);
    for (const place of places) journal.observe(place, { subtree: true, childList: true, attributeOldValue: true, characterDataOldValue: true });
  };
  const takeBack = (change) => {
    const { target, type } = change;
    if (type === 'characterData') target.data = change.oldValue;
    else if (type === 'attributes') {
      if (change.oldValue === null) target.removeAttribute(change.attributeName);
      else target.setAttribute(change.attributeName, change.oldValue);
    } else {
      for (const node of change.addedNodes) if (node.parentNode === target) node.remove();
      const next = change.nextSibling && change.nextSibling.parentNode === target ? change.nextSibling : null;
      for (const node of change.removedNodes) target.insertBefore(node, next);
    }
  };
  const apply = () => {
    let count = 0;
    observer.disconnect();
    if (!document.documentElement || !faults.length) {
      watch();
      return 0;
    }
    // Looking for every shadow root is only worth it when the changes will be taken back.
    if (passing()) record();
    for (const fault of faults) {
      if (!document.body && fault.kind !== 'change_url') continue;
      count += KINDS[fault.kind](fault);
    }
    const changes = journal.takeRecords();
    journal.disconnect();
    if (changes.length) undo.push(() => changes.reverse().forEach(takeBack));
    watch();
    return count;
  };
  state.applyFaults = apply;
  // Puts a fault in place; answers how many places of this document it changed.
  state.fault = (fault) => {
    if (faults.some((known) => known.id === fault.id)) return 0;
    if (!state.faulty) {
      state.faulty = true;
      for (const type of ['click', 'dblclick', 'auxclick', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'touchstart', 'touchend',
        'keydown', 'keypress', 'keyup', 'submit', 'input', 'change']) window.addEventListener(type, swallow, true);
      // Values and checked states change without a mutation record.
      window.setInterval(apply, 80);
      document.addEventListener('DOMContentLoaded', apply);
    }
    faults.push(fault);
    return apply();
  };
  // Takes all faults out again, and what they changed back.
  state.liftFaults = () => {
    observer.disconnect();
    for (const fault of faults.splice(0)) dead.delete(fault);
    for (const back of undo.splice(0).reverse()) back();
    ours = new WeakSet();
    touched = new WeakMap();
    return 1;
  };
  state.dropFault = (id) => {
    const at = faults.findIndex((fault) => fault.id === id);
    if (at >= 0) dead.delete(faults.splice(at, 1)[0]);
  };
})();
