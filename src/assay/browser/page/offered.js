// The visible choice of an open list whose text is wanted.
(wanted) => {
  const fold = (t) => t.replace(/\s+/g, ' ').trim();
  const query = '[role=option],[role=menuitem],[role=menuitemradio],[role=treeitem],' +
    '.ui-menu-item,li,[class*=option],[class*=item]';
  const shown = [...document.querySelectorAll(query)].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(e).visibility === 'visible';
  });
  const low = wanted.toLowerCase();
  const tests = [(t) => t === wanted, (t) => t.toLowerCase() === low,
    (t) => t.toLowerCase().startsWith(low), (t) => t.toLowerCase().includes(low)];
  for (const strict of [true, false]) {
    for (const test of tests) {
      const found = shown.filter((e) => (!strict || /option|item/.test(e.getAttribute('role') || ''))
        && test(fold(e.textContent)));
      if (found.length) return found[found.length - 1];
    }
  }
  return null;
}
