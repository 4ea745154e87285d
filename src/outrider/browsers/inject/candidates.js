// Which elements can be used, in reading order: by tag, by role, by a pointer cursor, by a listener in an attribute.

const INTERACTIVE = ['a[href]', 'area[href]', 'button', 'input:not([type=hidden])', 'select', 'textarea', 'summary',
  'audio[controls]', 'video[controls]', 'iframe', 'frame',
  ...['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'menuitemcheckbox', 'menuitemradio',
    'option', 'combobox', 'textbox', 'searchbox', 'slider', 'spinbutton', 'treeitem'].map((role) => `[role=${role}]`),
  '[contenteditable]:not([contenteditable=false])'].join(',');
// These are only guesses: they count unless they merely surround or lie within something better.
const GUESSES = '[onclick],[onmousedown],[onpointerdown],[tabindex]:not([tabindex^="-"])';
const PSEUDO = /::?(hover|focus|focus-visible|focus-within|active|visited|link)\b/g;
const UNLIKELY_HOSTS = ['a', 'abbr', 'b', 'br', 'button', 'code', 'dd', 'dl', 'dt', 'em', 'form', 'i', 'img', 'input',
  'label', 'li', 'link', 'meta', 'ol', 'option', 'path', 'pre', 'script', 'select', 'small', 'strong', 'style',
  'svg', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'].map((tag) => `:not(${tag})`).join('');

const pointerRules = { key: null, selector: '' };

function candidates(root = document, found = []) {
  const guesses = pointerSelector(root);
  const all = guesses ? `${INTERACTIVE},${GUESSES},${guesses}` : `${INTERACTIVE},${GUESSES}`;
  const hosts = shadowHosts(root);
  const elements = hosts.size ? root.querySelectorAll(`${all},${hostTags(hosts)}`) : root.querySelectorAll(all);
  let outer = null;
  for (const element of elements) {
    const sure = element.matches(INTERACTIVE);
    if (sure || (!(outer && outer.contains(element)) && likely(element, guesses, hosts))) {
      found.push(element);
      outer = outer && outer.contains(element) ? outer : element;
    }
    if (hosts.has(element)) candidates(element.shadowRoot, found);
  }
  return found;
}

function likely(element, guesses, hosts) {
  if (!element.matches(guesses ? `${GUESSES},${guesses}` : GUESSES) || hosts.has(element)) return false;
  if (element.localName === 'label' || element === document.body) return false;
  return !element.parentElement?.closest(INTERACTIVE) && !element.querySelector(INTERACTIVE);
}

function hostTags(hosts) {
  return [...new Set([...hosts].map((host) => CSS.escape(host.localName)))].join(',');
}

function shadowHosts(root) {
  const hosts = new Set();
  for (const element of root.querySelectorAll(UNLIKELY_HOSTS)) {
    if (element.shadowRoot) hosts.add(element);
  }
  return hosts;
}

// Selectors of the rules that show a pointer: cheaper than the computed style of every element.
function pointerSelector(root) {
  const sheets = [...root.styleSheets, ...(root.adoptedStyleSheets ?? [])];
  const key = root === document ? sheets.map(ruleCount).join() : undefined;
  if (key === pointerRules.key) return pointerRules.selector;
  const selectors = new Set(['[style*="cursor:pointer"]', '[style*="cursor: pointer"]']);
  for (const sheet of sheets) collectPointers(rulesOf(sheet), selectors, root);
  const selector = [...selectors].join(',');
  if (key !== undefined) Object.assign(pointerRules, { key, selector });
  return selector;
}

const ruleCount = (sheet) => rulesOf(sheet).length;

function rulesOf(sheet) {
  try {
    return sheet.cssRules;
  } catch {
    return []; // of another origin
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
