// Code editors keep the keyboard in a textarea nobody sees and draw the text beside it. A person
// types into what is drawn; so the hidden textarea stands for the whole editor here.
(() => {
  const state = window[Symbol.for('assay')];
  if (!state || state.editorOf) return;
  const STOP = /^(FORM|BODY|HTML|MAIN|TABLE|FIELDSET|LABEL)$/;
  // The visible box around such a textarea, or null for any other element. Fields that a form sends
  // have a name, and what an editor draws holds no other control.
  state.editorOf = (el) => {
    if (!el || el.tagName !== 'TEXTAREA' || el.name || el.readOnly || el.disabled || el.tabIndex < 0) return null;
    if (el.getAttribute('aria-hidden') === 'true') return null;
    const own = el.getBoundingClientRect();
    const inner = el.parentElement && el.parentElement.getBoundingClientRect();
    const tiny = (box) => box && (box.width <= 4 || box.height <= 4);
    if (!tiny(own) && !tiny(inner) && getComputedStyle(el).opacity !== '0') return null;
    for (let up = el.parentElement, hops = 0; up && hops < 6 && !STOP.test(up.tagName); up = up.parentElement, hops++) {
      const box = up.getBoundingClientRect();
      if (box.width < 120 || box.height < 18) continue;
      if (up.querySelectorAll('input:not([type=hidden]),select,textarea,button,a[href]').length > 1) return null;
      return up;
    }
    return null;
  };
  const lines = '.CodeMirror-line,.ace_line,.view-line';
  state.editorText = (shell) => {
    const known = shell.CodeMirror || (shell.env && shell.env.editor);
    if (known && typeof known.getValue === 'function') return String(known.getValue());
    const drawn = [...shell.querySelectorAll(lines)].map((line) => line.textContent);
    return (drawn.length ? drawn.join('\n') : shell.innerText).replace(/[\u200b\u00a0]/g, ' ').trim();
  };
})();
