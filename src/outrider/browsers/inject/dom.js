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

const numbers = new WeakMap();
const byNumber = new Map();
let lastNumber = 0;
// Where an element was when it was last looked at: {rect, at}.
const seen = new WeakMap();

// Answers are well-formed JSON text: the inspector copies a string much faster than a tree of objects.
api.answer = async (value) => JSON.stringify(await value);

// Numbers are never reused within a document; `floor` continues where the frame's last document ended.
function numberFrom(floor) {
  if (lastNumber < floor) lastNumber = floor;
}

function numberOf(element) {
  let number = numbers.get(element);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(element, number);
    byNumber.set(number, new WeakRef(element));
  }
  return number;
}

api.element = (number) => {
  const element = byNumber.get(number)?.deref();
  return element?.isConnected ? element : null;
};

const tidy = (text) => text.replace(/\s+/g, ' ').trim();
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

function containsDeep(outer, inner) {
  for (let node = inner; node; node = node.getRootNode().host) {
    if (outer.contains(node)) return true;
  }
  return false;
}

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
  const parts = [];
  let room = limit;
  const visit = (at) => {
    for (const child of childrenOf(at)) {
      if (room <= 0) return;
      if (child.nodeType === Node.TEXT_NODE) {
        parts.push(child.data);
        room -= child.data.trim().length;
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        visitElement(child);
      }
    }
  };
  const visitElement = (child) => {
    const spoken = child.localName === 'img' ? child.alt : child.getAttribute('aria-label');
    if (child.localName === 'img' || (spoken && !child.childElementCount && !child.textContent.trim())) {
      parts.push(' ', spoken || '', ' ');
    } else if (child.localName === 'svg') {
      parts.push(' ', child.querySelector('title')?.textContent ?? '', ' ');
    } else if (!SILENT.has(child.tagName) && child.checkVisibility(RENDERED)) {
      const apart = BLOCKS.has(child.tagName) || child.localName === 'br' || !flowsInline(child);
      if (apart) parts.push(' ');
      visit(child);
      if (apart) parts.push(' ');
    }
  };
  if (node.nodeType === Node.ELEMENT_NODE && node.localName === 'img') return tidy(node.alt ?? '');
  visit(node);
  return clip(tidy(parts.join('')), limit);
}

const flowsInline = (element) => getComputedStyle(element).display === 'inline';

// Where the element is drawn: its own box, else that of what it holds (a link around floats has no height).
function boxOf(element) {
  let rect = element.getBoundingClientRect();
  if (rect.width < 1 || rect.height < 1) {
    for (const child of element.children) {
      const inner = child.getBoundingClientRect();
      if (inner.width >= 1 && inner.height >= 1) return inner;
    }
  }
  return rect;
}

const TICKABLE = new Set(['checkbox', 'radio', 'file']);

// A checkbox, radio button or file field that is hidden behind its styled label is used through the label.
function standInFor(element) {
  if (element.localName !== 'input' || !TICKABLE.has(element.type)) return null;
  for (const label of element.labels ?? []) {
    if (label.checkVisibility(RENDERED)) {
      const rect = label.getBoundingClientRect();
      if (rect.width > 1 && rect.height > 1) return label;
    }
  }
  return null;
}

// What the user points at for an element: itself, or what stands in for it; null when there is nothing to see.
function surfaceOf(element) {
  if (element.checkVisibility(VISIBLE)) {
    const rect = boxOf(element);
    if (rect.width > 1 && rect.height > 1 && rect.right + scrollX > 0 && rect.bottom + scrollY > 0) {
      return { element, rect };
    }
  } else if (element.localName === 'input' && element.type !== 'hidden' && element.checkVisibility(RENDERED)) {
    // Transparent fields lie over their own drawing.
    const rect = element.getBoundingClientRect();
    if (rect.width > 1 && rect.height > 1) return { element, rect };
  }
  const label = standInFor(element);
  return label && { element: label, rect: label.getBoundingClientRect() };
}

const inViewport = (rect) => rect.bottom > 0 && rect.right > 0 && rect.top < innerHeight && rect.left < innerWidth;
