// Repeated blocks: siblings of one shape (products, hits, list items, table rows), each as a list of fields.

const RECORDS_LIMIT = 1000;
const GROUPS_LIMIT = 16;
const FIELDS_PER_RECORD = 40;
const FIELD_TEXT_LIMIT = 300;
const HINT_LIMIT = 120;
const ALIKE = 0.5;
// These never hold records: their children are parts of one thing.
const NO_CONTAINER = new Set([...SILENT, 'TR', 'DL', 'P', 'A', 'BUTTON', 'LABEL', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6',
  'SPAN', 'SUMMARY', 'FIGURE', 'PICTURE', 'FIELDSET', 'THEAD', 'TFOOT', 'PRE', 'CODE']);
const NO_RECORD = new Set([...SILENT, 'BR', 'HR', 'SPAN', 'B', 'I', 'EM', 'STRONG', 'INPUT', 'LABEL', 'IMG', 'BUTTON',
  'P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'DT', 'DD', 'OPTION', 'SUP', 'SUB', 'CODE', 'COL', 'COLGROUP', 'CAPTION',
  'THEAD', 'TFOOT', 'TBODY', 'TABLE', 'UL', 'OL', 'DL', 'MAIN', 'ASIDE', 'HEADER', 'FOOTER', 'NAV', 'FIELDSET', 'FORM', 'IFRAME']);
const RATING = /(?:^|[\s_-])(?:rating|ratings|stars?|star-rating)(?:$|[\s_-])/i;
const PARTS = 'a[href],button,input,select,textarea,img,h1,h2,h3,h4,h5,h6,li,p,div,td,th,table,ul,ol,[class*=rating],'
  + '[class*=star],[role=button],[role=link],[role=heading]';

// Groups in page order; the inner one wins where the outer one is only its frame (sections, rows of a grid).
function recordGroups() {
  const groups = document.body ? findGroups(document.body).filter((group) => group.area > 0) : [];
  const kept = groups.sort((a, b) => b.area - a.area).slice(0, GROUPS_LIMIT);
  kept.sort((a, b) => (a.holder.compareDocumentPosition(b.holder) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  return kept.map(describeGroup);
}

function findGroups(holder) {
  const inner = [];
  for (const child of elementsIn(holder)) {
    if (!SILENT.has(child.tagName) && (child.firstElementChild || child.shadowRoot)) inner.push(...findGroups(child));
  }
  if (NO_CONTAINER.has(holder.tagName)) return inner;
  const records = siblingsAlike(holder);
  if (!records) return inner;
  const group = { holder, records, area: areaOf(records) };
  const within = inner.filter((each) => records.some((record) => record.contains(each.holder)));
  const merged = mergeRows(holder, records, within);
  if (merged) return [...inner.filter((each) => !within.includes(each)), merged];
  const covered = within.filter(isRich).reduce((sum, each) => sum + each.area, 0);
  if (covered > group.area * 0.55) return inner;
  return [...inner.filter((each) => !within.includes(each) || isTableOf(records, each)), group];
}

// A table under the heading of a section is a list of its own, though the sections are alike.
const isTableOf = (sections, group) => group.records[0].localName === 'tr'
  && sections.some((section) => section.contains(group.holder) && section.querySelector(HEADINGS));

const elementsIn = (holder) => (holder.shadowRoot ? [...holder.shadowRoot.children, ...holder.children] : holder.children);
const isRich = (group) => group.records.length > 2 && group.records.some((record) => record.querySelectorAll('*').length > 2);

// The largest set of visible children with one tag and a similar inside.
function siblingsAlike(holder) {
  const byTag = new Map();
  for (const child of elementsIn(holder)) {
    if (NO_RECORD.has(child.tagName)) continue;
    if (!byTag.has(child.tagName)) byTag.set(child.tagName, []);
    byTag.get(child.tagName).push(child);
  }
  let best = null;
  for (const [tag, children] of byTag) {
    const least = tag === 'TR' && isLabelled(holder.closest('table')) ? 1 : 2;
    if (children.length < least) continue;
    const records = alike(children.slice(0, RECORDS_LIMIT), tag, least);
    if (records.length >= least && records.length > (best?.length ?? 0)) best = records;
  }
  return best;
}

// One row may be all that a filter, or the last page, has left of a table with the names of its columns.
const isLabelled = (table) => table !== null && columnLabels(table).filter(Boolean).length > 1;

function alike(children, tag, least) {
  const shown = children.filter((child) => child.checkVisibility(RENDERED) && hasContent(child));
  if (shown.length < least) return [];
  if (tag === 'TR') return shown.filter((row) => row.querySelector(':scope > td'));
  const shapes = shown.map(shapeOf);
  let best = [];
  // The model is not always the first: a list may open with a teaser.
  for (const model of [0, 1, 2].filter((at) => at < shown.length)) {
    const same = shown.filter((_, at) => similarity(shapes[model], shapes[at]) >= ALIKE);
    if (same.length > best.length) best = same;
  }
  return best.length * 2 >= shown.length || best.length >= 3 ? best : [];
}

const hasContent = (element) => /\S/.test(element.textContent) || element.querySelector('img[alt],input,button') !== null;

// What a block is made of, three levels deep: its own class, and tag and class of what is inside.
function shapeOf(element) {
  const words = new Set([`0${element.className && firstClass(element)}`]);
  const visit = (at, depth) => {
    for (const child of at.children) {
      words.add(`${depth}${child.tagName}`);
      if (child.className) words.add(`${depth}${child.tagName}.${firstClass(child)}`);
      if (depth < 3) visit(child, depth + 1);
    }
  };
  visit(element, 1);
  return words;
}

const firstClass = (element) => (element.getAttribute('class') ?? '').trim().split(/\s+/)[0];

function similarity(a, b) {
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common / Math.max(a.size, b.size);
}

function areaOf(records) {
  return records.reduce((sum, record) => {
    const rect = record.getBoundingClientRect();
    return sum + rect.width * rect.height;
  }, 0);
}

// A grid that is written row by row: the cells of all rows are one group, a last row with a single cell included.
function mergeRows(holder, rows, within) {
  const model = within.find((each) => rows.includes(each.holder));
  if (!model || holder.localName === 'tbody' || !isRich(model)) return null;
  const shape = shapeOf(model.records[0]);
  const records = rows.flatMap((row) => [...row.children].filter((child) => child.checkVisibility(RENDERED)
    && hasContent(child) && similarity(shape, shapeOf(child)) >= ALIKE)).slice(0, RECORDS_LIMIT);
  const every = rows.filter((row) => records.some((record) => record.parentElement === row));
  return every.length === rows.length ? { holder, records, area: areaOf(records) } : null;
}

function describeGroup({ holder, records, area }) {
  const table = records[0].localName === 'tr' ? holder.closest('table') : null;
  const labels = table ? columnLabels(table) : [];
  const sections = table ? sectionsOf(table) : sectionsBetween(holder, records);
  return {
    region: scopeOf(holder).region,
    heading: headingAbove(holder),
    area: Math.round(area),
    records: records.map((record) => [fieldsOf(record, labels), sections.get(record) ?? '']).filter(([fields]) => fields.length),
  };
}

// The rows of a table by the heading that spans it above them.
function sectionsOf(table) {
  const sections = new Map();
  let section = '';
  for (const row of table.rows) {
    const [first] = row.cells;
    if (row.cells.length === 1 && first.localName === 'th' && first.colSpan > 1) section = textOf(first, CONTEXT_LIMIT);
    else sections.set(row, section);
  }
  return sections;
}

// The records by the last heading among them: dishes under "Starters", "Mains", one after the other.
function sectionsBetween(holder, records) {
  const sections = new Map();
  let section = '';
  for (const child of holder.children) {
    if (child.matches(HEADINGS)) section = textOf(child, CONTEXT_LIMIT);
    else if (section && records.includes(child)) sections.set(child, section);
  }
  return sections;
}

function columnLabels(table) {
  const row = [...table.rows].find((each) => each.cells.length > 1 && [...each.cells].every((cell) => cell.localName === 'th'));
  return row ? [...row.cells].flatMap((cell) => Array(cell.colSpan).fill(textOf(cell, 80))) : [];
}

function headingAbove(holder) {
  const caption = holder.closest('table')?.caption;
  if (caption) return textOf(caption, CONTEXT_LIMIT);
  for (let at = holder, depth = 0; at && depth < CONTEXT_DEPTH; depth++, at = parentOf(at)) {
    const before = [...at.querySelectorAll(HEADINGS)].filter((heading) => !holder.contains(heading)
      && heading.compareDocumentPosition(holder) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (before.length) return textOf(before.at(-1), CONTEXT_LIMIT);
  }
  return '';
}

// The pieces of a record, in reading order: [text, kind, label, href, index, hint].
function fieldsOf(record, labels = []) {
  if (record.localName === 'tr') {
    let column = 0;
    return [...record.cells].flatMap((cell) => {
      const label = labels[column] ?? '';
      column += cell.colSpan;
      return cellFields(cell, label);
    });
  }
  const fields = [];
  collectFields(record, fields);
  return fields.slice(0, FIELDS_PER_RECORD);
}

function cellFields(cell, label) {
  const inner = [];
  collectFields(cell, inner);
  const parts = inner.filter(([, kind]) => kind !== 'text');
  const text = textOf(cell, FIELD_TEXT_LIMIT) || chosenIn(cell);
  const whole = text ? [[text, 'cell', label, '', null, hintOf(cell)]] : [];
  return [...whole, ...parts.map((field) => field.with(2, field[2] || label))];
}

// What the only list of a cell is set to.
function chosenIn(cell) {
  const lists = cell.querySelectorAll('select');
  return lists.length === 1 ? valueOf(lists[0]) ?? '' : '';
}

function collectFields(element, fields) {
  if (fields.length >= FIELDS_PER_RECORD || !element.checkVisibility(RENDERED)) return;
  const make = FIELD_MAKERS.find(({ fits }) => fits(element));
  if (make) {
    const field = make.make(element);
    if (field) fields.push(field);
    if (!make.deeper) return;
  }
  if (isLeaf(element)) {
    const text = textOf(element, FIELD_TEXT_LIMIT);
    if (text) fields.push(textField(element, text));
    return;
  }
  for (const child of childrenOf(element)) {
    if (child.nodeType === Node.TEXT_NODE) {
      const text = tidy(child.data);
      if (text) fields.push(textField(element, clip(text, FIELD_TEXT_LIMIT)));
    } else if (child.nodeType === Node.ELEMENT_NODE && !SILENT.has(child.tagName)) {
      collectFields(child, fields);
    }
  }
}

// One statement: nothing in it is a piece of its own, and it has words of its own around its inline parts.
function isLeaf(element) {
  if (element.shadowRoot || element.querySelector(PARTS) || element.querySelector('s,del,strike')) return false;
  const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\S/.test(node.data));
  return own || element.childElementCount === 0;
}

function textField(element, text) {
  const pair = splitLabel(text);
  const label = element.getAttribute('itemprop') ?? element.getAttribute('aria-label') ?? pair?.[0] ?? '';
  return [pair ? pair[1] : text, 'text', label, '', null, hintOf(element)];
}

function splitLabel(text) {
  const found = /^([^:]{0,40}\p{L}[^:]{0,20}):\s+(\S.*)$/u.exec(text);
  return found ? [found[1].trim(), found[2]] : null;
}

const HEADING_TAG = /^H[1-6]$/;
const isRating = (element) => RATING.test(element.getAttribute('class') ?? '') || element.getAttribute('itemprop') === 'ratingValue'
  || (/^(img|meter)$/.test(element.getAttribute('role') ?? '') && /star|rated|rating|out of/i.test(element.getAttribute('aria-label') ?? ''));

// Tried in this order; `deeper` ones are followed by the pieces inside.
const FIELD_MAKERS = [
  { fits: (element) => HEADING_TAG.test(element.tagName) || element.getAttribute('role') === 'heading',
    make: (element) => linkedField(element, element.querySelector('a[href]') ?? element.closest('a[href]'), 'heading') },
  { fits: (element) => isRating(element) && !element.querySelector('a[href] *, h1, h2, h3, h4'), make: ratingField },
  { fits: (element) => element.localName === 'a' && element.hasAttribute('href') && !element.querySelector(':is(h1,h2,h3,h4,h5,h6,p,div,li)'),
    make: (element) => linkedField(element, element, element.querySelector('img') && !textWithoutPictures(element) ? 'image' : 'link') },
  { fits: (element) => element.localName === 'a' && element.hasAttribute('href'), deeper: true,
    make: (element) => linkedField(element, element, 'link') },
  { fits: (element) => element.localName === 'img',
    make: (element) => (element.alt ? [clip(tidy(element.alt), FIELD_TEXT_LIMIT), 'image', '', '', null, hintOf(element)] : null) },
  { fits: (element) => element.localName === 'button' || element.getAttribute('role') === 'button',
    make: (element) => [nameOf(element), 'button', '', '', indexOf(element), hintOf(element)] },
  { fits: (element) => /^(input|select|textarea)$/.test(element.localName), make: controlField },
];

const textWithoutPictures = (element) => /\S/.test(element.textContent);

function linkedField(element, link, kind) {
  const text = unshortened(element, link, textOf(element, FIELD_TEXT_LIMIT)) || (link ? nameOf(link) : '');
  if (!text) return null;
  return [text, kind, element.getAttribute('itemprop') ?? '', link ? addressOf(link) : '', link ? indexOf(link) : null, hintOf(element)];
}

// A text cut off with dots often has the whole in its title.
function unshortened(element, link, text) {
  if (!/(?:…|\.\.\.)$/.test(text)) return text;
  const start = text.replace(/\s*(?:…|\.\.\.)$/, '');
  const whole = [element, link].map((each) => each?.getAttribute('title')).find((title) => title?.startsWith(start));
  return whole ? tidy(whole) : text;
}

function ratingField(element) {
  const spoken = element.getAttribute('aria-label') || element.getAttribute('title') || textOf(element, FIELD_TEXT_LIMIT);
  const inner = element.querySelector('[aria-label],[title],[style*=width]');
  const text = spoken || inner?.getAttribute('aria-label') || inner?.getAttribute('title') || inner?.style.width || '';
  return [clip(tidy(text), FIELD_TEXT_LIMIT), 'rating', element.getAttribute('itemprop') ?? '', '', null, hintOf(element)];
}

function controlField(element) {
  if (element.type === 'hidden') return null;
  if (/^(submit|button|image|reset)$/.test(element.type)) return [nameOf(element), 'button', '', '', indexOf(element), hintOf(element)];
  return [valueOf(element) ?? (element.checked ? 'checked' : ''), 'text', nameOf(element), '', indexOf(element), hintOf(element)];
}

// Class, itemprop and data words of an element, and that it is struck through, and of the element that it fills alone.
function hintOf(element) {
  const words = [];
  for (let at = element, depth = 0; at && depth < 2; depth++, at = at.parentElement) {
    if (depth && at.childElementCount !== 1) break;
    words.push(STRUCK.has(at.tagName) ? 'strike' : '', at.getAttribute('class') ?? '', at.getAttribute('itemprop') ?? '');
    for (const { name, value } of at.attributes) {
      if (name.startsWith('data-') && value.length <= 24) words.push(`${name.slice(5)} ${value}`);
    }
  }
  return clip(tidy(words.join(' ')).toLowerCase(), HINT_LIMIT);
}
