// The visible text in one pass over the text nodes, by block: [region, kind, text]. What a block lies in is worked out
// once for each element, as its scope; reading leaves there what is said in it. Scopes that were not touched since the
// last look are kept, and so is the text of blocks in them.

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
const NO_PASSAGE = 'select,label,div,p,ul,ol,table,s,del,strike';
// What is struck through is told as in Markdown: an old price is not the price.
const STRUCK = new Set(['S', 'DEL', 'STRIKE']);
const CONTEXT_LIMIT = 120;
// The main part must not starve because a long menu comes first.
const SIDES = ['navigation', 'banner', 'contentinfo', 'complementary'];
const SIDE_SHARE = 0.15;

let scopes = new WeakMap();
let lastRead = []; // [block, text] of the last look
let lastBlocks = [];
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
    this.struck = STRUCK.has(tag) || (outer !== null && outer.struck);
    this.silent = SILENT.has(tag) || (outer !== null && outer.silent);
    this.region = ((this.role || LANDMARK_TAGS.has(tag)) && landmark(element)) || (outer ? outer.region : '');
    const isBlock = !outer || BLOCKS.has(tag) || tag === 'LABEL' || this.role === 'heading';
    this.block = isBlock ? this : outer.block;
    this.kind = isBlock ? this.ownKind(tag) : outer.kind;
    this.shown = null;
    this.touchedAt = 0; // the look before which something in it changed
    this.isGone = false;
    this.empty();
  }

  empty() {
    this.text = ''; // how what is said in it begins
    this.heading = undefined; // the first in it
    this.isRead = false;
    this.described = null; // of the element: its row, and what that depends on
  }

  touch() {
    this.touchedAt = looks;
    this.empty();
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

function forgetTexts() {
  scopes = new WeakMap();
  lastRead = [];
  readToTheEnd = true;
}

function forgetScope(element) {
  const scope = scopes.get(element);
  if (!scope) return;
  scope.isGone = true;
  scopes.delete(element);
}

function readTexts(chars) {
  if (isUntouched) return lastBlocks;
  let reading = readBody(chars);
  if (reading.isBeyond || (!readToTheEnd && reading.room > 0)) {
    forgetTexts(); // what was left out then has room now
    reading = readBody(chars);
  }
  readToTheEnd = reading.room > 0;
  lastRead = reading.skips ? [] : reading.read;
  lastBlocks = reading.blocks;
  return lastBlocks;
}

function readBody(chars) {
  const reading = new Reading(chars);
  if (document.body) {
    if (lastRead.length) readAgain(document.body, reading, readByHolder());
    else eachText(document.body, reading);
  }
  reading.flush();
  return reading;
}

// What was read last time, by the outermost untouched scope that it lies in.
function readByHolder() {
  const found = new Map();
  for (const entry of lastRead) {
    const holder = holderOf(entry[0]);
    if (!holder) continue;
    const entries = found.get(holder);
    if (entries) entries.push(entry);
    else found.set(holder, [entry]);
  }
  return found;
}

function holderOf(scope) {
  if (scope.isGone || scope.touchedAt === looks) return null;
  let holder = scope;
  while (holder.outer && holder.outer.touchedAt !== looks) holder = holder.outer;
  return holder;
}

// Reads what is new or was touched in an element, and takes over the rest.
function readAgain(element, reading, readBefore) {
  const scope = scopes.get(element);
  const holder = scope && holderOf(scope);
  if (holder) {
    reading.takeOver(holder, readBefore.get(holder) ?? []);
    return;
  }
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === TEXT && reading.take(node)) return;
    if (node.nodeType !== ELEMENT) continue;
    const inner = scopes.get(node);
    if (inner && (inner.touchedAt === looks || inner.block === inner)) {
      readAgain(node, reading, readBefore);
    } else {
      if (inner) forgetBelow(node); // part of a running text that has changed
      eachText(node, reading);
    }
  }
}

function eachText(root, reading) {
  if (hasShadows) return eachFlatText(root, reading);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && reading.room > 0;) {
    const done = reading.take(node);
    if (done?.contains(root)) return;
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
    this.read = [];
    this.skips = false; // left something out because a side had its share
    this.isBeyond = false; // has read on where the last reading had no room for more
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
    if (block.isRead) return block.element;
    if (this.side[block.region] <= 0) {
      this.skips = true;
      return block.element;
    }
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
    this.buffer += scope.struck ? node.data.replace(/\S(?:.*\S)?/s, '~~$&~~') : node.data;
    this.last = node;
    return null;
  }

  flush() {
    const text = tidy(this.buffer);
    this.buffer = '';
    if (text) this.put(this.block, text, this.block);
  }

  // What was read in `holder` at the last look.
  takeOver(holder, entries) {
    if (!entries.length) return;
    this.flush();
    this.block = null;
    for (const [block, text] of entries) {
      if (this.side[block.region] <= 0) this.skips = true;
      else this.put(block, text, holder.outer);
    }
    this.isBeyond ||= !readToTheEnd && this.room > 0 && entries.at(-1) === lastRead.at(-1);
  }

  // Leaves the text with `scope` and all that it lies in.
  put(block, text, scope) {
    if (this.room <= 0) return;
    note(block, text, scope);
    const { region, kind } = block;
    if (region in this.side) this.side[region] -= text.length;
    this.read.push([block, text]);
    this.blocks.push([region, kind, clip(text, this.room)]);
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

// Leaves a text with `scope` and all that it lies in.
function note(block, text, scope) {
  const beginning = text.slice(0, CONTEXT_LIMIT);
  for (let at = scope; at && at.text.length < CONTEXT_LIMIT; at = at.outer) {
    at.text += at.text ? ` ${beginning}` : beginning;
  }
  if (!HEADING_TAGS.has(block.tag) && block.role !== 'heading') return;
  for (let at = scope; at && at.heading === undefined; at = at.outer) at.heading = block;
}
