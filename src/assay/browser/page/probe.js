// What kind of field an element is and whether a person can see it.
(e) => {
  const tag = e.tagName, role = e.getAttribute('role') || '';
  const kinds = /autocomplete|typeahead|ui-autocomplete|select2|combobox/i;
  const box = e.getBoundingClientRect();
  const state = window[Symbol.for('assay')];
  return { tag, code: !!(state && state.editorOf && state.editorOf(e)), role, type: tag === 'INPUT' ? e.type : '', editable: e.isContentEditable,
    suggests: role === 'combobox' || e.hasAttribute('aria-autocomplete') || e.hasAttribute('aria-haspopup')
      || kinds.test(e.className || ''),
    checked: 'checked' in e && tag === 'INPUT' ? e.checked : e.getAttribute('aria-checked') === 'true'
      || e.getAttribute('aria-selected') === 'true' && role !== 'checkbox' && role !== 'switch',
    shown: box.width > 1 && box.height > 1 && getComputedStyle(e).visibility === 'visible'
      && getComputedStyle(e).opacity !== '0', multiple: !!e.multiple };
}
