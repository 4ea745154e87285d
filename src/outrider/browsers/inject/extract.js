// A page by structure: groups of records, labelled values, text, and the way to the next page.

const PAIRS_LIMIT = 300;
const VALUE_LIMIT = 300;
const PAGER = '[class*=pagin],[class*=pager],[class*=page-n],[aria-label*=pagin i],[aria-label*=page i],'
  + '[role=navigation],nav';
const CAROUSEL = '[class*=carousel],[class*=slider],[class*=slick],[class*=swiper],[class*=calendar],[class*=datepicker]';
const NEXT_WORDS = /^(?:next|next page|older|older (?:posts|entries)|more results|load more|show more|weiter|nächste(?: seite)?|suivant|page suivante|siguiente|próxim[ao]|avanti|successiv[ao]|volgende|次へ|下一页|далее)\s*[›»→>]*$/i;
const NEXT_SIGNS = /^(?:›|»|→|>|>>|❯|⟩|chevron_right|navigate_next)$/;
const NEXT_CLASS = /(?:^|[\s_-])next(?:$|[\s_-])/i;

api.extract = async ({ floor, base, chars }) => {
  if (reaction) await reaction;
  begins(floor, base, chars);
  return {
    title: document.title,
    groups: recordGroups(),
    pairs: pairs(),
    texts: readTexts(chars),
    next: nextPage(),
    last: lastNumber,
  };
};

// Labelled values: [label, value]. Each reader gives a list of them.
function pairs() {
  const found = [];
  const add = (label, value) => {
    const [name, text] = [tidy(label).replace(/\s*:$/, ''), tidy(value)];
    if (name && text && name !== text && found.length < PAIRS_LIMIT && !found.some((pair) => pair[0] === name && pair[1] === text)) {
      found.push([clip(name, 80), clip(text, VALUE_LIMIT)]);
    }
  };
  for (const element of document.querySelectorAll('tr,dt,output,p,li,div,span,td,dd')) {
    if (found.length >= PAIRS_LIMIT) break;
    const read = (PAIR_READERS[element.localName] ?? statementPair)(element);
    if (read.length && element.checkVisibility(RENDERED)) for (const pair of read) add(...pair);
  }
  return found;
}

const PAIR_READERS = { tr: rowPairs, dt: definitionPair, output: outputPair };

const FIGURE = /^[^\p{L}]*\d[^\p{L}]*$/u;

// Each heading of a row with the cells after it. The row of a sum may be in bold as a whole: its figure is a heading, too.
function rowPairs(row) {
  const [head, ...cells] = row.cells;
  const isHead = (cell) => cell?.localName === 'th';
  const single = cells.length === 1 && (/:\s*$/.test(head.textContent) || (isHead(head) && FIGURE.test(cells[0].textContent)));
  if (single) return [[textOf(head, 80), textOf(cells[0], VALUE_LIMIT)]];
  if (!isHead(head)) return [];
  const found = [];
  for (const cell of row.cells) {
    if (isHead(cell)) found.push([textOf(cell, 80), []]);
    else found[found.length - 1][1].push(textOf(cell, VALUE_LIMIT));
  }
  if (!found.every(([, values]) => values.length)) return []; // headings of columns
  return found.map(([label, values]) => [label, values.filter(Boolean).join(' ')]);
}

function definitionPair(term) {
  const values = [];
  for (let next = term.nextElementSibling; next?.localName === 'dd'; next = next.nextElementSibling) {
    values.push(textOf(next, VALUE_LIMIT));
  }
  return values.length ? [[textOf(term, 80), values.join(', ')]] : [];
}

function outputPair(output) {
  return labelsFor(output).length ? [[labelsOf(output), textOf(output, VALUE_LIMIT)]] : [];
}

// “Label: value” in one short block, or a bold or labelling element followed by its value.
function statementPair(element) {
  if (element.childElementCount > 3 || element.textContent.length > 400) return [];
  if (element.querySelector('div,p,li,table,ul,ol,dl,form,section,article')) return [];
  const text = textOf(element, VALUE_LIMIT);
  const split = splitLabel(text);
  if (split) return [split];
  const first = element.firstElementChild;
  const opens = first && (/^(b|strong|label|th)$/.test(first.localName) || /label|title|key|term/i.test(first.className));
  if (!opens || (first.previousSibling && tidy(first.previousSibling.textContent))) return [];
  const label = textOf(first, 80);
  const value = text.slice(label.length);
  return label && text.startsWith(label) && label.length <= 60 && value.trim() ? [[label, value]] : [];
}

// Index of the link or button that leads to the next page of a list, or null.
function nextPage() {
  let best = null;
  let most = 0;
  for (const element of document.querySelectorAll('a[href],button,[role=link],[role=button],input[type=submit]')) {
    const score = nextScore(element);
    if (score > most && usableNow(element)) [best, most] = [element, score];
  }
  const element = best ?? nextNumbered();
  return element ? indexOf(element) : null;
}

function nextScore(element) {
  if ((element.getAttribute('rel') ?? '').split(/\s+/).includes('next')) return 100;
  if (element.closest(CAROUSEL)) return 0;
  const text = tidy(element.textContent || element.value || '');
  const label = tidy(element.getAttribute('aria-label') || element.getAttribute('title') || pictureName(element) || '');
  const says = NEXT_WORDS.test(text) || NEXT_WORDS.test(label) || /^(?:go to )?next page/i.test(label);
  const pager = element.closest(PAGER);
  if (pager && says) return 80;
  const holder = element.parentElement;
  const classed = NEXT_CLASS.test(element.className) || (holder?.localName === 'li' && NEXT_CLASS.test(holder.className));
  if (pager && (classed || NEXT_SIGNS.test(text))) return classed && NEXT_SIGNS.test(text) ? 75 : 65;
  if (element.localName === 'a' && says) return 50;
  return says && !element.form && tellsPages(element) ? 45 : 0;
}

// A button beside "Page 1 of 3" or "1–10 of 27": in a form it may send something, and steps are no pages.
const PAGES_TOLD = /\bpage\s+\d+\s*(?:of|\/)\s*\d+|^\D{0,20}\d+\s*[–-]\s*\d+\s+of\s+\d+/i;
const TOLD_WITHIN = 4;

function tellsPages({ parentElement, previousElementSibling, nextElementSibling }) {
  const beside = [previousElementSibling, nextElementSibling, previousElementSibling?.previousElementSibling,
    nextElementSibling?.nextElementSibling];
  const around = parentElement && parentElement.childElementCount <= TOLD_WITHIN ? [parentElement] : [];
  return [...beside, ...around].some((each) => each && PAGES_TOLD.test(textOf(each, 80)));
}

function usableNow(element) {
  if (isDisabled(element) || element.closest('[aria-disabled=true]')) return false;
  if ([element, element.parentElement].some((each) => /(?:^|\s|-)disabled(?:$|\s)/.test(each?.className ?? ''))) return false;
  return surfaceOf(element) !== null;
}

// In a numbered pager: the link after the current number.
function nextNumbered() {
  for (const pager of document.querySelectorAll(PAGER)) {
    const current = pager.querySelector('[aria-current=page],[aria-current=true],.active,.current,.selected,strong');
    const number = current && Number.parseInt(tidy(current.textContent).replace(/^\D+/, ''), 10);
    if (!number) continue;
    const next = [...pager.querySelectorAll('a[href],button')].find((each) => tidy(each.textContent) === String(number + 1));
    if (next && usableNow(next)) return next;
  }
  return null;
}
