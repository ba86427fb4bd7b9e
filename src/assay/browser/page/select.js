// Select the first occurrence of a text inside an element; false when it has none.
(el, part) => {
  if ('selectionStart' in el && typeof el.value === 'string') {
    const at = el.value.indexOf(part);
    if (at < 0) return false;
    el.focus();
    el.setSelectionRange(at, at + part.length);
    return true;
  }
  const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
  const texts = [];
  let whole = '';
  while (walker.nextNode()) {
    texts.push([walker.currentNode, whole.length]);
    whole += walker.currentNode.data;
  }
  const at = whole.indexOf(part);
  if (at < 0) return false;
  const point = (offset) => {
    const [node, start] = texts.filter((one) => one[1] <= offset).pop();
    return [node, Math.min(offset - start, node.data.length)];
  };
  const range = document.createRange();
  range.setStart(...point(at));
  const last = point(at + part.length - 1);
  range.setEnd(last[0], last[1] + 1);
  if (el.isContentEditable) el.focus();
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return true;
}
