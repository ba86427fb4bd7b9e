// The place of an element among its ancestors, as a CSS selector; below `stop`, if given.
(e, stop) => {
  const unique = (root, css) => { try { return root.querySelectorAll(css).length === 1; } catch { return false; } };
  const odd = /\d{3,}|[0-9a-f]{8,}|^:r/i;
  const parts = [];
  let node = e;
  for (let hops = 0; node && node.nodeType === 1 && hops < 40; hops++) {
    if (node === stop) break;
    const root = node.getRootNode();
    if (!stop && node.id && typeof node.id === 'string' && !odd.test(node.id)) {
      parts.unshift('#' + CSS.escape(node.id));
      if (unique(root, '#' + CSS.escape(node.id))) {
        if (!(root instanceof ShadowRoot)) break;
        node = root.host; parts.unshift(' '); continue;
      }
      parts.shift();
    }
    const tag = node.localName.replace(/([^\w-])/g, '\\$1');
    const peers = node.parentNode ? [...node.parentNode.children].filter((o) => o.localName === node.localName) : [];
    parts.unshift(peers.length > 1 ? tag + ':nth-of-type(' + (peers.indexOf(node) + 1) + ')' : tag);
    if (tag === 'body' || tag === 'html') break;
    if (node.parentNode instanceof ShadowRoot) { node = node.parentNode.host; parts.unshift(' '); }
    else { node = node.parentElement; if (node) parts.unshift(' > '); }
  }
  return parts.join('').replace(/ >  +/g, ' ').replace(/^ > /, '').replace(/  +/g, ' ');
}
