// What a look keeps of the one before: all that lies outside of what was touched since. Touched is what a mutation
// tells of, and what the pointer, the focus or a value changes where a style sheet hides or shows by it. Everything is
// read anew while something moves, and in a document with shadow roots, whose mutations are not told of here.

const TOUCHES_LIMIT = 400;
const STYLING = new Set(['STYLE', 'LINK', 'BASE', 'HTML', 'HEAD']);
const MUTATIONS = { subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true };
const HIDING = ['display', 'visibility', 'contentVisibility'];
// By what a style sheet may hide or show.
const SELECTORS = {
  pointer: /:(?:hover|active)/,
  focus: /:focus/,
  values: /:(?:checked|indeterminate|default|placeholder|autofill|(?:user-)?(?:in)?valid|in-range|out-of)/,
  neighbours: /[+~]|:(?:nth|first|last|only|empty)/,
  content: /:has\(/,
};

let looks = 0;
let isUntouched = false; // since the last look
let shapedAt = 0; // the last look before which something came or went, or was told to look different
let touches = untouched();
let observer = null;
let styleKey = '';
let before = { always: '' };
const hiding = { key: null, kinds: new Set() };

function untouched() {
  return { some: false, all: false, grown: false, reshaped: false, pointer: false, contents: new Set(),
    subtrees: new Set(), parents: new Set() };
}

for (const type of ['mouseover', 'pointerdown', 'pointerup']) {
  addEventListener(type, () => { touches.pointer = true; }, { capture: true, passive: true });
}
// Opening a popover is no mutation.
addEventListener('toggle', ({ target }) => { touches.all ||= Boolean(target.popover); }, { capture: true, passive: true });

// Forgets what was touched since the last look, and says whether elements were added. `reading` stands for what the
// texts are read with.
function recollect(reading, anew) {
  const first = observer === null;
  if (first) observer = new MutationObserver(noteAndLookAhead);
  else noteMutations(observer.takeRecords());
  const { some, grown, reshaped } = touches;
  looks++;
  styleKey = sheetKey();
  const last = before;
  before = circumstances(reading);
  const keeps = !anew && canKeep(last, before);
  if (!keeps) forgetTexts();
  else if (some) forgetTouched();
  isUntouched = keeps && !some;
  touches = untouched();
  if (hiding.key !== styleKey) later(hidingKinds); // between two looks
  if (first) observer.observe(document, MUTATIONS);
  if (!keeps || reshaped) shapedAt = looks;
  return first || grown;
}

// What decides how the page is shown, besides its tree.
function circumstances(reading) {
  const { width, height } = view;
  return {
    always: [reading, width, height, document.baseURI, document.readyState, styleKey].join(),
    moves: document.getAnimations().some(isShaping),
    focus: document.activeElement,
    values: hiding.key === styleKey && !hiding.kinds.has('values') ? null : statesOfFields(),
  };
}

const statesOfFields = () => [...document.querySelectorAll('input,select,textarea')].map(stateOf).join();
const stateOf = (field) => [field.checked, field.indeterminate, field.value === '', field.validity.valid].map(Number).join('');

function canKeep(last, now) {
  if (touches.all || last.moves || now.moves || hasShadows || !lastRead.length || last.always !== now.always) return false;
  const kinds = hidingKinds();
  return !(touches.reshaped && kinds.has('content')) && !(touches.pointer && kinds.has('pointer'))
    && !(last.focus !== now.focus && kinds.has('focus')) && !(last.values !== now.values && kinds.has('values'));
}

function noteAndLookAhead(records) {
  noteMutations(records);
  lookAhead();
}

function noteMutations(records) {
  touches.some ||= records.length > 0;
  for (const record of records) {
    const { type, target } = record;
    if (type === 'attributes' && target.getAttribute(record.attributeName) === record.oldValue) continue;
    if (type === 'attributes') touches.reshaped = true;
    else if (type === 'childList') noteElements(record);
    if (touches.all) continue;
    touches.all = STYLING.has(target.nodeName) || target.parentNode?.nodeName === 'STYLE';
    (type === 'attributes' ? touches.subtrees : touches.contents).add(target);
  }
  if (touches.contents.size + touches.subtrees.size > TOUCHES_LIMIT) touches.all = true;
  if (touches.all) [touches.contents, touches.subtrees, touches.parents].forEach((set) => set.clear());
}

function noteElements({ target, addedNodes, removedNodes }) {
  const added = [...addedNodes].some((node) => node.nodeType === ELEMENT);
  const removed = [...removedNodes].filter((node) => node.nodeType === ELEMENT);
  if (!added && !removed.length) return;
  touches.reshaped = true;
  touches.grown ||= added;
  if (touches.all) return;
  touches.parents.add(target);
  removed.forEach((element) => touches.subtrees.add(element));
  const form = target.closest?.('form'); // what it holds decides what kind of landmark it is
  if (form) touches.subtrees.add(form);
}

function forgetTouched() {
  if (hidingKinds().has('neighbours')) {
    for (const element of [...touches.subtrees]) touches.subtrees.add(element.parentElement ?? element);
    for (const element of touches.parents) touches.subtrees.add(element);
  }
  for (const element of touches.subtrees) forgetBelow(element);
  for (const node of touches.contents) touch(node);
}

// What is in it may be shown in another way.
function forgetBelow(element) {
  if (element.nodeType !== ELEMENT) return;
  touch(element);
  forgetScope(element);
  for (const inner of element.getElementsByTagName('*')) forgetScope(inner);
}

// It, or something in it, says something else.
function touch(node) {
  let element = node.nodeType === ELEMENT ? node : node.parentElement;
  while (element && !scopes.has(element)) element = element.parentElement;
  let scope = element && scopes.get(element);
  for (; scope && scope.touchedAt !== looks; scope = scope.outer) scope.touch();
}

// Of the rules that hide or show: by what they do.
function hidingKinds() {
  if (hiding.key === styleKey) return hiding.kinds;
  const kinds = new Set();
  for (const sheet of document.styleSheets) {
    if (rulesOf(sheet) === UNREADABLE) Object.keys(SELECTORS).forEach((kind) => kinds.add(kind));
    else collectKinds(rulesOf(sheet), kinds);
  }
  Object.assign(hiding, { key: styleKey, kinds });
  return kinds;
}

function collectKinds(rules, kinds) {
  for (const rule of rules) {
    if (rule.style && HIDING.some((property) => rule.style[property])) {
      const selector = rule.selectorText ?? '';
      for (const kind in SELECTORS) if (SELECTORS[kind].test(selector)) kinds.add(kind);
    }
    if (rule.cssRules?.length) collectKinds(rule.cssRules, kinds);
    if (rule.styleSheet) collectKinds(rulesOf(rule.styleSheet), kinds);
  }
}
