// The visible text in one pass over the text nodes, by block: [region, kind, text]. What a block lies in is worked out
// once per look for each element, as its scope; reading leaves there what is said in it.

const KINDS = { P: 'paragraph', LI: 'item', DD: 'item', DT: 'label', TD: 'cell', TH: 'cell', LABEL: 'label',
  LEGEND: 'label', CAPTION: 'label', H1: 'heading1', H2: 'heading2', H3: 'heading3', H4: 'heading4', H5: 'heading5',
  H6: 'heading6' };
const ROLE_KINDS = { alert: 'alert', status: 'status', log: 'status', listitem: 'item', cell: 'cell', gridcell: 'cell' };
// Kinds that what is inside inherits.
const CARRIED = new Set(['item', 'cell', 'alert', 'status', 'heading1', 'heading2', 'heading3', 'heading4', 'heading5',
  'heading6']);
const HEADINGS = 'h1,h2,h3,h4,h5,h6,[role=heading],legend,caption';
const HEADING_TAGS = new Set(['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'LEGEND', 'CAPTION']);
const LANDMARK_TAGS = new Set(['MAIN', 'NAV', 'ASIDE', 'DIALOG', 'SEARCH', 'HEADER', 'FOOTER', 'FORM']);
const PARTS_OF_TEXT = new Set(['BR', 'HR', 'INPUT', 'IMG', 'SELECT', 'TEXTAREA']);
const PASSAGES = new Set(['P', 'PRE', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6']);
const NO_PASSAGE = 'select,label,div,p,ul,ol,table';
const CONTEXT_LIMIT = 120;
// The main part must not starve because a long menu comes first.
const SIDES = ['navigation', 'banner', 'contentinfo', 'complementary'];
const SIDE_SHARE = 0.15;

let scopes = new Map();
let readToTheEnd = true;
let hasShadows = false;

const outerOf = (node) => (hasShadows ? parentOf(node) : node.parentElement);

class Scope {
  constructor(element, outer) {
    const tag = element.tagName;
    this.element = element;
    this.tag = tag;
    this.outer = outer;
    this.role = element.getAttribute('role');
    this.silent = SILENT.has(tag) || (outer !== null && outer.silent);
    this.region = ((this.role || LANDMARK_TAGS.has(tag)) && landmark(element)) || (outer ? outer.region : '');
    const isBlock = !outer || BLOCKS.has(tag) || tag === 'LABEL' || this.role === 'heading';
    this.block = isBlock ? this : outer.block;
    this.kind = isBlock ? this.ownKind(tag) : outer.kind;
    this.text = ''; // how what is said in it begins
    this.heading = undefined; // the first in it
    this.shown = null;
    this.isRead = false;
  }

  ownKind(tag) {
    const carried = this.outer && CARRIED.has(this.outer.kind) ? this.outer.kind : 'paragraph';
    return (this.role && ROLE_KINDS[this.role]) || KINDS[tag] || carried;
  }

  get isShown() {
    this.shown ??= this.outer && isPlain(this.element) ? this.outer.isShown : this.element.checkVisibility(RENDERED)
      // has no box, but what is in it has
      || (getComputedStyle(this.element).display === 'contents' && this.outer !== null && this.outer.isShown);
    return this.shown;
  }

  // At most CONTEXT_LIMIT characters of what is said in it.
  beginning() {
    this.text ||= textOf(this.element, CONTEXT_LIMIT);
    return clip(this.text, CONTEXT_LIMIT);
  }

  firstHeading() {
    if (this.heading === undefined) {
      const heading = readToTheEnd ? null : this.element.querySelector(HEADINGS);
      this.heading = heading && scopeOf(heading);
    }
    return this.heading;
  }
}

function scopeOf(element) {
  let scope = scopes.get(element);
  if (scope === undefined) {
    const outer = outerOf(element);
    scopes.set(element, scope = new Scope(element, outer && scopeOf(outer)));
  }
  return scope;
}

function readTexts(chars) {
  const reading = new Reading(chars);
  if (document.body) eachText(document.body, reading);
  reading.flush();
  readToTheEnd = reading.room > 0;
  return reading.blocks;
}

function eachText(root, reading) {
  if (hasShadows) return eachFlatText(root, reading);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && reading.room > 0;) {
    const done = reading.take(node);
    if (done) walker.currentNode = done;
    node = done ? walker.nextSibling() : walker.nextNode(); // never into what is done
  }
}

// In the flat tree.
function eachFlatText(parent, reading) {
  for (const child of childrenOf(parent)) {
    if (child.nodeType === TEXT) reading.take(child);
    else if (child.nodeType === ELEMENT && reading.room > 0 && !SILENT.has(child.tagName)) eachFlatText(child, reading);
  }
}

class Reading {
  constructor(chars) {
    this.blocks = [];
    this.room = chars;
    this.side = Object.fromEntries(SIDES.map((region) => [region, chars * SIDE_SHARE]));
    this.block = null;
    this.buffer = '';
    this.last = null;
  }

  // Reads a text. Hands back an element in which there is nothing more to read, if it met one.
  take(node) {
    if (!/\S/.test(node.data)) {
      if (this.buffer) this.buffer += ' ';
      return null;
    }
    const scope = scopeOf(outerOf(node));
    const { block } = scope;
    if (scope.silent) return scope.element;
    if (block.isRead || this.side[block.region] <= 0) return block.element;
    if (!scope.isShown) return null;
    if (block !== this.block) {
      this.flush();
      this.block = block;
      this.buffer = passage(block);
      block.isRead = this.buffer !== '';
      if (block.isRead) return block.element;
    } else if (standApart(this.last, node)) {
      this.buffer += ' ';
    }
    this.buffer += node.data;
    this.last = node;
    return null;
  }

  flush() {
    const text = tidy(this.buffer);
    this.buffer = '';
    if (!text) return;
    note(this.block, text);
    const { region, kind } = this.block;
    if (region in this.side) this.side[region] -= text.length;
    this.blocks.push([region, kind, clip(text, Math.max(this.room, 0))]);
    this.room -= text.length;
  }
}

// Text of a block of running text of which everything is shown as it is written: its parts need no look. Else "".
function passage({ tag, element }) {
  if (!PASSAGES.has(tag) || element.childElementCount < 3 || element.querySelector(NO_PASSAGE)) return '';
  const shown = element.innerText;
  const written = element.textContent;
  return shown === written || tidy(shown) === tidy(written) ? shown : '';
}

// Two neighbouring texts of a block without white space between them are one word unless one of them is drawn apart.
function standApart(before, after) {
  if (before.data.charCodeAt(before.length - 1) <= 32 || after.data.charCodeAt(0) <= 32) return false;
  for (let at = after; at && !at.contains(before); at = parentOf(at)) {
    if (PARTS_OF_TEXT.has(at.previousSibling?.nodeName) || (at !== after && isBoxed(at))) return true;
  }
  for (let at = parentOf(before); at && !at.contains(after); at = parentOf(at)) {
    if (isBoxed(at)) return true;
  }
  return false;
}

const isBoxed = (element) => !isPlain(element) && getComputedStyle(element).display !== 'inline';

// Leaves a text with all that it lies in.
function note(block, text) {
  const beginning = text.slice(0, CONTEXT_LIMIT);
  for (let at = block; at && at.text.length < CONTEXT_LIMIT; at = at.outer) {
    at.text += at.text ? ` ${beginning}` : beginning;
  }
  if (!HEADING_TAGS.has(block.tag) && block.role !== 'heading') return;
  for (let at = block; at && at.heading === undefined; at = at.outer) at.heading = block;
}
