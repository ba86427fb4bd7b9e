// Makes texts that contain a secret unreadable in pictures, without touching the document: ranges
// are painted over through the highlight registry, and fields show dots. Runs in a world of its
// own, where the page can neither read the secrets nor replace what compares them.
((secrets) => {
  if (!('highlights' in CSS)) return;
  const NAME = 'assay-concealed';
  const marks = new Highlight();
  marks.priority = 1 << 20;
  CSS.highlights.set(NAME, marks);
  const sheet = new CSSStyleSheet();
  const paint = 'color: #777; background-color: #777; -webkit-text-fill-color: #777;'
    + ' text-shadow: none; -webkit-text-stroke-color: #777;';
  sheet.replaceSync(`::highlight(${NAME}) { ${paint} }`);
  const marked = new WeakMap();

  const text = (node) => {
    for (const range of marked.get(node) || []) marks.delete(range);
    marked.delete(node);
    const found = [];
    for (const secret of secrets) {
      for (let at = node.data.indexOf(secret); at >= 0; at = node.data.indexOf(secret, at + 1)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + secret.length);
        marks.add(range);
        found.push(range);
      }
    }
    if (found.length) marked.set(node, found);
  };
  const field = (e) => {
    if (e.type === 'password') return;
    const shown = `${e.value || ''}\n${e.placeholder || ''}`;
    if (secrets.some((secret) => shown.includes(secret))) {
      e.style.setProperty('-webkit-text-security', 'disc', 'important');
    }
  };
  const look = (node) => {
    if (node.nodeType === 3) {
      text(node);
      return;
    }
    if (node.nodeType !== 1 && node.nodeType !== 11 && node.nodeType !== 9) return;
    const walker = document.createTreeWalker(node, 5);
    for (let one = node; one; one = walker.nextNode()) {
      if (one.nodeType === 3) text(one);
      else if (one.nodeType === 1) {
        if (one.tagName === 'INPUT' || one.tagName === 'TEXTAREA') field(one);
        if (one.shadowRoot) root(one.shadowRoot);
      }
    }
  };
  const known = new WeakSet();
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'childList') change.addedNodes.forEach(look);
      else look(change.target);
    }
  });
  function root(tree) {
    if (known.has(tree)) return;
    known.add(tree);
    tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, sheet];
    observer.observe(tree, {
      subtree: true, childList: true, characterData: true, attributes: true,
      attributeFilter: ['value', 'placeholder', 'type'],
    });
    look(tree);
  }
  root(document);
  for (const kind of ['input', 'change', 'focusin']) {
    document.addEventListener(kind, (event) => {
      const e = event.composedPath()[0];
      if (e && (e.tagName === 'INPUT' || e.tagName === 'TEXTAREA')) field(e);
    }, true);
  }
})
