// What one frame shows. Everything is read in one pass without a write, so layout is computed at most once;
// names, contexts and states are worked out only for the elements that were asked for.

const frameOrdinals = new WeakMap();
const HEADINGS = 'h1,h2,h3,h4,h5,h6,[role=heading],legend,caption';
const HOLDERS = new Set(['LI', 'TR', 'ARTICLE', 'DD', 'OPTION']);
const HOLDER_ROLES = new Set(['listitem', 'row', 'article', 'option', 'treeitem']);
const CONTEXT_LIMIT = 120;
const CONTEXT_DEPTH = 7;
const OPTIONS_LIMIT = 50;
let now = 0; // of this observation
const SAMPLES = [0.1, 0.5, 0.9];

// Tells an iframe element the ordinal of the frame in it.
api.bindFrame = (element, ordinal) => { frameOrdinals.set(element, ordinal); };

// Elements `offset` to `offset + limit` in reading order and at most `chars` characters of text. Frames are given as
// [ordinal, elements before it, x, y, width, height] of their content box; their elements are not in `elements`.
api.observe = async ({ offset, limit, floor, chars }) => {
  if (reaction) await reaction; // to a text put in, which is not waited for
  const known = begins(floor);
  const shown = usable(offset, offset + limit);
  return {
    known, // nothing has changed since the last observation
    url: location.href,
    title: document.title,
    total: shown.total,
    // What may differ although the page shows the same comes apart: [number, x, y, width, height, in view, focused].
    places: shown.elements.map(place),
    elements: shown.elements.map(describe),
    frames: shown.frames,
    texts: texts(chars),
    last: lastNumber,
    scroll: [view.y, document.documentElement?.scrollHeight ?? 0, view.width, view.height],
  };
};

function begins(floor) {
  numberFrom(floor);
  const known = recall();
  now = performance.now();
  look();
  return known;
}

// Elements `from` to `to` that can be seen and reached, the frames between them, and how many elements there are.
// Those after `to` are only counted, by whether they are rendered: their boxes would cost more than all the rest.
function usable(from, to) {
  const elements = [];
  const frames = [];
  const cover = blockingOverlays();
  let total = 0;
  for (const element of candidates()) {
    const isFrame = element.localName === 'iframe' || element.localName === 'frame';
    if (total >= to && !isFrame && !cover) {
      if (element.checkVisibility(VISIBLE)) total++;
      continue;
    }
    const surface = surfaceOf(element);
    if (!surface || (cover && covered(surface, cover))) continue;
    if (!isFrame) {
      if (total >= from && total < to) elements.push({ element, surface: surface.element, rect: surface.rect });
      total++;
    } else if (frameOrdinals.has(element)) {
      frames.push([frameOrdinals.get(element), total, ...contentBox(element)]);
    }
  }
  return { elements, frames, total };
}

function contentBox(frame) {
  const rect = frame.getBoundingClientRect();
  const style = getComputedStyle(frame);
  const left = frame.clientLeft + parseFloat(style.paddingLeft);
  const top = frame.clientTop + parseFloat(style.paddingTop);
  return [rect.x + left, rect.y + top, frame.clientWidth, frame.clientHeight];
}

function elementAt(x, y) {
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  return hit;
}

// Layers that together cover the whole viewport (a modal with its backdrop), or null. Small banners are no obstacle:
// what lies under them can be scrolled out.
function blockingOverlays() {
  const layers = new Set();
  for (const x of SAMPLES) {
    for (const y of SAMPLES) {
      const layer = layerOf(elementAt(view.width * x, view.height * y));
      if (!layer) return null;
      layers.add(layer);
    }
  }
  return layers;
}

function layerOf(element) {
  let layer = null;
  for (let at = element; at; at = parentOf(at)) {
    if (at.matches('dialog:modal')) return at;
    const position = getComputedStyle(at).position;
    if (position === 'fixed' || position === 'absolute') layer = at;
  }
  return layer;
}

function covered({ element, rect }, layers) {
  for (const layer of layers) {
    if (containsDeep(layer, element)) return false;
  }
  if (!inViewport(rect)) return true;
  const [x, y] = middleOf(rect);
  const hit = elementAt(x, y);
  return hit !== null && !related(element, hit);
}

function middleOf(rect) {
  const left = Math.max(rect.left, 0);
  const right = Math.min(rect.right, view.width);
  const top = Math.max(rect.top, 0);
  const bottom = Math.min(rect.bottom, view.height);
  return [(left + right) / 2, (top + bottom) / 2];
}

// A click on `hit` reaches `element`: it lies inside, or in a label of it.
function related(element, hit) {
  if (containsDeep(element, hit)) return true;
  const label = closest(hit, 'label');
  return label !== null && (label.control === element || label === element);
}

function place({ element, surface, rect }) {
  sight(surface, rect, now);
  return [numberOf(element), round(rect.x), round(rect.y), round(rect.width), round(rect.height),
    inViewport(rect), hasFocus(element)];
}

function describe({ element }) {
  const { role, name, tag, kind, region, context, hints, href, options } = once(memory.rows, element, lasting);
  return [role, name, tag, kind, valueOf(element), statesOf(element), region, context, hints, href, options];
}

// The part of a description that lasts as long as the document stays as it is.
function lasting(element) {
  const tag = element.localName;
  const name = nameOf(element);
  return {
    role: roleOf(element),
    name,
    tag,
    kind: tag === 'input' ? element.type : '',
    region: regionOf(element),
    context: contextOf(element, name),
    hints: hintsOf(element, name),
    href: tag === 'a' || tag === 'area' ? element.href : '',
    options: tag === 'select' ? optionsOf(element) : [],
  };
}

function optionsOf(select) {
  return [...select.options].slice(0, OPTIONS_LIMIT).map((option) => tidy(option.label).toWellFormed());
}

function hintsOf(element, name) {
  const hints = [];
  for (const attribute of ['placeholder', 'title', 'name', 'id', 'autocomplete']) {
    const value = element.getAttribute(attribute);
    if (value && value !== name && !hints.includes(value)) hints.push(clip(value, 80));
  }
  if (!name) hints.push(...iconWords(element));
  return hints;
}

// The class of an icon often is the only word about a nameless button.
function iconWords(element) {
  const icon = element.querySelector('i[class],span[class],svg[class],use');
  const words = [element.getAttribute('class'), icon?.getAttribute('class'), icon?.getAttribute('href')];
  return words.filter(Boolean).map((word) => clip(word, 80));
}

// Nearest row, list item or article around the element, legend or heading above it.
function contextOf(element, name) {
  const before = fieldText(element, name);
  if (before) return before;
  let at = parentOf(element);
  for (let depth = 0; at && depth < CONTEXT_DEPTH && at !== document.body; depth++, at = parentOf(at)) {
    const text = HOLDERS.has(at.tagName) || HOLDER_ROLES.has(at.getAttribute('role')) ? holderText(at) : '';
    if (text && text !== name) return text;
    const heading = headingIn(at);
    if (heading && !heading.contains(element)) return holderText(heading);
  }
  return '';
}

const holderText = (holder) => once(memory.holderTexts, holder, () => textOf(holder, CONTEXT_LIMIT));
const headingIn = (holder) => once(memory.headings, holder, () => holder.querySelector(HEADINGS));

// A field without a name is known by the text before it.
function fieldText(element, name) {
  if (name || !('value' in element)) return '';
  const previous = element.previousSibling ?? element.parentElement?.previousElementSibling;
  return previous ? clip(tidy(previous.nodeType === Node.TEXT_NODE ? previous.data : textOf(previous)), CONTEXT_LIMIT) : '';
}

const KINDS = { P: 'paragraph', LI: 'item', DD: 'item', DT: 'label', TD: 'cell', TH: 'cell', LABEL: 'label',
  LEGEND: 'label', CAPTION: 'label', H1: 'heading1', H2: 'heading2', H3: 'heading3', H4: 'heading4', H5: 'heading5',
  H6: 'heading6' };
const ROLE_KINDS = { alert: 'alert', status: 'status', log: 'status', listitem: 'item', cell: 'cell', gridcell: 'cell' };
// The main part must not starve because a long menu comes first.
const SIDE_SHARE = 0.15;

// Visible text by block: [region, kind, text].
const texts = (chars) => once(memory.texts, chars, readTexts);

function readTexts(chars) {
  const walk = new TextWalk(chars);
  if (document.body) walk.block(document.body, '', 'paragraph');
  return walk.blocks;
}

class TextWalk {
  constructor(chars) {
    this.blocks = [];
    this.buffer = '';
    this.room = chars;
    this.side = { navigation: chars * SIDE_SHARE, banner: chars * SIDE_SHARE, contentinfo: chars * SIDE_SHARE,
      complementary: chars * SIDE_SHARE };
  }

  flush(region, kind) {
    if (!this.buffer.length) return;
    const text = tidy(this.buffer);
    this.buffer = '';
    if (!text || (this.side[region] ?? 1) <= 0) return;
    if (region in this.side) this.side[region] -= text.length;
    this.blocks.push([region, kind, clip(text, Math.max(this.room, 0))]);
    this.room -= text.length;
  }

  block(element, region, kind) {
    const role = element.getAttribute('role');
    const tag = element.tagName;
    const inner = LANDMARK_TAGS.has(tag) || role ? landmark(element) || region : region;
    const own = (role && ROLE_KINDS[role]) ?? KINDS[tag] ?? (CARRIES[kind] ? kind : 'paragraph');
    if (this.side[inner] <= 0) return;
    this.children(element, inner, own);
    this.flush(inner, own);
  }

  children(element, region, kind) {
    if (element.shadowRoot || element.localName === 'slot') {
      for (const child of childrenOf(element)) this.node(child, region, kind);
    } else {
      for (let child = element.firstChild; child && this.room > 0; child = child.nextSibling) {
        this.node(child, region, kind);
      }
    }
  }

  node(child, region, kind) {
    if (child.nodeType === TEXT) this.buffer += child.data;
    else if (child.nodeType === ELEMENT && this.room > 0) this.element(child, region, kind);
  }

  element(child, region, kind) {
    const tag = child.tagName;
    if (SILENT.has(tag) || !isRendered(child)) return;
    if (BLOCKS.has(tag) || tag === 'LABEL') {
      this.flush(region, kind);
      this.block(child, region, kind);
    } else if (tag === 'BR') {
      this.buffer += ' ';
    } else {
      const apart = standsApart(child);
      if (apart) this.buffer += ' ';
      if (child.firstElementChild || child.shadowRoot || tag === 'SLOT') this.children(child, region, kind);
      else this.buffer += child.textContent;
      if (apart) this.buffer += ' ';
    }
  }
}

const LANDMARK_TAGS = new Set(['MAIN', 'NAV', 'ASIDE', 'DIALOG', 'SEARCH', 'HEADER', 'FOOTER', 'FORM']);
// Kinds that what is inside inherits.
const CARRIES = { item: true, cell: true, alert: true, status: true, heading1: true, heading2: true, heading3: true,
  heading4: true, heading5: true, heading6: true };
