// Turns the records of one pass into nodes, tables, collections and notices.
(() => {
  const state = window[Symbol.for('assay')];
  if (state.finish) return;
  const { fold, roleOf, nameOf, labels, labelled, byIds, content, svgTitle } = state.names;
  const TEST_IDS = ['data-testid', 'data-test-id', 'data-test', 'data-cy', 'data-qa'];
  const CONTROLS = new Set(['textbox', 'searchbox', 'combobox', 'listbox', 'spinbutton', 'slider', 'checkbox', 'radio', 'switch']);
  const TEXTUAL = new Set(['textbox', 'searchbox', 'combobox', 'spinbutton']);
  const CONSTRAINTS = ['required', 'pattern', 'min', 'max', 'minlength', 'maxlength', 'step', 'accept', 'multiple', 'autocomplete', 'type', 'inputmode'];
  const NOTICE = /^(errors?|errorlist|errornote|errormessage|success|messages?|messagelist|alerts?|toast|snackbar|notice|notices|notification|flash|warning|danger|invalid|feedback|flashes|callout)$/;
  const STATEFUL = /^(active|selected|current|open|first|last|odd|even|done|completed|checked|hover|focus|disabled|new|row\d|is-.*|has-.*)$/i;
  let asked = [];  // attributes that are asked for by name
  let pass;
  const CELLS = new Set(['row', 'cell', 'gridcell', 'rowheader', 'columnheader']);
  // The text of rows and cells is known from the walk; asking each again would cost most of a pass.
  const called = (rec) => {
    if (rec.name !== undefined) return rec.name;
    const { el, role } = rec;
    const plain = CELLS.has(role) && !el.hasAttribute('aria-label') && !el.hasAttribute('aria-labelledby');
    rec.name = ((plain && textOf(rec)) || nameOf(el, role)).slice(0, 300);
    return rec.name;
  };
  const textOf = (rec) => fold(pass.out.slice(rec.start, rec.end));

  const stateList = (el, rec) => {
    const list = [];
    const aria = (name) => el.getAttribute('aria-' + name);
    const input = el.tagName === 'INPUT' ? el : null;
    if (el.matches(':disabled') || aria('disabled') === 'true') list.push('disabled');
    if (el.required || aria('required') === 'true') list.push('required');
    if ((el.readOnly && 'readOnly' in el) || aria('readonly') === 'true') list.push('readonly');
    if (input && (input.type === 'checkbox' || input.type === 'radio')) {
      list.push(input.indeterminate ? 'mixed' : input.checked ? 'checked' : 'unchecked');
    } else if (aria('checked') && rec.role !== 'option') {
      list.push(aria('checked') === 'mixed' ? 'mixed' : aria('checked') === 'true' ? 'checked' : 'unchecked');
    }
    if (aria('selected') === 'true') list.push('selected');
    if (el.tagName === 'SUMMARY' && el.parentElement) list.push(el.parentElement.open ? 'expanded' : 'collapsed');
    else if (aria('expanded')) list.push(aria('expanded') === 'true' ? 'expanded' : 'collapsed');
    if (aria('pressed') && aria('pressed') !== 'false') list.push('pressed');
    if (aria('invalid') === 'true' || (state.invalid.has(el) && el.validity && !el.validity.valid)) list.push('invalid');
    if (el === el.getRootNode().activeElement && el !== document.body) list.push('focused');
    if (rec.struck) list.push('struck');
    if (aria('current') && aria('current') !== 'false') list.push('current');
    if (rec.dialog === rec && (aria('modal') === 'true' || el.matches('dialog:modal'))) list.push('modal');
    place(el, rec, list);
    return list;
  };
  const place = (el, rec, list) => {
    const { left, top, width, height } = rec.rect;
    const x = left + width / 2;
    const y = top + height / 2;
    if (left + width <= 0 || top + height <= 0 || left >= innerWidth || top >= innerHeight) {
      list.push('offscreen');
      return;
    }
    if (!rec.reason || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return;
    if (!state.hits(el, x, y)) {
      const first = el.getClientRects()[0];
      if (!first || !state.hits(el, first.left + first.width / 2, first.top + first.height / 2)) list.push('covered');
    }
  };
  // Whether a click at a point of the viewport would reach the element (or its label).
  state.hits = (el, x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit && hit.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    if (!hit) return false;
    for (let up = hit; up; up = up.assignedSlot || up.parentNode || up.host) if (up === el) return true;
    if (hit.contains(el) && !hit.contains(document.body) && getComputedStyle(el).pointerEvents === 'none') return true;
    const editor = state.editorOf(el);
    if (editor && editor.contains(hit)) return true;
    const label = hit.closest && hit.closest('label');
    if (label && (label.control === el || label.contains(el))) return true;
    return [...(el.labels || [])].some((other) => other.contains(hit)) || (hit.contains(el) && el.getClientRects().length > 1);
  };

  const HANDLERS = { ondblclick: 'double', oncontextmenu: 'context', onmouseenter: 'hover', onmouseover: 'hover',
    onpointerenter: 'hover', onkeydown: 'key', onkeyup: 'key', onkeypress: 'key', ondragstart: 'drag', ondrop: 'drop',
    onmousedown: 'press', onpointerdown: 'press' };
  const PROPS = { onDoubleClick: 'double', onContextMenu: 'context', onMouseEnter: 'hover', onMouseOver: 'hover',
    onPointerEnter: 'hover', onKeyDown: 'key', onKeyUp: 'key', onDragStart: 'drag', onDrop: 'drop',
    onMouseDown: 'press', onPointerDown: 'press' };
  const EVERYTHING = 8;  // a root that hears this much hands it on: it is no sign of the root
  const ownSigns = (rec) => {
    if (rec.signs) return rec.signs;
    const { el } = rec;
    const signs = (rec.signs = new Set());
    const heard = state.heard.get(el);
    if (heard && heard.size < EVERYTHING) for (const sign of heard) signs.add(sign);
    for (const name in HANDLERS) if (typeof el[name] === 'function') signs.add(HANDLERS[name]);
    const props = pass.react && el[pass.react];
    if (props) for (const name in PROPS) if (props[name]) signs.add(PROPS[name]);
    if (el.getAttribute('draggable') === 'true') signs.add('drag');
    if (rec.hides) signs.add('hides');
    if (rec.scrolls) signs.add('scrolls');
    return signs;
  };
  // An element that is not told of hands its signs to those in it that are.
  const signsOf = (rec) => {
    const signs = new Set(ownSigns(rec));
    for (let up = rec.up; up && up.el && !up.keep && up.el !== document.body; up = up.up) {
      for (const sign of ownSigns(up)) signs.add(sign);
    }
    if (rec.reason) signs.delete('click');
    else if (state.heardTop.has('click') && hasData(rec.el)) signs.add('data');
    if (rec.el.tagName === 'FORM') signs.add(rec.el.getAttribute('method')?.toLowerCase() === 'post' ? 'post' : 'get');
    return [...signs];
  };
  const hasData = (el) => [...el.attributes].some(({ name }) =>
    name.startsWith('data-') && !TEST_IDS.includes(name) && !/^data-(v-|react|ng|astro|svelte)/.test(name));
  const shortcutsOf = () => [...document.querySelectorAll('[accesskey]')].slice(0, 20)
    .filter((el) => !el.matches(':disabled') && /^\S$/.test(el.accessKey))
    .map((el) => ['Alt+' + el.accessKey, fold(el.textContent || el.value || el.getAttribute('aria-label') || '')]);

  const valueOf = (el, rec) => {
    const tag = el.tagName;
    if (tag === 'INPUT') {
      if (el.type === 'password') return '';
      if (el.type === 'file') return [...el.files].map((file) => file.name).join(', ');
      if (['checkbox', 'radio', 'submit', 'button', 'reset', 'image', 'hidden'].includes(el.type)) return null;
      return el.value;
    }
    if (tag === 'TEXTAREA') {
      const editor = state.editorOf(el);
      return editor ? state.editorText(editor) : el.value;
    }
    if (tag === 'SELECT') return [...el.selectedOptions].map((option) => fold(option.label)).join(', ');
    if (el.isContentEditable && rec.reason === 'editable') return fold(el.innerText);
    if (rec.role === 'slider' || rec.role === 'spinbutton' || rec.role === 'progressbar' || rec.role === 'meter') {
      return el.getAttribute('aria-valuetext') || el.getAttribute('aria-valuenow') || (el.value !== undefined ? String(el.value) : null);
    }
    if (rec.role === 'combobox') return fold(el.innerText);
    if (rec.role === 'textbox' || rec.role === 'searchbox') return fold(el.innerText);
    return null;
  };
  const optionsOf = (el, rec) => {
    if (el.tagName === 'SELECT') return [...el.options].slice(0, 400).map((o) => [fold(o.label), o.value, o.selected, o.disabled]);
    if (el.tagName === 'INPUT' && el.list) return [...el.list.options].slice(0, 200).map((o) => [fold(o.label || o.value), o.value, false, o.disabled]);
    if (rec.role === 'listbox' || rec.role === 'combobox') {
      const box = rec.role === 'listbox' ? el : byIds(el, 'aria-controls')[0] || byIds(el, 'aria-owns')[0];
      if (!box) return [];
      return [...box.querySelectorAll('[role=option]')].slice(0, 200).map((o) =>
        [fold(o.textContent), o.getAttribute('data-value') || fold(o.textContent), o.getAttribute('aria-selected') === 'true', o.getAttribute('aria-disabled') === 'true']);
    }
    return [];
  };
  const constraintsOf = (el) => {
    const found = {};
    for (const name of CONSTRAINTS) {
      if (el.hasAttribute(name)) found[name] = el.getAttribute(name) || 'true';
    }
    if (state.editorOf(el)) found.type = 'code';
    if (el.form?.noValidate) found.novalidate = 'true';
    return found;
  };
  const descriptionOf = (el) => {
    const parts = [...byIds(el, 'aria-describedby'), ...byIds(el, 'aria-errormessage')].map((other) => fold(content(other)));
    if (state.invalid.has(el) && el.validity && !el.validity.valid) parts.push(el.validationMessage);
    let wrap = el.parentElement;
    for (let depth = 0; wrap && depth < 2; depth++, wrap = wrap.parentElement) {
      if (wrap.tagName === 'FORM' || wrap.querySelectorAll('input:not([type=hidden]),select,textarea').length > 1) break;
      for (const other of wrap.querySelectorAll('[class*=error i],[class*=invalid-feedback],[class*=help]')) {
        if (pass.byElement.get(other)?.shown && !other.contains(el)) parts.push(fold(content(other)));
      }
    }
    return [...new Set(parts.filter(Boolean))].join(' ').slice(0, 300);
  };

  // The text a person would read as the caption of an unlabelled control: to its left or above it.
  const nearOf = (rec) => {
    const me = rec.rect;
    let best = '';
    let least = 1e9;
    const consider = (other, after) => {
      if (other.inWidget || !other.shown || !other.own || other.el.contains(rec.el)) return;
      const text = fold(other.own);
      if (!/[\p{L}\p{N}]/u.test(text) || text.length > 80) return;
      const box = other.rect;
      const sameLine = box.top < me.bottom && box.bottom > me.top;
      let distance = 1e9;
      if (sameLine && box.right <= me.left + 4) distance = me.left - box.right;
      else if (sameLine && after && box.left >= me.right - 4) distance = me.left > 0 ? box.left - me.right - 8 : 1e9;
      else if (box.bottom <= me.top + 4 && box.left < me.right && box.right > me.left - 40) distance = (me.top - box.bottom) * 2 + 6;
      if (distance < 240 && distance < least) {
        least = distance;
        best = text;
      }
    };
    const all = pass.records;
    for (let i = rec.order - 1, seen = 0; i >= 0 && seen < 40; i--, seen++) consider(all[i], false);
    const choice = rec.role === 'checkbox' || rec.role === 'radio' || rec.role === 'switch';
    if (choice) {
      const next = rec.el.nextSibling;
      if (next && next.nodeType === 3 && fold(next.data)) return fold(next.data);
      for (let i = rec.order + 1; i < Math.min(all.length, rec.order + 6); i++) consider(all[i], true);
    } else if (!best || least > 30) {
      const before = rec.el.previousSibling;
      if (before && before.nodeType === 3 && fold(before.data)) return fold(before.data);
    }
    return best;
  };

  const isData = (el) => {
    const role = el.getAttribute('role');
    if (role === 'presentation' || role === 'none') return false;
    if (role || el.tagName !== 'TABLE') return true;
    if (el.querySelector('table')) return false;
    if (el.tHead || el.caption || el.querySelector('th')) return true;
    if (el.rows.length < 2) return false;
    const widths = new Set([...el.rows].map((row) => row.cells.length));
    return widths.size === 1 && !widths.has(1) && el.querySelectorAll('input:not([type=checkbox]):not([type=hidden]):not([type=submit]):not([type=button]),select,textarea').length < el.rows.length / 2;
  };
  const CELL = 'td,th,[role=cell],[role=gridcell],[role=columnheader],[role=rowheader]';
  const rowsOf = (el) => {
    if (el.tagName === 'TABLE') return [...el.rows].map((row) => [row, [...row.cells]]);
    return [...el.querySelectorAll('[role=row],tr')].map((row) => [row, [...row.querySelectorAll(CELL)]]);
  };
  const cellText = (cell) => {
    const rec = pass.byElement.get(cell);
    if (!rec) return '';
    const text = textOf(rec);
    if (text) return text;
    const image = cell.querySelector('img[alt],svg,[aria-label]');
    if (image) return fold(image.getAttribute('alt') || image.getAttribute('aria-label') || svgTitle(image));
    const input = cell.querySelector('input,select,textarea');
    return input && !['password', 'hidden', 'checkbox', 'radio', 'submit', 'button'].includes(input.type) ? fold(valueOf(input, {}) || '') : '';
  };
  const columnsOf = (rows) => {
    let head = -1;
    rows.forEach(([row, cells], index) => {
      const headers = cells.filter((cell) => roleOf(cell) === 'columnheader').length;
      if (headers && headers >= cells.length / 2 && (head < 0 || row.closest('thead'))) head = index;
    });
    const names = [];
    if (head >= 0) {
      for (const cell of rows[head][1]) {
        const name = cellText(cell) || nameOf(cell, 'columnheader');
        for (let i = 0; i < (cell.colSpan || 1); i++) names.push(name);
      }
    }
    return { head, names };
  };
  const force = (rec) => {
    rec.keep = true;
    return rec;
  };
  const tableOf = (rec) => {
    const rows = rowsOf(rec.el).filter(([row]) => pass.byElement.has(row));
    const { head, names } = columnsOf(rows);
    const body = [];
    rows.forEach(([row, cells], index) => {
      if (index <= head || !cells.length) return;
      if (cells.every((cell) => roleOf(cell) === 'columnheader') && names.length) return;
      let at = 0;
      for (const cell of cells) {
        const known = pass.byElement.get(cell);
        if (known) known.column = names[at] || '';
        at += cell.colSpan || 1;
      }
      body.push([row, cells.map(cellText)]);
    });
    if (!body.length && !names.length) return null;
    force(rec);
    const kept = body.map(([row, texts]) => [force(pass.byElement.get(row)), texts]);
    return { rec, caption: nameOf(rec.el, rec.role), columns: names, rows: kept };
  };

  const signature = (el) => {
    // The first lasting class is the kind of a thing, the others tell how it stands.
    return el.tagName + '.' + ([...el.classList].find((name) => !STATEFUL.test(name)) || '');
  };
  const cardsOf = (rec) => {
    if (!rec.kids || rec.kids.length < 2 || ['list', 'row', 'rowgroup', 'table', 'grid', 'listbox', 'tablist'].includes(rec.role)) return null;
    const shapes = new Map();
    for (const kid of rec.kids) {
      if (kid.inWidget && kid.inWidget !== kid) continue;
      if (!/^(DIV|ARTICLE|SECTION|A|DL|FIGURE|LI|ASIDE|P)$/.test(kid.el.tagName) && !kid.el.tagName.includes('-')) continue;
      if (kid.el.tagName === 'P' || (kid.el.tagName === 'A' && !kid.el.firstElementChild)) continue;
      const shape = signature(kid.el);
      if (shape.endsWith('.') && kid.el.tagName === 'DIV' && kid.el.children.length < 2) continue;
      if (shapes.has(shape)) shapes.get(shape).push(kid); else shapes.set(shape, [kid]);
    }
    let best = [];
    for (const group of shapes.values()) if (group.length > best.length) best = group;
    if (best.length < 2 || (best.length < rec.kids.length / 2 && signature(best[0].el).endsWith('.')) || best.some((kid) => kid.el.querySelector('form form, main, nav'))) return null;
    const controls = best.filter((kid) => kid.el.querySelector('input:not([type=hidden]):not([type=checkbox]),select,textarea')).length;
    return controls > best.length / 2 && !best[0].el.querySelector('a,button') ? null : best;
  };
  const collectionsOf = () => {
    const found = [];
    for (const rec of pass.records) {
      if (!rec.shown) continue;
      let items = null;
      let kind = 'list';
      if (rec.role === 'list' || rec.role === 'listbox' || rec.role === 'feed') {
        items = (rec.kids || []).filter((kid) => ['listitem', 'option', 'article'].includes(kid.role));
      } else if ((items = cardsOf(rec))) kind = 'cards';
      if (items && items.length) found.push({ rec, kind, items });
    }
    return found;
  };
  const noticesOf = () => {
    const found = [];
    let end = -1;
    for (const rec of pass.records) {
      if (!rec.shown || rec.start < end || rec.end === rec.start || rec.reason) continue;
      const live = rec.role === 'alert' || rec.role === 'status' || rec.role === 'alertdialog' ||
        /^(polite|assertive)$/.test(rec.el.getAttribute('aria-live') || '');
      if (!live && !noticeClass(rec.el)) continue;
      const text = textOf(rec);
      if (!text || text.length > 400) continue;
      found.push(text);
      end = rec.end;
    }
    for (const el of state.invalid) {
      if (el.isConnected && el.validity && !el.validity.valid) found.push(el.validationMessage);
      else state.invalid.delete(el);
    }
    const active = document.activeElement;
    if (active && active.validity && !active.validity.valid && state.invalid.size) found.push(active.validationMessage);
    return [...new Set(found.filter(Boolean))];
  };
  const noticeClass = (el) => {
    if (!el.classList.length || /^(BODY|HTML|FORM|MAIN|INPUT|LABEL|A|BUTTON|TR|NAV|TABLE)$/.test(el.tagName)) return false;
    for (const name of el.classList) {
      const parts = name.toLowerCase().split(/[-_]+|(?<=[a-z])(?=[A-Z])/);
      if (parts.some((part) => NOTICE.test(part)) && !parts.includes('form')) return true;
    }
    return false;
  };

  const nodeOf = (rec) => {
    const el = rec.el;
    const role = rec.role === 'presentation' ? '' : rec.role;
    const row = rec.row && rec.row.keep ? rec.row : null;
    const node = {
      ref: state.ref(el), tag: el.tagName.toLowerCase(), role: role || 'generic',
      name: called(rec), span: [rec.start, rec.end],
      box: [rec.rect.left + pass.x, rec.rect.top + pass.y, rec.rect.width, rec.rect.height].map((n) => Math.round(n * 10) / 10),
    };
    let up = rec.up;
    while (up && !up.keep) up = up.up;
    const put = (key, value) => {
      if (value && value.length !== 0) node[key] = value;
    };
    put('parent', up && state.ref(up.el));
    put('own_text', fold(rec.own));
    put('placeholder', el.getAttribute('placeholder') || el.getAttribute('aria-placeholder'));
    put('title', el.getAttribute('title'));
    put('alt', el.getAttribute('alt'));
    put('dom_id', el.id && typeof el.id === 'string' ? el.id : '');
    put('dom_name', el.getAttribute('name'));
    put('classes', [...el.classList]);
    put('href', hrefOf(el));
    put('signs', signsOf(rec));
    if (el.tagName === 'IFRAME' || el.tagName === 'IMG') put('src', el.src);
    for (const attribute of TEST_IDS) {
      if (!el.hasAttribute(attribute)) continue;
      node.test_id = el.getAttribute(attribute);
      node.test_id_attribute = attribute;
      break;
    }
    const states = stateList(el, rec);
    put('states', states);
    if (rec.reason) {
      node.interactive = true;
      node.reason = rec.reason;
    }
    put('level', rec.level);
    put('section', rec.section);
    if (rec.landmark && rec.landmark.keep && rec.landmark !== rec) {
      node.landmark = rec.landmark.role;
      put('landmark_name', called(rec.landmark));
    }
    if (rec.group && rec.group !== rec) put('group', called(rec.group));
    put('form', rec.form && rec.form.keep && state.ref(rec.form.el));
    put('dialog', rec.dialog && rec.dialog.keep && state.ref(rec.dialog.el));
    put('row', row && state.ref(row.el));
    if (row && row !== rec) put('row_text', textOf(row).slice(0, 400));
    put('column', rec.column);
    if (CONTROLS.has(role) || rec.reason === 'editable') control(el, rec, node, states);
    else if (rec.reason && !node.name) put('near', nearOf(rec));
    if (rec.role === 'progressbar' || rec.role === 'meter') node.value = valueOf(el, rec);
    for (const name of asked) {
      if (el.hasAttribute(name)) (node.constraints ||= {})[name] = el.getAttribute(name);
    }
    if (el.tagName === 'INPUT') node.input_type = el.type;
    if (el.tagName === 'BUTTON') node.input_type = el.type;
    siblings(rec, node);
    return node;
  };
  const hrefOf = (el) => {
    if (!el.href || !(el.hasAttribute('href') || el.hasAttribute('xlink:href'))) return '';
    if (el.href.baseVal === undefined) return el.href;
    try {
      return new URL(el.href.baseVal, document.baseURI).href;
    } catch {
      return '';
    }
  };
  const control = (el, rec, node, states) => {
    const label = labels(el) || labelled(el);
    if (label) node.label = label;
    else {
      const near = nearOf(rec);
      if (near) node.near = near;
    }
    const description = descriptionOf(el);
    if (description) node.description = description;
    const value = valueOf(el, rec);
    if (value !== null) node.value = value;
    const options = optionsOf(el, rec);
    if (options.length) node.options = options;
    const constraints = constraintsOf(el);
    if (Object.keys(constraints).length) node.constraints = constraints;
    const fixed = states.includes('disabled') || states.includes('readonly');
    const typed = el.tagName === 'TEXTAREA' || el.isContentEditable ||
      (el.tagName === 'INPUT' && TEXTUAL.has(rec.role) && el.type !== 'file');
    if (!fixed && (typed || (TEXTUAL.has(rec.role) && el.tagName !== 'SELECT' && rec.role !== 'combobox'))) node.editable = true;
  };
  const siblings = (rec, node) => {
    if (!rec.up || !rec.up.sameKind) {
      const kinds = new Map();
      if (rec.up) rec.up.sameKind = kinds;
    }
    const kinds = rec.up && rec.up.sameKind;
    if (!kinds) return;
    const kind = rec.role + '/' + rec.el.tagName;
    const list = kinds.get(kind) || [];
    node.index = list.length;
    list.push(node);
    kinds.set(kind, list);
    for (const other of list) other.count = list.length;
  };

  state.finish = (gathered, options) => {
    pass = gathered;
    asked = options.attributes || [];
    const tables = [];
    for (const rec of pass.records) {
      if (rec.shown && ['table', 'grid', 'treegrid'].includes(rec.role) && isData(rec.el)) {
        const table = tableOf(rec);
        if (table) tables.push(table);
      }
    }
    const collections = collectionsOf();
    for (const { rec, items, kind } of collections) {
      force(rec);
      for (const item of items) {
        force(item);
        if (kind === 'cards') item.card = true;
      }
    }
    inherit();
    const kept = pass.records.filter((rec) => rec.keep);
    const shown = kept.slice(0, options.limit);
    const nodes = shown.map(nodeOf);
    const dark = (rec) => rec.shown && (rec.el.tagName === 'CANVAS' ? 'canvas' : state.closed.has(rec.el) ? 'closed part' : '');
    const blind = pass.records.filter(dark).map((rec) => fold(dark(rec) + ' ' + (nameOf(rec.el, '') || rec.el.id || rec.el.tagName.toLowerCase())));
    if (pass.cut) blind.push('the rest of a very long page');
    const result = {
      type: document.contentType, title: document.title, prefix: state.prefix, nodes, text: pass.out, notices: noticesOf(), blind,
      signs: [...state.heardTop], shortcuts: shortcutsOf(), omitted: kept.length - shown.length, width: innerWidth, height: innerHeight, frames: pass.frames.map((rec) => state.ref(rec.el)),
      tables: tables.map(({ rec, caption, columns, rows }) => ({
        ref: state.ref(rec.el), caption: caption || rec.section, columns, rows: rows.map((row) => row[1]), refs: rows.map((row) => state.ref(row[0].el)),
      })),
      collections: collections.map(({ rec, kind, items }) => ({
        ref: state.ref(rec.el), kind, label: nameOf(rec.el, rec.role) || rec.section, refs: items.map((item) => state.ref(item.el)), texts: items.map(textOf),
      })),
    };
    pass = null;
    return result;
  };
  // What a card or cell passes on to the elements in it; known only after the walk.
  const inherit = () => {
    for (const rec of pass.records) {
      const up = rec.up;
      if (!up || !up.el) continue;
      rec.inCard = rec.card ? rec : up.inCard || null;
      if (!rec.row && rec.inCard) rec.row = rec.inCard;
      if (!rec.column && up.column && rec.el.tagName !== 'TABLE') rec.column = up.column;
    }
  };
})();
