// What was worked out about a document stays valid until something may have changed what a user sees: the tree, a
// style sheet, or a state that style depends on. The first sign of it ends the memory, and the watching with it.

const SIGNS = ['input', 'change', 'click', 'keyup', 'pointerover', 'focusin', 'focusout', 'toggle', 'load', 'resize',
  'hashchange', 'transitionend', 'animationstart', 'animationend', 'visibilitychange', 'fullscreenchange', 'slotchange'];

const memory = { observer: null, sheets: '', texts: new Map(), rows: new WeakMap(), regions: new Map(),
  headings: new Map(), holderTexts: new Map() };

const forget = () => {
  memory.observer?.disconnect();
  memory.observer = null;
  for (const sign of SIGNS) removeEventListener(sign, forget, true);
};

// Goes on with what is known (true), or starts anew.
function recall() {
  const sheets = [...document.styleSheets, ...document.adoptedStyleSheets].map(ruleCount).join();
  const valid = memory.observer && memory.observer.takeRecords().length === 0 && sheets === memory.sheets
    && document.getAnimations().length === 0;
  if (valid) return true;
  forget();
  Object.assign(memory, { sheets, texts: new Map(), rows: new WeakMap(), regions: new Map(), headings: new Map(),
    holderTexts: new Map() });
  memory.observer = new MutationObserver(forget);
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  for (const root of allRoots()) memory.observer.observe(root, everything);
  for (const sign of SIGNS) addEventListener(sign, forget, { capture: true, passive: true });
  return false;
}

// The document and all open shadow roots in it.
function allRoots(root = document, found = []) {
  found.push(root);
  for (const host of shadowHosts(root)) allRoots(host.shadowRoot, found);
  return found;
}

function once(map, key, work) {
  let known = map.get(key);
  if (known === undefined) map.set(key, known = work(key));
  return known;
}
