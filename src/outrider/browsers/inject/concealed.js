// Fields that secrets are put into. From then on nobody sees them there: not a look, not a picture, not who watches.

const SHORT = 6; // what is shorter is found again only as the whole value of a field
const HIGHLIGHT = 'outrider-concealed';
const masked = new WeakSet();
const hidden = new Set(); // what was put into this document, letters and digits only

const plain = (text) => text.replace(/[^\p{L}\p{N}]/gu, '') || text;

api.origin = () => self.origin;

// The origin of the document, if a secret can be put into the field; else a problem.
api.fitsSecret = (number, needsPassword) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  if (element.localName === 'select' && !needsPassword) {
    return isDisabled(element) ? { problem: 'unfit', detail: 'it is disabled' } : { origin: self.origin };
  }
  const unfit = unfitForSecret(element, needsPassword);
  return unfit ? { problem: 'unfit', detail: unfit } : { origin: self.origin };
};

function unfitForSecret(element, needsPassword) {
  if (element.localName !== 'input' && element.localName !== 'textarea') return 'it is no field of a form';
  if (needsPassword && element.type !== 'password') return 'it is no password field, so the password would be readable';
  return unfitForText(element);
}

// Puts in the first of several ways of writing that the field takes. Written, not typed: keys go where the focus is,
// which the page can move; this goes into this element of this document.
api.putSecret = (number, forms, conceals, needsPassword) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  element.focus({ preventScroll: true });
  // The page hears of the focus first, and may have made another field of it.
  const { problem, detail } = api.fitsSecret(number, needsPassword);
  if (problem) return { problem, detail };
  if (element.localName === 'select') return chooseForm(element, forms);
  const form = fittingForm(element, forms);
  if (form === null) return { problem: 'unfit', detail: 'it takes no such value' };
  if (conceals) mask(element, form);
  setNative(element, form);
  if (plain(element.value) !== plain(form)) return { problem: 'unfit', detail: 'it did not keep the value' };
  return {};
};

function chooseForm(select, forms) {
  const options = [...select.options].filter((option) => !option.disabled);
  const option = forms.map((form) => pick(options, form)).find(Boolean);
  if (!option) return { problem: 'unfit', detail: 'it offers no such option' };
  option.selected = true;
  announce(select);
  return {};
}

// Like the placeholder, if that shows one of the forms; else the first that is short enough.
function fittingForm(field, forms) {
  const usable = forms.filter((form) => takes(field, form));
  const shape = patternOf(field.placeholder ?? '');
  return usable.find((form) => patternOf(form) === shape) ?? usable[0] ?? null;
}

const patternOf = (text) => text.trim().replace(/[\p{L}\p{N}]/gu, '0');
const MONTH = /^\d{4}-\d\d$/;

function takes(field, form) {
  if (field.type === 'month') return MONTH.test(form);
  return !(field.maxLength >= 0 && form.length > field.maxLength) && fitsPattern(field, form);
}

function fitsPattern(field, form) {
  try {
    return !field.pattern || new RegExp(`^(?:${field.pattern})$`, 'v').test(form);
  } catch {
    return true; // as a browser takes a pattern that is none
  }
}

function mask(field, value) {
  hidden.add(plain(value));
  masked.add(field);
  // Also in a field for passwords, of which the page can make another one at any time.
  if (field.style.webkitTextSecurity !== 'disc') field.style.setProperty('-webkit-text-security', 'disc', 'important');
}

// Also a field that the page has drawn anew with the same value.
function isConcealed(field) {
  return masked.has(field) || (hidden.size > 0 && field.value !== '' && holds(plain(field.value)));
}

function holds(value) {
  for (const secret of hidden) {
    if (value === secret || (secret.length >= SHORT && value.includes(secret))) return true;
  }
  return false;
}

// Masks every field that holds one of these values, or of those put in before, and draws over them in texts.
api.conceal = (values) => {
  for (const value of values) hidden.add(plain(value));
  for (const field of document.querySelectorAll('input,textarea')) {
    if (isConcealed(field)) mask(field, field.value);
  }
  drawOver(repeated());
  return {};
};

// Where the page's text says them again, in whatever way it parts them.
function repeated() {
  const starts = [];
  const walker = document.createTreeWalker(document.body ?? document, NodeFilter.SHOW_TEXT);
  let text = '';
  while (walker.nextNode()) {
    starts.push([text.length, walker.currentNode]);
    text += walker.currentNode.data;
  }
  const place = (at) => {
    const [start, node] = starts.findLast(([start]) => start <= at);
    return [node, at - start];
  };
  return [...hidden].filter((secret) => secret.length >= SHORT).flatMap((secret) => (
    [...text.matchAll(writingsOf(secret))].map(({ index, 0: found }) => {
      const range = new Range();
      range.setStart(...place(index));
      const [last, offset] = place(index + found.length - 1);
      range.setEnd(last, offset + 1);
      return range;
    })));
}

// One of punctuation only is looked for as it is: between its characters there is nothing to leave out.
const writingsOf = (secret) => (/[\p{L}\p{N}]/u.test(secret)
  ? new RegExp([...secret].join('[^\\p{L}\\p{N}]{0,3}'), 'gu')
  : new RegExp(secret.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'g'));

// A highlight leaves the tree as it is: no observer of the page is told of a change.
function drawOver(ranges) {
  if (!ranges.length && !CSS.highlights.has(HIGHLIGHT)) return;
  if (!CSS.highlights.has(HIGHLIGHT)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`::highlight(${HIGHLIGHT}) { color: transparent; background-color: black; }`);
    document.adoptedStyleSheets.push(sheet);
  }
  CSS.highlights.set(HIGHLIGHT, new Highlight(...ranges));
}

// Whether the page shows the text, as a whole and not as a part of a longer number.
api.showsAmount = (text) => {
  const wanted = tidy(text).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const before = /^\d/.test(text) ? "(?<![\\d.,'’]|\\d )" : '';
  const after = /\d$/.test(text) ? "(?!\\d|[.,'’]\\d)" : '';
  const captions = [...document.querySelectorAll('input[type=submit],input[type=button]')].map((one) => one.value);
  const shown = tidy([document.body?.innerText ?? '', ...captions].join('\n'));
  return { shown: wanted !== '' && new RegExp(before + wanted + after).test(shown) };
};
