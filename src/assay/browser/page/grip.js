// The point, from the element's top left corner, at which its size can be taken hold of: where the
// pointer turns into arrows, or the corner that the browser draws itself; null without one.
(el, [across, down]) => {
  const box = el.getBoundingClientRect();
  const corner = [box.width - 4, box.height - 4];
  const own = getComputedStyle(el).resize;
  const fits = (cursor) => {
    const way = cursor.replace('-resize', '');
    if (!cursor.endsWith('-resize')) return false;
    if (/^(se|nwse)$/.test(way)) return true;
    return across && !down ? /^(e|ew|col)$/.test(way) : down && !across && /^(s|ns|row)$/.test(way);
  };
  if (own !== 'none' && own !== '') {
    if (own === 'both' || (own === 'horizontal' && !down) || (own === 'vertical' && !across)) return corner;
  }
  const near = [];
  for (let reach = -6; reach <= 24; reach += 2) {
    near.push([box.width + reach, box.height + reach], [box.width + reach, box.height / 2],
      [box.width / 2, box.height + reach]);
    for (let other = -6; other <= 24; other += 3) near.push([box.width + reach, box.height + other]);
  }
  for (const [x, y] of near) {
    const at = document.elementFromPoint(box.left + x, box.top + y);
    if (at && fits(getComputedStyle(at).cursor)) return [x, y];
  }
  return null;
}
