// Which elements can be used, in reading order: by tag, by role, by a pointer cursor, by a listener in an attribute.

const CONTROL_TAGS = ['button', 'input', 'select', 'textarea', 'summary', 'iframe', 'frame'];
const CONTROL_ROLES = ['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'menuitemcheckbox',
  'menuitemradio', 'option', 'combobox', 'textbox', 'searchbox', 'slider', 'spinbutton', 'treeitem'];
const SURE_TAGS = new Set(CONTROL_TAGS);
const SURE_ROLES = new Set(CONTROL_ROLES);
const SURE = [...CONTROL_TAGS, 'a[href]', 'area[href]', 'audio[controls]', 'video[controls]', '[contenteditable]',
  ...CONTROL_ROLES.map((role) => `[role=${role}]`)].join(',');
// One selector with few parts finds all candidates: what its parts can't say is decided for those few.
const MAYBE = [...CONTROL_TAGS, 'a', 'area', 'audio', 'video', '[role]', '[contenteditable]', '[onclick]',
  '[onmousedown]', '[onpointerdown]', '[tabindex]'].join(',');
const PSEUDO = /::?(hover|focus|focus-visible|focus-within|active|visited|link)\b/g;

const pointerRules = { key: null, selector: '' };
const known = { at: -1, found: [] };

// Those of the document; found again when something came or went or looks different since the last look.
function documentCandidates() {
  if (known.at !== shapedAt) Object.assign(known, { at: shapedAt, found: candidates() });
  return known.found;
}

function candidates(root = document, found = []) {
  const pointers = pointerSelector(root);
  const hosts = shadowHosts(root);
  const selector = [MAYBE, pointers, hostTags(hosts)].filter(Boolean).join(',');
  const all = [...root.querySelectorAll(selector)];
  const sure = all.map(isSure);
  const next = followers(all, sure);
  let outer = null; // the outermost of those found around the current one
  all.forEach((element, at) => {
    const within = outer !== null && outer.contains(element);
    if (sure[at] || (!within && isLikely(element, pointers, hosts) && !element.contains(next[at]))) {
      found.push(...parts(element));
      if (!within) outer = element;
    }
    if (hosts.size && hosts.has(element)) candidates(element.shadowRoot, found);
  });
  return root === document && listening.length ? withListening(found) : found;
}

// For each element the next sure one. If something better lies inside, that does, in the order of the document.
function followers(all, sure) {
  const next = Array(all.length);
  for (let at = all.length - 1, following = null; at >= 0; at--) {
    next[at] = following;
    if (sure[at]) following = all[at];
  }
  return next;
}

// A list that listens does so for its items.
function parts(element) {
  const isList = element.localName === 'ul' || element.localName === 'ol';
  const items = isList ? [...element.children].filter((child) => child.localName === 'li') : [];
  return items.length ? items : [element];
}

const LARGE = 30;
const listening = [];

// Told from outside: a script listens for presses on these nodes. Whether one of them can be used only because of it.
api.listens = (nodes) => {
  const elements = nodes.filter((node) => node.nodeType === ELEMENT);
  known.at = -1;
  listening.push(...elements.map((element) => new WeakRef(element)));
  return elements.some(isOnlyListening);
};

// Those that hold something better, or much, only delegate.
const isOnlyListening = (element) => element.isConnected && element !== document.body
  && element !== document.documentElement && element.localName !== 'label'
  && element.getElementsByTagName('*').length <= LARGE && !element.closest(SURE) && !element.querySelector(SURE);

// Adds the elements that listen, at their place.
function withListening(found) {
  const known = new Set(found);
  const more = listening.map((each) => each.deref())
    .filter((element) => element && !known.has(element) && isOnlyListening(element));
  const outermost = more.filter((element) => !more.some((other) => other !== element && other.contains(element)));
  if (!outermost.length) return found;
  return [...found, ...outermost.flatMap(parts)].sort((a, b) => (a.compareDocumentPosition(b) & FOLLOWING ? -1 : 1));
}

function isSure(element) {
  const tag = element.localName;
  if (tag === 'a' || tag === 'area') return element.hasAttribute('href') || SURE_ROLES.has(element.getAttribute('role'));
  if (tag === 'input') return element.type !== 'hidden';
  if (SURE_TAGS.has(tag)) return true;
  if (tag === 'audio' || tag === 'video') return element.controls;
  const role = element.getAttribute('role');
  // What a list of the page's own making has chosen is told as its value.
  if (role === 'textbox' && element.getAttribute('aria-readonly') === 'true' && element.closest('[role=combobox]')) {
    return false;
  }
  return SURE_ROLES.has(role)
    || (element.hasAttribute('contenteditable') && element.isContentEditable);
}

// A guess: it listens, takes the focus or shows a pointer.
function isLikely(element, pointers, hosts) {
  if (element.localName === 'label' || element === document.body || hosts.has(element)) return false;
  return element.tabIndex >= 0 || element.onclick !== null || element.hasAttribute('onclick')
    || element.hasAttribute('onmousedown') || element.hasAttribute('onpointerdown')
    || (pointers !== '' && element.matches(pointers));
}

function hostTags(hosts) {
  return [...new Set([...hosts].map((host) => CSS.escape(host.localName)))].join(',');
}

const knownHosts = new WeakMap();

// A live collection is counted and gone through in half the time; shadow roots have none.
const allWithin = (root) => root.getElementsByTagName?.('*') ?? root.querySelectorAll('*');

// Elements with an open shadow root. Looked for again when the tree has another size, or elements were to be upgraded.
function shadowHosts(root) {
  const elements = allWithin(root);
  const size = `${elements.length},${document.readyState}`;
  const known = knownHosts.get(root);
  const isKnown = known?.size === size && !known.unfinished && [...known.hosts].every((host) => host.isConnected);
  if (isKnown) return known.hosts;
  const hosts = new Set();
  for (let at = 0; at < elements.length; at++) {
    if (elements[at].shadowRoot) hosts.add(elements[at]);
  }
  knownHosts.set(root, { size, hosts, unfinished: root.querySelector(':not(:defined)') !== null });
  return hosts;
}

// Selectors of the rules that show a pointer: cheaper than the computed style of every element.
function pointerSelector(root) {
  const key = root === document ? styleKey : undefined;
  if (key === pointerRules.key) return pointerRules.selector;
  const selectors = new Set(['[style*="cursor:pointer"]', '[style*="cursor: pointer"]']);
  for (const sheet of sheetsOf(root)) collectPointers(rulesOf(sheet), selectors, root);
  const selector = [...selectors].join(',');
  if (key !== undefined) Object.assign(pointerRules, { key, selector });
  return selector;
}

const UNREADABLE = []; // of another origin
const sheetsOf = (root) => [...root.styleSheets, ...(root.adoptedStyleSheets ?? [])];
const ruleCount = (sheet) => (sheet.disabled ? 0 : rulesOf(sheet).length);

// Another one when a style sheet of the document came, went or got other rules.
const sheetKey = () => sheetsOf(document).map(ruleCount).join();

function rulesOf(sheet) {
  try {
    return sheet.cssRules;
  } catch {
    return UNREADABLE;
  }
}

function collectPointers(rules, selectors, root) {
  for (const rule of rules) {
    if (rule.style?.cursor === 'pointer' && rule.selectorText) addSelector(rule, selectors, root);
    if (rule.cssRules?.length) collectPointers(rule.cssRules, selectors, root);
    if (rule.styleSheet) collectPointers(rulesOf(rule.styleSheet), selectors, root);
  }
}

function addSelector(rule, selectors, root) {
  const selector = rule.selectorText.replace(PSEUDO, '');
  if (rule.parentRule?.selectorText || selectors.size > 400) return; // nested rules are relative
  try {
    root.querySelector(selector);
    selectors.add(selector);
  } catch {
    // a selector that only made sense with its pseudo-class
  }
}
