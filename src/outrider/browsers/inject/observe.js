// What one frame shows. Everything is read in one pass without a write, so layout is computed at most once;
// names, contexts and states are worked out only for the elements that were asked for.

const frameOrdinals = new WeakMap();
const HOLDERS = new Set(['LI', 'TR', 'ARTICLE', 'DD', 'OPTION']);
const HOLDER_ROLES = new Set(['listitem', 'row', 'article', 'option', 'treeitem']);
const CONTEXT_DEPTH = 7;
const OPTIONS_LIMIT = 50;
const FIELDS = new Set(['input', 'select', 'textarea']);
let now = 0; // of this observation
let hasGrown = false; // since the last look that was asked for: there may be elements that were not there then
const SAMPLES = [0.5, 0.1, 0.9]; // the middle tells most often that there is none

// Tells an iframe element the ordinal of the frame in it.
api.bindFrame = (element, ordinal) => { frameOrdinals.set(element, ordinal); };

// Elements `offset` to `offset + limit` in reading order and at most `chars` characters of text. Frames are given as
// [ordinal, elements before it, x, y, width, height] of their content box; their elements are not in `elements`.
// `anew`: nothing is taken over from the last look.
api.observe = async (request) => {
  if (reaction) await reaction; // to a text put in, which is not waited for
  await arrived();
  arrival.records = []; // nodes that are gone are let go of
  const report = { ...see(request), grown: hasGrown };
  hasGrown = false;
  Object.assign(ahead, { request: { ...request, anew: false }, count: 0 });
  return report;
};

function see({ offset, limit, floor, base, chars, anew }) {
  begins(floor, base, chars, anew);
  const texts = readTexts(chars); // before the elements, whose contexts come from it
  const shown = usable(offset, offset + limit);
  return {
    title: document.title,
    total: shown.total,
    elements: describeAll(shown.elements),
    frames: shown.frames,
    texts,
    last: lastNumber,
    scroll: [view.y, document.documentElement?.scrollHeight ?? 0, view.width, view.height],
  };
}

// What was touched is read again once it was drawn, so that the look which comes for it finds it read. Not for ever:
// a page that changes by itself is not read where nobody looks.
const AHEAD_LIMIT = 3;
const ahead = { request: null, count: 0, isDue: false };

function lookAhead() {
  if (ahead.isDue || !ahead.request || ahead.count >= AHEAD_LIMIT || before.moves || hasShadows) return;
  ahead.isDue = true;
  inFrame(() => later(() => {
    ahead.isDue = false;
    if (!touches.some) return; // somebody has looked
    ahead.count++;
    see(ahead.request);
  }));
}

// Numbers are never reused within a document; `floor` continues where the frame's last document ended.
function begins(floor, frameBase, reading, anew = false) {
  if (lastNumber < floor) lastNumber = floor;
  base = frameBase;
  hasShadows = shadowHosts(document).size > 0;
  now = performance.now();
  look();
  if (recollect(reading, anew)) hasGrown = true;
}

// Elements `from` to `to` that can be seen and reached, the frames between them, and how many elements there are.
// Those after `to` are only counted, by whether they are rendered: their boxes would cost more than all the rest.
function usable(from, to) {
  const elements = [];
  const frames = [];
  const cover = overlays();
  let total = 0;
  for (const element of documentCandidates()) {
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

const overlaid = { at: '', layers: null };

// As at the last look, when since then nothing came or went or looks different.
function overlays() {
  const at = [shapedAt, view.x, view.y].join();
  if (overlaid.at !== at) Object.assign(overlaid, { at, layers: blockingOverlays() });
  return overlaid.layers;
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

// Buttons get their numbers as elements of their own before fields refer to them: in reading order.
function describeAll(elements) {
  const rows = elements.map(describe);
  elements.forEach(({ element }, at) => {
    if (element.localName === 'input') rows[at][PRESSES] = buttonOf(element);
  });
  return rows;
}

// The fields of an Element in their order.
function describe({ element, surface, rect }) {
  sight(surface, rect, now);
  const scope = scopeOf(element);
  const row = keptRow(scope) ?? newRow(element, scope);
  row[BOX] = [round(rect.x), round(rect.y), round(rect.width), round(rect.height)];
  row[IN_VIEW] = inViewport(rect);
  return row;
}

const [STATES, BOX, IN_VIEW, PRESSES] = [6, 7, 8, 14];

function newRow(element, scope) {
  const tag = element.localName;
  const name = nameOf(element);
  const { context, within } = contextOf(element, name);
  const states = statesOf(element);
  const complaint = states.includes('invalid') ? complaintOf(element) : '';
  const row = [indexOf(element), roleOf(element), name, tag, tag === 'input' ? element.type : '', valueOf(element),
    states, null, false, scope.region, context, hintsOf(element, name),
    tag === 'a' || tag === 'area' ? addressOf(element) : '', tag === 'select' ? optionsOf(element) : [], null, complaint];
  if (isConstant(element)) scope.described = { row, within, look: looks };
  return row;
}

// What can only change together with something in it or around it, but for the focus.
const isConstant = (element) => !FIELDS.has(element.localName) && !element.isContentEditable
  && !element.hasAttribute('aria-labelledby') && !element.hasAttribute('aria-invalid');

// The row of the last look, while neither the element nor what its context was taken from was touched.
function keptRow({ described, element }) {
  if (!described || described.within.touchedAt > described.look) return null;
  const { row } = described;
  const states = row[STATES].filter((state) => state !== 'focused');
  row[STATES] = hasFocus(element) ? [...states, 'focused'] : states;
  return row;
}

function optionsOf(select) {
  return [...select.options].slice(0, OPTIONS_LIMIT).map((option) => tidy(option.label).toWellFormed());
}

const SUBMITS = new Set(['submit', 'image']);
const buttons = new WeakMap(); // by form, as of a look

// The button that Enter presses: of all that submit the field's form the first (HTML, “implicit submission”). A plain
// <button> submits. Fields may be called “elements”: the form itself is not asked.
function buttonOf({ form }) {
  if (!form) return null;
  if (buttons.get(form)?.look !== looks) {
    const all = [...form.getRootNode().querySelectorAll('button,input[type=submit],input[type=image]')];
    const first = all.find((one) => one.form === form && SUBMITS.has(one.type));
    buttons.set(form, { look: looks, index: first ? indexOf(first) : null });
  }
  return buttons.get(form).index;
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

// Nearest row, list item or article around the element, legend or heading above it; and within what that was found.
function contextOf(element, name) {
  let within = scopeOf(element);
  const before = fieldText(element, name);
  if (before) return { context: before, within: within.outer ?? within };
  for (let depth = 0; depth < CONTEXT_DEPTH && within.outer && within.outer.tag !== 'BODY'; depth++) {
    within = within.outer;
    const text = HOLDERS.has(within.tag) || HOLDER_ROLES.has(within.role) ? within.beginning() : '';
    const term = within.tag === 'DD' ? termOf(within.element) : '';
    if (term) return { context: clip(text === name ? term : `${term} ${text}`, CONTEXT_LIMIT), within: within.outer };
    if (text && text !== name) return { context: text, within };
    const heading = within.firstHeading();
    if (heading && !heading.element.contains(element)) return { context: heading.beginning(), within };
    const block = isOneOfSeveral(within.element) ? within.beginning() : '';
    if (block && block !== name) return { context: block, within };
  }
  return { context: '', within };
}

// A block beside others of the same kind: a post, a message, a card.
const isOneOfSeveral = (element) => typeof element.className === 'string' && element.className !== ''
  && [element.previousElementSibling, element.nextElementSibling].some((other) => other
    && other.localName === element.localName && other.className === element.className);

// What a description belongs to: its own term, not those of the descriptions beside it.
function termOf(description) {
  let before = description.previousElementSibling;
  while (before?.localName === 'dd') before = before.previousElementSibling;
  return before?.localName === 'dt' ? textOf(before) : '';
}

// A field without a name is known by the text before it.
function fieldText(element, name) {
  if (name || !('value' in element)) return '';
  let previous = element.previousSibling;
  while (previous?.nodeType === TEXT && !previous.data.trim()) previous = previous.previousSibling;
  previous ??= element.parentElement?.previousElementSibling;
  return previous ? clip(tidy(previous.nodeType === TEXT ? previous.data : textOf(previous)), CONTEXT_LIMIT) : '';
}
