// The document as a user sees it: visibility, text, ancestors across shadow roots, and numbers for elements.

const TEXT_LIMIT = 200;
const VISIBLE = { checkVisibilityCSS: true, checkOpacity: true };
const RENDERED = { checkVisibilityCSS: true };
const SILENT = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'IFRAME', 'SELECT', 'TEXTAREA', 'OBJECT', 'CANVAS',
  'VIDEO', 'AUDIO', 'HEAD', 'DATALIST', 'LINK', 'META', 'svg', 'math']);
const BLOCKS = new Set(['ADDRESS', 'ARTICLE', 'ASIDE', 'BLOCKQUOTE', 'BODY', 'CAPTION', 'CENTER', 'DD', 'DETAILS',
  'DIALOG', 'DIV', 'DL', 'DT', 'FIELDSET', 'FIGCAPTION', 'FIGURE', 'FOOTER', 'FORM', 'H1', 'H2', 'H3', 'H4', 'H5',
  'H6', 'HEADER', 'HGROUP', 'HR', 'LEGEND', 'LI', 'MAIN', 'MENU', 'NAV', 'OL', 'P', 'PRE', 'SEARCH', 'SECTION',
  'SUMMARY', 'TABLE', 'TBODY', 'TD', 'TFOOT', 'TH', 'THEAD', 'TR', 'UL']);

const RUNNING = new Set(['A', 'ABBR', 'B', 'CODE', 'EM', 'I', 'KBD', 'MARK', 'SMALL', 'SPAN', 'STRONG', 'SUB', 'SUP', 'U']);
const TEXT = Node.TEXT_NODE;
const ELEMENT = Node.ELEMENT_NODE;
const FOLLOWING = Node.DOCUMENT_POSITION_FOLLOWING;

const numbers = new WeakMap();
let base = 0; // of this frame's indices
const byNumber = new Map();
let lastNumber = 0;
// Where an element is, and since when it was seen there: {rect, at}.
const seen = new WeakMap();

// Answers are well-formed JSON text: the inspector copies a string much faster than a tree of objects.
api.answer = async (value) => JSON.stringify(await value);

function numberOf(element) {
  let number = numbers.get(element);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(element, number);
    byNumber.set(number, new WeakRef(element));
  }
  return number;
}

// Index of an element in the tab: the numbers of a frame begin at its `base`.
const indexOf = (element) => base + numberOf(element);

api.element = (number) => {
  const element = byNumber.get(number)?.deref();
  return element?.isConnected ? element : null;
};

const UNTIDY = /\s\s|[^\S ]/;
const tidy = (text) => (UNTIDY.test(text) ? text.replace(/\s+/g, ' ') : text).trim();
const clip = (text, limit) => (text.length > limit ? text.slice(0, limit) : text).toWellFormed();
const round = (value) => Math.round(value * 10) / 10;

// Parent in the flat tree: out of a slot, over a shadow root's border.
function parentOf(node) {
  return node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
}

function closest(element, selector) {
  for (let at = element; at; at = at.getRootNode().host) {
    const found = at.closest(selector);
    if (found) return found;
  }
  return null;
}

// By itself, or with a part of the page. A modal dialog in such a part is not.
const isDisabled = (element) => element.matches(':disabled') || isInert(element);

function isInert(element) {
  const part = closest(element, '[inert]');
  const dialog = part && closest(element, 'dialog:modal');
  return part !== null && !(dialog && dialog !== part && containsDeep(part, dialog));
}

function containsDeep(outer, inner) {
  for (let node = inner; node; node = node.getRootNode().host) {
    if (outer.contains(node)) return true;
  }
  return false;
}

// Children in the flat tree: those of a shadow root, or what a slot shows.
function childrenOf(node) {
  if (node.shadowRoot) return node.shadowRoot.childNodes;
  if (node.localName === 'slot') {
    const assigned = node.assignedNodes();
    if (assigned.length) return assigned;
  }
  return node.childNodes;
}

// Text of a subtree as a reader gets it, pictures by their alternative text; at most `limit` characters.
function textOf(node, limit = TEXT_LIMIT) {
  const inner = innermost(node);
  if (inner !== node && !isRendered(inner)) return '';
  if (inner.localName === 'img') return tidy(inner.alt ?? '');
  if (inner.childElementCount === 0 && !inner.shadowRoot && inner.localName !== 'slot') {
    return clip(tidy(beginning(inner.textContent, limit) || (inner !== node && inner.getAttribute('aria-label')) || ''), limit);
  }
  const reader = new Reader(limit);
  reader.read(inner);
  return clip(tidy(reader.text), limit);
}

// Enough of a text for so many characters when white space has gone: a page may have any length of it.
const beginning = (text, limit) => text.trimStart().slice(0, limit * 2);

// What an element says that is not rendered.
function hiddenText(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let said = '';
  while (said.length < TEXT_LIMIT && texts.nextNode()) said += beginning(texts.currentNode.data, TEXT_LIMIT);
  return said;
}

// Where a chain of elements that hold nothing but the next one ends.
function innermost(node) {
  for (;;) {
    const only = node.firstElementChild;
    if (!only || only !== node.firstChild || only !== node.lastChild || node.shadowRoot || SILENT.has(only.tagName)
      || only.localName === 'slot') return node;
    node = only;
  }
}

class Reader {
  constructor(limit) {
    this.text = '';
    this.limit = limit * 2; // white space goes later
  }

  read(node) {
    if (node.shadowRoot || node.localName === 'slot') {
      for (const child of childrenOf(node)) this.node(child);
    } else {
      for (let child = node.firstChild; child && this.text.length < this.limit; child = child.nextSibling) {
        this.node(child);
      }
    }
  }

  node(child) {
    if (child.nodeType === TEXT) this.text += child.data;
    else if (child.nodeType === ELEMENT) this.element(child);
  }

  element(child) {
    const tag = child.tagName;
    if (tag === 'IMG') this.text += ` ${child.alt} `;
    else if (tag === 'svg') this.text += ` ${child.querySelector('title')?.textContent ?? ''} `;
    else if (tag === 'BR') this.text += ' ';
    else if (!SILENT.has(tag) && isRendered(child)) this.inside(child, BLOCKS.has(tag) || standsApart(child));
  }

  inside(child, apart) {
    if (apart) this.text += ' ';
    if (child.firstElementChild || child.shadowRoot || child.localName === 'slot') this.read(child);
    else this.text += child.textContent || child.getAttribute('aria-label') || '';
    if (apart) this.text += ' ';
  }
}

// Plain running text is shown as what surrounds it is.
const isPlain = (element) => RUNNING.has(element.tagName) && !element.hasAttributes();
const isRendered = (element) => isPlain(element) || element.checkVisibility(RENDERED)
  || getComputedStyle(element).display === 'contents'; // has no box, but what is in it has

// Drawn as a block or box of its own although its tag is one of running text. Where white space follows or precedes
// in the source anyway, this is not asked.
function standsApart(element) {
  if (isPlain(element)) return false;
  const previous = element.previousSibling;
  if (previous?.nodeType === TEXT && previous.data.charCodeAt(previous.length - 1) <= 32) return false;
  return getComputedStyle(element).display !== 'inline';
}

// Where a link leads, absolute; empty for none. Those in drawings have an object there.
function addressOf({ href }) {
  return typeof href === 'string' ? href : href.baseVal && (URL.parse(href.baseVal, document.baseURI)?.href ?? '');
}

// Where the element is drawn: its own box, else that of what it holds (a link around floats has no height). A label
// without words has no height either: what is drawn for it hangs on the box that encloses it and its field.
function boxOf(element) {
  const rect = element.getBoundingClientRect();
  if (rect.width < 1 || rect.height < 1) {
    for (const child of element.children) {
      const inner = child.getBoundingClientRect();
      if (inner.width >= 1 && inner.height >= 1) return inner;
    }
    if (element.localName === 'label' && rect.width > 1) {
      const around = element.parentElement.getBoundingClientRect();
      return new DOMRect(rect.x, around.y, rect.width, around.height);
    }
  }
  return rect;
}

// The labels of a field. All labels of a root are asked for their fields at once: each field would search for its own.
let labelsByRoot = new Map();

function labelsFor(field) {
  const root = field.getRootNode();
  let byField = labelsByRoot.get(root);
  if (!byField) {
    labelsByRoot.set(root, byField = new Map());
    for (const label of root.getElementsByTagName?.('label') ?? root.querySelectorAll('label')) {
      const { control } = label;
      if (control) byField.set(control, [...byField.get(control) ?? [], label]);
    }
  }
  return byField.get(field) ?? [];
}

const TICKABLE = new Set(['checkbox', 'radio', 'file']);

// A checkbox, radio button or file field that is hidden behind its styled label is used through the label.
function standInFor(element) {
  if (element.localName !== 'input' || !TICKABLE.has(element.type)) return null;
  for (const label of labelsFor(element)) {
    if (label.checkVisibility(RENDERED)) {
      const rect = boxOf(label);
      if (rect.width > 1 && rect.height > 1) return label;
    }
  }
  return null;
}

// What the user points at for an element: itself, or what stands in for it; null when there is nothing to see.
function surfaceOf(element) {
  if (element.checkVisibility(VISIBLE)) {
    const rect = boxOf(element);
    if (rect.width > 1 && rect.height > 1 && rect.right + view.x > 0 && rect.bottom + view.y > 0) {
      return { element, rect };
    }
  } else if (element.localName === 'input' && element.type !== 'hidden' && element.checkVisibility(RENDERED)) {
    // Transparent fields lie over their own drawing.
    const rect = element.getBoundingClientRect();
    if (rect.width > 1 && rect.height > 1) return { element, rect };
  }
  const label = standInFor(element);
  return label && { element: label, rect: boxOf(label) };
}

// Size and scroll position of the viewport: each read of the window's own properties may compute layout.
const view = { x: 0, y: 0, width: 0, height: 0 };

function look() {
  labelsByRoot = new Map();
  Object.assign(view, { x: scrollX, y: scrollY, width: innerWidth, height: innerHeight });
}

const inViewport = (rect) => rect.bottom > 0 && rect.right > 0 && rect.top < view.height && rect.left < view.width;
