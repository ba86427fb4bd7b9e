// Finds elements by our locators inside a page, so that a fault follows its target without asking
// anybody: through re-rendering, and before a reader can see the page without the fault.
(() => {
  const state = window[Symbol.for('assay')];
  if (state.find) return;
  const { fold, roleOf, nameOf, labels, labelled } = state.names;
  const all = (root) => {
    const found = [];
    const walk = (node) => {
      for (const element of node.querySelectorAll('*')) {
        found.push(element);
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(root);
    return found;
  };
  const same = (text, wanted, exact) => exact ? fold(text) === fold(wanted)
    : fold(text).toLowerCase().includes(fold(wanted).toLowerCase());
  const attribute = (root, name, wanted, exact) => all(root).filter((element) =>
    element.hasAttribute(name) && same(element.getAttribute(name), wanted, exact));
  const byText = (root, wanted, exact) => all(root).filter((element) => {
    if (/^(SCRIPT|STYLE|HEAD|TITLE|NOSCRIPT)$/.test(element.tagName) || !same(element.textContent, wanted, exact)) return false;
    return ![...element.children].some((child) => same(child.textContent, wanted, exact));
  });
  const css = (root, selector) => {
    const parts = selector;
    const found = [];
    const roots = [root, ...all(root).map((element) => element.shadowRoot).filter(Boolean)];
    for (const one of roots) {
      try { found.push(...one.querySelectorAll(parts)); } catch { return found; }
    }
    return found;
  };
  const plain = (root, locator) => {
    const { kind, value, exact } = locator;
    switch (kind) {
      case 'test_id': return css(root, '[' + locator.attribute + '=' + JSON.stringify(value) + ']');
      case 'role': return all(root).filter((element) => roleOf(element) === value &&
        (locator.name === null || same(nameOf(element, value), locator.name, exact)));
      case 'placeholder': return attribute(root, 'placeholder', value, exact);
      case 'alt': return attribute(root, 'alt', value, exact);
      case 'title': return attribute(root, 'title', value, exact);
      case 'label': return all(root).filter((element) => {
        const text = labels(element) || labelled(element);
        return text && same(text, value, exact);
      });
      case 'text': return byText(root, value, exact);
      default: return css(root, value);
    }
  };
  state.find = (locator, root = document) => {
    if (locator.frame.length > 0 !== (window !== window.top)) return [];
    const roots = locator.within ? state.find({ ...locator.within, frame: locator.frame }, root) : [root];
    const found = new Set();
    for (const one of roots) for (const element of plain(one, locator)) found.add(element);
    const text = locator.has_text;
    return [...found].filter((element) => !text || same(element.textContent, text, false));
  };
  // The elements of a bundle: by its primary, else by the first alternate that finds any.
  state.findBundle = (bundle) => {
    for (const locator of [bundle.primary, ...bundle.alternates]) {
      const found = state.find(locator);
      if (found.length) return found;
    }
    return [];
  };
})();
