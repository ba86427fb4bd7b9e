// One pass over a document: everything worth knowing about what is visible, as plain data.
(() => {
  const state = window[Symbol.for('assay')];
  if (state.observe) return;
  const { fold, roleOf, nameOf, labels, labelled } = state.names;
  const SKIP = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'META', 'LINK', 'TITLE', 'PARAM', 'SOURCE', 'TRACK', 'COL', 'COLGROUP']);
  const LEAF = new Set(['SELECT', 'TEXTAREA', 'svg', 'CANVAS', 'IFRAME', 'VIDEO', 'AUDIO', 'OBJECT', 'EMBED', 'INPUT', 'IMG', 'FRAME', 'MATH']);
  const LANDMARKS = new Set(['banner', 'complementary', 'contentinfo', 'main', 'navigation', 'region', 'search']);
  const WIDGETS = new Set(['button', 'link', 'checkbox', 'radio', 'switch', 'textbox', 'searchbox', 'combobox',
    'listbox', 'option', 'spinbutton', 'slider', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'tab', 'treeitem', 'scrollbar']);
  const STRUCTURE = new Set(['heading', 'list', 'listitem', 'table', 'grid', 'treegrid', 'row', 'cell', 'gridcell',
    'columnheader', 'rowheader', 'dialog', 'alertdialog', 'alert', 'status', 'log', 'form', 'progressbar', 'meter',
    'tabpanel', 'tablist', 'group', 'tree', 'menu', 'menubar', 'listbox', 'radiogroup', 'article', 'toolbar', 'tooltip', 'separator',
    ...LANDMARKS]);
  const SECTIONS = new Set(['SECTION', 'ARTICLE', 'ASIDE', 'NAV', 'MAIN', 'FOOTER', 'DIALOG', 'LI', 'TR', 'FORM', 'FIELDSET', 'DETAILS', 'TABLE']);
  const CONTROLS = new Set(['textbox', 'searchbox', 'combobox', 'listbox', 'spinbutton', 'slider', 'checkbox', 'radio', 'switch']);
  const HIDING = new Set(['INPUT', 'TEXTAREA']);
  const HIDABLE = new Set(['checkbox', 'radio', 'file']);
  const BLOCK = /^(block|flex|grid|table|list-item|flow-root|table-row|table-row-group|table-header-group|table-footer-group|table-caption)$/;

  // A page may be larger than anybody would read: what is past this is said to be unseen.
  const MOST_ELEMENTS = 60000;
  const MOST_TEXT = 1000000;

  let pass;  // what one run gathers; functions below read it instead of passing it along
  const reactKey = () => {
    if (state.reactKey) return state.reactKey;
    let seen = 0;
    for (const element of document.querySelectorAll('body *')) {
      if (++seen > 40) break;
      const key = Object.keys(element).find((name) => name.startsWith('__reactProps$'));
      if (key) return (state.reactKey = key);
    }
    return '';
  };
  const emit = (data, pre) => {
    let text = data;
    if (pre) text = text.replace(/[^\S\n]+/g, ' ').replace(/ *\n\s*/g, '\n');
    else text = text.replace(/[\s\u00a0]+/g, ' ');
    if (pass.out.length + text.length > MOST_TEXT) {
      pass.cut = true;
      text = text.slice(0, Math.max(0, MOST_TEXT - pass.out.length));
      if (!text) return;
    }
    const head = text[0];
    if ((head === ' ' || head === '\n') && !pass.pending) pass.pending = head;
    const body = text.trim();
    if (!body) return;
    if (pass.out && pass.pending) pass.out += pass.pending;
    pass.out += body;
    const tail = text[text.length - 1];
    pass.pending = tail === ' ' || tail === '\n' ? tail : '';
  };
  const gap = (kind) => {
    if (kind === '\n' || !pass.pending) pass.pending = kind;
  };

  const pointerReason = (el, rec, style) => {
    const props = pass.react && el[pass.react];
    const listens = state.clickable.get(el);
    if (el.onclick && el.getAttribute('onclick')) return 'onclick';
    if (props && (props.onClick || props.onDoubleClick || props.onMouseDown || props.onPointerDown)) return 'listener';
    if (typeof el.onclick === 'function' && !props) return 'onclick';
    if (listens && [...listens].some((name) => !name.startsWith('mouseenter') && name !== 'mouseover')) return 'listener';
    if (style.cursor === 'pointer' && !rec.up.pointer) return 'pointer';
    return '';
  };
  const reasonOf = (el, rec, style) => {
    const tag = el.tagName;
    switch (tag) {
      case 'A': case 'AREA': case 'a': if (rec.role === 'link') return 'native'; break;
      case 'BUTTON': case 'SELECT': case 'TEXTAREA': return 'native';
      case 'INPUT': return el.type === 'hidden' ? '' : 'native';
      case 'SUMMARY': return 'native';
      case 'VIDEO': case 'AUDIO': if (el.controls) return 'native'; break;
      case 'HTML': case 'BODY': case 'OPTION': return '';
    }
    if (el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable)) return 'editable';
    if (WIDGETS.has(rec.role) && rec.role !== 'listbox') return 'role';
    if (el.hasAttribute('tabindex') && el.tabIndex >= 0 && !STRUCTURE.has(rec.role)) return 'tabindex';
    return pointerReason(el, rec, style);
  };
  const labelBox = (el) => {
    for (const label of el.labels || []) {
      const rect = label.getBoundingClientRect();
      if (rect.width > 1 && rect.height > 1 && getComputedStyle(label).visibility === 'visible') return rect;
    }
    const next = el.nextElementSibling || el.parentElement;
    if (!next) return null;
    const rect = next.getBoundingClientRect();
    return rect.width > 1 && rect.height > 1 && rect.width < 600 && rect.height < 300 ? rect : null;
  };
  const record = (el, up, rect, start) => {
    const rec = {
      el, up, rect, start, end: start, order: pass.records.length, role: '', keep: false, own: '', reason: '', level: 0,
      form: up.form, dialog: up.dialog, row: up.row, landmark: up.landmark, group: up.group, scope: up.scope,
      pointer: up.pointer, struck: up.struck, faded: up.faded, section: up.scope.heading, column: up.column, kids: null,
      inWidget: up.inWidget, hiddenInput: false,
    };
    pass.records.push(rec);
    pass.byElement.set(el, rec);
    return rec;
  };
  const hiddenInput = (el, up) => {
    const editor = state.editorOf(el);
    if (!editor && !HIDABLE.has(el.type)) return;
    const rect = editor ? editor.getBoundingClientRect() : labelBox(el);
    if (!rect) return;
    const rec = record(el, up, rect, pass.out.length);
    rec.role = roleOf(el);
    rec.reason = 'native';
    rec.keep = true;
    rec.hiddenInput = true;
  };

  const visit = (el, up) => {
    const tag = el.tagName;
    if (SKIP.has(tag) || el.inert) return;
    if (pass.records.length >= MOST_ELEMENTS) {
      pass.cut = true;
      return;
    }
    const style = getComputedStyle(el);
    if (style.display === 'none') {
      if (HIDING.has(tag)) hiddenInput(el, up);
      else if (tag === 'AREA') mapped(el, up);
      else hides(el, up);
      return;
    }
    const contents = style.display === 'contents';
    const rect = el.getBoundingClientRect();
    const seen = style.visibility === 'visible';
    if (!contents && !seen && !el.firstElementChild && !el.shadowRoot) {
      if (HIDING.has(tag)) hiddenInput(el, up);
      return;
    }
    const clipped = !contents && isClipped(el, tag, style, rect);
    if (clipped) {
      hides(el, up);
      if (HIDING.has(tag)) hiddenInput(el, up);
      else for (const input of el.querySelectorAll('input,textarea')) hiddenInput(input, up);
      return;
    }
    const faded = up.faded || style.opacity === '0';
    if (faded && HIDING.has(tag)) return hiddenInput(el, up);
    const block = !contents && BLOCK.test(style.display);
    if (block) gap('\n');
    else if (style.display !== 'inline' && !contents) gap(' ');
    const rec = record(el, up, rect, pass.out.length);
    rec.faded = faded;
    rec.shown = seen && !faded;
    if (!rec.shown && up.shown) hides(el, up);
    describe(el, rec, style);
    if (!LEAF.has(tag)) children(el, rec, style);
    else if (tag === 'svg' && rec.shown && !rec.inWidget) drawn(el, rec);
    else if (tag === 'IFRAME' || tag === 'FRAME') pass.frames.push(rec);
    rec.end = pass.out.length;
    if (rec.role === 'heading' && rec.end > rec.start) headingDone(rec);
    if (block) gap('\n');
    else if (style.display !== 'inline' && !contents) gap(' ');
    if (rec.end > rec.start && rec.shown) (up.kids ||= []).push(rec);
  };
  // What is not shown but could be used says that something near it may bring it out.
  const USABLE = 'a[href],button,input:not([type=hidden]),[role=menuitem],[role=button],[onclick]';
  const hides = (el, up) => {
    if (!up.el || /^(BODY|HTML|MAIN|FORM)$/.test(up.el.tagName)) return;
    if (el.matches(USABLE) || el.querySelector(USABLE)) up.hides = true;
  };
  // An area of an image map has no box of its own; the picture gives it one.
  const mapped = (el, up) => {
    const map = el.closest('map');
    const image = map && map.name && document.querySelector(`img[usemap="#${CSS.escape(map.name)}"]`);
    if (!image || !el.hasAttribute('href')) return;
    const frame = image.getBoundingClientRect();
    const at = (el.coords || '').split(',').map(Number);
    if (frame.width <= 1 || at.some(Number.isNaN)) return;
    const round = el.shape === 'circle';
    const xs = round ? [at[0] - at[2], at[0] + at[2]] : at.filter((_, index) => index % 2 === 0);
    const ys = round ? [at[1] - at[2], at[1] + at[2]] : at.filter((_, index) => index % 2 === 1);
    const whole = el.shape === 'default' || at.length < 3;
    const [x, y] = whole ? [0, 0] : [Math.min(...xs), Math.min(...ys)];
    const width = whole ? frame.width : Math.max(...xs) - x;
    const height = whole ? frame.height : Math.max(...ys) - y;
    const rec = record(el, up, new DOMRect(frame.left + x, frame.top + y, width, height), pass.out.length);
    rec.role = 'link';
    rec.reason = 'native';
    rec.keep = rec.shown = true;
  };
  // A drawing is one picture, but for the links and listeners in it.
  const drawn = (el, rec) => {
    let seen = 0;
    for (const inner of el.querySelectorAll('a,[onclick],[tabindex],g,path,rect,circle,polygon,text,image,use')) {
      if (++seen > 300) break;
      const active = roleOf(inner) === 'link' || inner.onclick || state.clickable.has(inner) || inner.hasAttribute('tabindex');
      if (active && !pass.byElement.has(inner)) visit(inner, rec);
    }
  };
  const isClipped = (el, tag, style, rect) => {
    const { width, height } = rect;
    if (width > 1 && height > 1 && !el.firstElementChild && style.position === 'static') return false;
    const placed = style.position;
    const small = width <= 1 || height <= 1;
    if (small) {
      const cut = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      if (cut && placed === 'absolute') return true;
      if ((width === 0 || height === 0) && cut && tag !== 'BODY' && tag !== 'HTML') return true;
      if (width === 0 && height === 0 && !el.firstChild && !el.shadowRoot && tag !== 'AREA') return true;
    }
    if (style.contentVisibility === 'hidden') return true;
    if (placed === 'static') return false;
    if (width > 0 && (rect.right + pass.x <= 0 || rect.bottom + pass.y <= 0)) return true;
    return style.clip === 'rect(0px, 0px, 0px, 0px)' || style.clipPath === 'inset(50%)' || style.clipPath === 'inset(100%)';
  };
  const children = (el, rec, style) => {
    const pre = style.whiteSpace.startsWith('pre');
    let nodes = el.childNodes;
    if (el.shadowRoot) nodes = el.shadowRoot.childNodes;
    else if (el.tagName === 'SLOT') nodes = el.assignedNodes().length ? el.assignedNodes() : el.childNodes;
    const closed = el.tagName === 'DETAILS' && !el.open;
    for (const node of nodes) {
      if (node.nodeType === 3) {
        if (!rec.shown || closed) continue;
        if (node.data.trim()) rec.own += ' ' + node.data;
        emit(node.data, pre);
      } else if (node.nodeType === 1) {
        if (node.tagName === 'BR') gap('\n');
        else if (!closed || node.tagName === 'SUMMARY') visit(node, rec);
      }
    }
  };
  const headingDone = (rec) => {
    const text = fold(pass.out.slice(rec.start, rec.end));
    rec.up.scope.heading = text;
  };

  const describe = (el, rec, style) => {
    const tag = el.tagName;
    const up = rec.up;
    const role = (rec.role = roleOf(el));
    if (LANDMARKS.has(role)) rec.landmark = rec;
    if (tag === 'FORM') rec.form = rec;
    if (isDialog(el, role, style, rec)) rec.dialog = rec;
    if (tag === 'TR' || role === 'row' || role === 'listitem') rec.row = rec;
    if (tag === 'FIELDSET' || role === 'radiogroup' || (role === 'group' && tag !== 'DETAILS')) rec.group = rec;
    if (SECTIONS.has(tag) || role === 'dialog' || role === 'region') rec.scope = { heading: up.scope.heading };
    if (role === 'heading') rec.level = Number(el.getAttribute('aria-level')) || Number(tag[1]) || 2;
    rec.struck = style.textDecorationLine.includes('line-through') || (up.struck && style.display !== 'inline-block');
    const reason = rec.faded ? '' : rec.shown ? reasonOf(el, rec, style) : '';
    rec.pointer = style.cursor === 'pointer';
    if (reason && !((reason === 'pointer' || reason === 'listener') && tooBroad(el, rec))) {
      rec.reason = reason;
      rec.inWidget = rec;
    }
    rec.keep = Boolean(rec.reason) || (rec.shown && (STRUCTURE.has(role) || tag === 'IFRAME' || tag === 'FRAME' ||
      tag === 'CANVAS' || tag === 'LEGEND' || tag === 'LABEL' || tag === 'FIELDSET'));
    if (role === 'img' && rec.shown && !rec.keep) rec.keep = Boolean(nameOf(el, 'img'));
    const heard = state.heard.get(el);
    if (rec.shown && heard && heard.has('drop')) rec.keep = true;
    rec.scrolls = /^(auto|scroll)$/.test(style.overflowY) && el.scrollHeight > el.clientHeight + 20 && el.clientHeight > 20;
    if (tag === 'TD' || tag === 'TH' || role === 'cell' || role === 'gridcell') rec.column = '';
  };
  const tooBroad = (el, rec) => {
    if (rec.reason === 'native') return false;
    const big = rec.rect.width * rec.rect.height > innerWidth * innerHeight * 0.5;
    if (big && el.tagName !== 'CANVAS' && el.firstElementChild) return true;
    return el.querySelectorAll('a[href],button,input,select,textarea').length > 4;
  };
  const isDialog = (el, role, style, rec) => {
    if (role === 'dialog' || role === 'alertdialog' || el.getAttribute('aria-modal') === 'true') return true;
    if (style.position !== 'fixed' || !(Number(style.zIndex) >= 100)) return false;
    return rec.rect.width > innerWidth * 0.2 && rec.rect.height > 80 && Boolean(el.querySelector('button,a,input,[role=button]'));
  };

  const LISTENERS = 'a[href],button,input,select,textarea,[role=button],[role=link]';
  // A listener on a wrapper whose children are controls is delegation, not a control.
  const settleReasons = () => {
    for (const rec of pass.records) {
      if (rec.reason !== 'listener' && rec.reason !== 'pointer') continue;
      const inner = rec.el.querySelectorAll(LISTENERS);
      if (inner.length && (rec.reason === 'listener' || inner.length > 0) && !fold(rec.own)) {
        rec.reason = rec.reason === 'pointer' && inner.length === 0 ? rec.reason : '';
        if (!rec.reason) rec.keep = rec.role !== '' && STRUCTURE.has(rec.role);
      }
    }
    for (const rec of pass.records) if (!rec.keep && rec.shown && fold(rec.own)) rec.keep = true;
  };

  state.observe = (options) => {
    if (!state.prefix) state.prefix = options.prefix;
    const root = document.documentElement;
    const type = document.contentType;
    if (!(root instanceof HTMLElement) || (type !== 'text/html' && type !== 'application/xhtml+xml')) {
      return state.plainDocument(type);
    }
    pass = { out: '', pending: '', records: [], byElement: new Map(), frames: [], react: reactKey(), x: scrollX, y: scrollY, cut: false };
    const top = {
      el: null, up: null, form: null, dialog: null, row: null, landmark: null, group: null, scope: { heading: '' },
      pointer: false, struck: false, faded: false, column: '', kids: null, inWidget: null, keep: false,
    };
    visit(root, top);
    settleReasons();
    const view = state.finish(pass, options);
    view.quiet = { count: state.count };
    pass = null;
    return view;
  };
  state.plainDocument = (type) => ({
    type, title: document.title, prefix: state.prefix, nodes: [], tables: [], collections: [], notices: [], blind: [], signs: [], shortcuts: [], omitted: 0,
    text: (document.body && document.body.innerText) || (document.documentElement && document.documentElement.textContent) || '',
    width: innerWidth, height: innerHeight, frames: [],
  });
})();
