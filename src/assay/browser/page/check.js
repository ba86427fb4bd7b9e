// What would keep a person from using an element; "" when nothing would. Scrolls it into view.
(field) => {
  if (!field.isConnected) return 'gone';
  const known = window[Symbol.for('assay')];
  const e = (known && known.editorOf && known.editorOf(field)) || field;
  const tag = e.tagName, style = getComputedStyle(e);
  const hidable = tag === 'INPUT' && ['checkbox', 'radio', 'file'].includes(e.type);
  if (e.matches(':disabled') || e.getAttribute('aria-disabled') === 'true') return 'disabled';
  if (hidable || tag === 'OPTION') return '';
  let box = e.getBoundingClientRect();
  if (style.visibility !== 'visible' || style.display === 'none' || !e.getClientRects().length) return 'hidden';
  const inView = () => box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
  if (!inView()) {
    e.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    box = e.getBoundingClientRect();
  }
  const state = window[Symbol.for('assay')];
  if (!state || !state.hits) return '';
  const tries = ['', 'center', 'end', 'start'];
  for (const block of tries) {
    if (block) { e.scrollIntoView({ block, inline: 'nearest', behavior: 'instant' }); }
    const rects = [...e.getClientRects()].slice(0, 3);
    for (const r of rects) {
      if (state.hits(e, r.left + r.width / 2, r.top + r.height / 2)) return '';
    }
  }
  if (style.pointerEvents === 'none') return '';
  const r = e.getBoundingClientRect();
  const hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
  if (!hit) return 'hidden';
  if (hit.contains(e) && !hit.shadowRoot) return '';
  // A tip of another field goes when a person turns to this one.
  if (hit.closest('[role=tooltip],.tooltip')) return 'under a tip';
  const words = (hit.getAttribute('aria-label') || hit.textContent || '').replace(/\s+/g, ' ').trim().slice(0, 60);
  return 'covered by ' + hit.tagName.toLowerCase() + (words ? ' “' + words + '”' : '');
}
