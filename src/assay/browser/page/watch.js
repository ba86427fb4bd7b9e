// Runs before any script of the page, in every document: remembers what cannot be asked for later
// (click listeners, mutations, failed validation) under a symbol that no enumeration shows.
(() => {
  const KEY = Symbol.for('assay');
  if (window[KEY]) return;
  const setTimer = window.setTimeout.bind(window);
  const now = performance.now.bind(performance);
  const clickable = new WeakMap();
  const invalid = new Set();
  const state = {
    clickable, invalid, ids: new WeakMap(), elements: new Map(), next: 1, prefix: '',
    active: false, count: 0, last: now(), timers: new Set(), started: 0,
    heard: new WeakMap(), heardTop: new Set(), closed: new WeakSet(),
  };
  Object.defineProperty(window, KEY, { value: state });

  const CLICKS = new Set(['click', 'dblclick', 'mousedown', 'mouseup', 'pointerdown', 'pointerup',
    'touchstart', 'touchend', 'contextmenu', 'mouseenter', 'mouseover', 'dragstart', 'drop']);
  // What an element listens to besides clicks, in the words of Node.signs.
  const SIGNS = new Map(Object.entries({ click: 'click', dblclick: 'double', contextmenu: 'context',
    mouseenter: 'hover', mouseover: 'hover', pointerenter: 'hover', pointerover: 'hover', keydown: 'key',
    keyup: 'key', keypress: 'key', dragstart: 'drag', drop: 'drop', mousedown: 'press', pointerdown: 'press',
    scroll: 'scroll' }));
  let own = true;  // listeners of this script itself are no sign of anything
  const note = (self, sign) => {
    if (!sign || own) return;
    if (!(self instanceof Element) || self === document.body || self === document.documentElement) {
      if (!self || self === window || self instanceof Node) state.heardTop.add(sign);
      return;
    }
    const known = state.heard.get(self);
    if (known) known.add(sign); else state.heard.set(self, new Set([sign]));
  };
  const wrap = (owner, name, apply) => {
    // A proxy of the native function still prints as native code and keeps name and length.
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (!descriptor || !descriptor.value) return;
    Object.defineProperty(owner, name, { ...descriptor, value: new Proxy(descriptor.value, { apply }) });
  };
  wrap(EventTarget.prototype, 'addEventListener', (target, self, args) => {
    if (CLICKS.has(args[0]) && args[1] && self instanceof Element) {
      const known = clickable.get(self);
      if (known) known.add(args[0]); else clickable.set(self, new Set([args[0]]));
    }
    if (args[1]) note(self, SIGNS.get(args[0]));
    return Reflect.apply(target, self, args);
  });

  // Timers that the action starts (debounced searches, delayed toasts) are part of what it causes.
  wrap(window, 'setTimeout', (target, self, args) => {
    const delay = Number(args[1]) || 0;
    if (!state.active || delay > 1200 || typeof args[0] !== 'function' || state.timers.size > 40) {
      return Reflect.apply(target, self, args);
    }
    const run = args[0];
    let id = 0;
    const wrapped = function () {
      state.timers.delete(id);
      return run.apply(this, arguments);
    };
    id = Reflect.apply(target, self, [wrapped, ...args.slice(1)]);
    state.timers.add(id);
    return id;
  });
  wrap(window, 'clearTimeout', (target, self, args) => {
    state.timers.delete(args[0]);
    return Reflect.apply(target, self, args);
  });

  // A place that changes again and again while nothing is done (clocks, carousels) is noise.
  // What comes right after a press or a key is its doing, however often it is done.
  const bursts = new WeakMap();
  let touched = -1e9;
  for (const kind of ['pointerdown', 'click', 'keydown', 'input']) {
    window.addEventListener(kind, (event) => { if (event.isTrusted) touched = now(); },
      { capture: true, passive: true });
  }
  const noisy = (element, time) => {
    const seen = bursts.get(element);
    if (time - touched < 60) return !!seen && seen.count >= 2.9;
    if (!seen) {
      bursts.set(element, { count: 1, last: time });
      return false;
    }
    if (time - seen.last > 30 && time - seen.last < 6000) seen.count += state.active ? 0.34 : 1;
    seen.last = time;
    return seen.count >= 2.9;
  };
  const observer = new MutationObserver((records) => {
    const time = now();
    const fresh = new Set();
    for (const record of records) {
      const element = record.target.nodeType === 1 ? record.target : record.target.parentNode;
      if (element) fresh.add(element);
    }
    for (const element of fresh) {
      if (noisy(element, time)) continue;
      state.count += 1;
      state.last = time;
    }
  });
  const options = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, options);
  state.watchRoot = (root) => observer.observe(root, options);
  wrap(Element.prototype, 'attachShadow', (target, self, args) => {
    const root = Reflect.apply(target, self, args);
    observer.observe(root, options);
    if (root.mode === 'closed') state.closed.add(self);
    return root;
  });
  document.addEventListener('invalid', (event) => {
    invalid.add(event.target);
    state.count += 1;
    state.last = now();
  }, true);

  state.ref = (element) => {
    let id = state.ids.get(element);
    if (!id) {
      id = state.next++;
      state.ids.set(element, id);
      state.elements.set(id, new WeakRef(element));
    }
    return state.prefix + 'e' + id;
  };
  state.element = (id) => {
    const element = state.elements.get(id)?.deref();
    return element && element.isConnected ? element : null;
  };
  state.begin = () => {
    state.active = true;
    state.count = 0;
    state.started = now();
    state.timers.clear();
    return true;
  };
  const animating = () => document.getAnimations().some((animation) => {
    if (animation.playState !== 'running' || !animation.effect) return false;
    const timing = animation.effect.getComputedTiming();
    return Number.isFinite(timing.endTime) && timing.endTime <= 1500;
  });
  // Resolves when nothing moved for `quiet` ms, at the latest after `cap` ms.
  state.quiet = (quiet, cap) => new Promise((resolve) => {
    const start = now();
    let last = 'nothing';
    const done = (why) => {
      state.active = false;
      resolve({ count: state.count, last: why });
    };
    const tick = () => {
      const time = now();
      if (time - start > cap) return done('cap');
      if (time - Math.max(state.last, state.started) < quiet) {
        if (state.count) last = 'mutations';
      } else if (animating()) last = 'animation';
      else if (!state.timers.size || time - state.started > 1500) return done(last);
      return setTimer(tick, 15);
    };
    tick();
  });
  own = false;
})();
