// Roles and accessible names, computed here because the browser's own are too slow to ask for.
(() => {
  const state = window[Symbol.for('assay')];
  if (state.names) return;
  const ROLES = new Set(('alert alertdialog application article banner blockquote button caption cell ' +
    'checkbox code columnheader combobox complementary contentinfo definition dialog directory document ' +
    'feed figure form generic grid gridcell group heading img image insertion link list listbox listitem log ' +
    'main marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none note ' +
    'option paragraph presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar ' +
    'search searchbox separator slider spinbutton status strong switch tab table tablist tabpanel term ' +
    'textbox time timer toolbar tooltip tree treegrid treeitem').split(' '));
  const FROM_CONTENT = new Set(['button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link',
    'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'radio', 'row', 'rowheader', 'switch', 'tab',
    'tooltip', 'treeitem']);
  const SIMPLE = {
    ARTICLE: 'article', ASIDE: 'complementary', BUTTON: 'button', DETAILS: 'group', DIALOG: 'dialog',
    FIELDSET: 'group', FIGURE: 'figure', FORM: 'form', H1: 'heading', H2: 'heading', H3: 'heading',
    H4: 'heading', H5: 'heading', H6: 'heading', HR: 'separator', LI: 'listitem', MAIN: 'main', MENU: 'list',
    METER: 'meter', NAV: 'navigation', OL: 'list', UL: 'list', OPTGROUP: 'group', OPTION: 'option',
    OUTPUT: 'status', P: 'paragraph', PROGRESS: 'progressbar', SEARCH: 'search', SUMMARY: 'button',
    TABLE: 'table', TBODY: 'rowgroup', THEAD: 'rowgroup', TFOOT: 'rowgroup', TEXTAREA: 'textbox', TR: 'row',
  };
  const INPUTS = {
    button: 'button', submit: 'button', reset: 'button', image: 'button', file: 'button', checkbox: 'checkbox',
    radio: 'radio', range: 'slider', number: 'spinbutton', search: 'searchbox', hidden: '',
  };
  const fold = (text) => text.replace(/[\s\u200b\u00a0]+/g, ' ').trim();
  const icons = /[\ue000-\uf8ff]/g;
  const sectioned = (el) => el.parentElement &&
    el.parentElement.closest('article,aside,main,nav,section,[role=article],[role=main]');
  const tableRole = (el) => {
    const table = el.closest('table');
    return table ? table.getAttribute('role') || '' : '';
  };

  const implicit = (el) => {
    const tag = el.tagName;
    switch (tag) {
      case 'A': case 'AREA': return el.hasAttribute('href') ? 'link' : '';
      case 'a': return el.hasAttribute('href') || el.hasAttribute('xlink:href') ? 'link' : '';
      case 'INPUT': {
        if (el.hasAttribute('list') && ['text', 'search', 'email', 'tel', 'url'].includes(el.type)) return 'combobox';
        return INPUTS[el.type] ?? 'textbox';
      }
      case 'SELECT': return el.multiple || el.size > 1 ? 'listbox' : 'combobox';
      case 'IMG': return el.getAttribute('alt') === '' && !el.title ? 'presentation' : 'img';
      case 'svg': return 'img';
      case 'HEADER': return sectioned(el) ? '' : 'banner';
      case 'FOOTER': return sectioned(el) ? '' : 'contentinfo';
      case 'SECTION': return el.hasAttribute('aria-label') || el.hasAttribute('aria-labelledby') ? 'region' : '';
      case 'TD': {
        const role = tableRole(el);
        return role === 'grid' || role === 'treegrid' ? 'gridcell' : 'cell';
      }
      case 'TH': return headerRole(el);
      default: return SIMPLE[tag] || '';
    }
  };
  const headerRole = (el) => {
    if (el.scope === 'row' || el.scope === 'rowgroup') return 'rowheader';
    if (el.scope === 'col' || el.scope === 'colgroup' || el.closest('thead')) return 'columnheader';
    const row = el.parentElement;
    const plain = row && [...row.children].some((cell) => cell.tagName === 'TD');
    return plain ? 'rowheader' : 'columnheader';
  };
  const roleOf = (el) => {
    const given = el.getAttribute('role');
    if (given) {
      for (const token of given.toLowerCase().split(/\s+/)) {
        if (!ROLES.has(token)) continue;
        if (token === 'none' || token === 'presentation') {
          return el.matches('a[href],button,input,select,textarea') ? implicit(el) : 'presentation';
        }
        return token === 'image' ? 'img' : token;
      }
    }
    const role = implicit(el);
    if (role && (el.tagName === 'TR' || el.tagName === 'TD' || el.tagName === 'TH')) {
      const table = tableRole(el);
      if (table === 'presentation' || table === 'none') return '';
    }
    return role;
  };

  const byIds = (el, attribute) => {
    const ids = (el.getAttribute(attribute) || '').split(/\s+/).filter(Boolean);
    const root = el.getRootNode();
    return ids.map((id) => root.getElementById && root.getElementById(id)).filter(Boolean);
  };
  const hidden = (el) => {
    if (el.getAttribute('aria-hidden') === 'true') return true;
    const style = getComputedStyle(el);
    return style.display === 'none' || style.visibility !== 'visible';
  };
  const BLOCK = /^(block|flex|grid|table|list-item|inline-block|inline-flex|table-cell)/;
  const content = (el, skip, depth = 0) => {
    if (!el.firstElementChild && !el.shadowRoot) return el.textContent;
    if (depth > 30) return '';
    let text = '';
    const children = el.shadowRoot ? el.shadowRoot.childNodes
      : el.tagName === 'SLOT' && el.assignedNodes().length ? el.assignedNodes() : el.childNodes;
    for (const child of children) {
      if (child.nodeType === 3) text += child.data;
      else if (child.nodeType === 1 && child !== skip) text += piece(child, skip, depth);
    }
    return text;
  };
  const piece = (el, skip, depth) => {
    const tag = el.tagName;
    if (tag === 'SCRIPT' || tag === 'STYLE' || tag === 'TEMPLATE' || tag === 'NOSCRIPT') return '';
    if (tag === 'BR') return ' ';
    if (hidden(el)) return '';
    const label = el.getAttribute('aria-label');
    let text = '';
    if (label && label.trim()) text = label;
    else if (tag === 'IMG' || tag === 'AREA') text = el.alt || el.title || '';
    else if (tag === 'svg') text = svgTitle(el);
    else if (tag === 'INPUT') text = ['button', 'submit', 'reset'].includes(el.type) ? el.value : embedded(el);
    else if (tag === 'SELECT') text = [...el.selectedOptions].map((o) => o.label).join(' ');
    else if (tag === 'TEXTAREA') text = el.value;
    else text = content(el, skip, depth + 1);
    return BLOCK.test(getComputedStyle(el).display) ? ' ' + text + ' ' : text;
  };
  const embedded = (el) => ['checkbox', 'radio', 'file', 'password', 'hidden', 'image'].includes(el.type) ? '' : el.value;
  const svgTitle = (el) => {
    for (const child of el.children) if (child.tagName === 'title') return child.textContent;
    return '';
  };
  const labels = (el) => {
    if (!el.labels || !el.labels.length) return '';
    // two forms of a page that use one id give their first field the labels of both
    const texts = [...el.labels].map((label) => fold(content(label, el))).filter(Boolean);
    return fold([...new Set(texts)].join(' '));
  };
  const labelled = (el) => {
    if (el.hasAttribute('aria-labelledby')) {
      const text = fold(byIds(el, 'aria-labelledby').map((other) =>
        fold(other.getAttribute('aria-label') || content(other, other === el ? null : el))).join(' '));
      if (text) return text;
    }
    return fold(el.getAttribute('aria-label') || '');
  };
  const childText = (el, tag) => {
    for (const child of el.children) if (child.tagName === tag) return fold(content(child));
    return '';
  };
  const native = (el) => {
    switch (el.tagName) {
      case 'INPUT':
        if (el.type === 'submit') return fold(el.hasAttribute('value') ? el.value : 'Submit');
        if (el.type === 'reset') return fold(el.hasAttribute('value') ? el.value : 'Reset');
        if (el.type === 'button') return fold(el.value) || labels(el);
        if (el.type === 'image') return labels(el) || fold(el.alt || el.title || 'Submit');
        return labels(el);
      case 'SELECT': case 'TEXTAREA': case 'OUTPUT': case 'METER': case 'PROGRESS': return labels(el);
      case 'BUTTON': return labels(el);
      case 'FIELDSET': return childText(el, 'LEGEND');
      case 'FIGURE': return childText(el, 'FIGCAPTION');
      case 'TABLE': return childText(el, 'CAPTION');
      case 'IMG': case 'AREA': return fold(el.alt || '');
      case 'svg': return fold(svgTitle(el));
      case 'OPTGROUP': return fold(el.label);
      default: return '';
    }
  };
  const nameOf = (el, role) => {
    const given = labelled(el) || native(el);
    if (given) return given.replace(icons, '').trim();
    if (FROM_CONTENT.has(role) || el.tagName === 'SUMMARY') {
      const text = fold(content(el).replace(icons, ''));
      if (text) return text;
    }
    return fold(el.getAttribute('title') || el.getAttribute('placeholder') || '');
  };
  state.names = { fold, roleOf, nameOf, labels, labelled, byIds, content, svgTitle };
})();
