// Reading and setting fields the way that scripts of the page notice.

const WRITTEN = new Set(['date', 'time', 'datetime-local', 'month', 'week', 'range', 'color']);
const TYPED = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number']);

// Makes a field ready for typing: focused, its content selected. Answers {typed: true}, {typed: false} when the text
// has to be set by `write`, or a problem.
api.prepare = (number) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  const unfit = unfitForText(element);
  if (unfit) return { problem: 'unfit', detail: unfit };
  if (element.localName === 'input' && WRITTEN.has(element.type)) return { typed: false };
  (surfaceOf(element)?.element ?? element).scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  element.focus({ preventScroll: true });
  const field = editable(element);
  if (field !== element) field.focus({ preventScroll: true });
  if ('select' in field) field.select();
  else getSelection().selectAllChildren(field);
  return { typed: true, empty: (field.value ?? field.textContent) === '' };
};

// A composite widget with the role of a text field has the real one inside.
function editable(element) {
  if ('select' in element || element.isContentEditable) return element;
  return element.querySelector('input:not([type=hidden]),textarea,[contenteditable]') ?? element;
}

function unfitForText(element) {
  const field = editable(element);
  const fillable = field.localName === 'textarea' || field.isContentEditable
    || (field.localName === 'input' && (TYPED.has(field.type) || WRITTEN.has(field.type)));
  if (!fillable) return 'it takes no text';
  if (isDisabled(field)) return 'it is disabled';
  if (field.readOnly) return 'it is read-only';
  return surfaceOf(element) ? '' : 'it is hidden';
}

// Sets a field that can't be typed into (a date, a colour). A text that it does not take is a problem.
api.write = (number, text) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  element.focus({ preventScroll: true });
  setNative(element, text);
  if (text !== '' && element.value === '') return { problem: 'unfit', detail: `it takes no “${text}” (${element.type})` };
  return {};
};

// The prototype's setter: frameworks shadow `value` on the element to notice, and to undo, what scripts do.
function setNative(field, value) {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, value);
  announce(field);
}

function announce(field) {
  field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

api.read = (number) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  const field = editable(element);
  return { value: valueOf(field), checked: checkedOf(element), multiline: field.localName === 'textarea' };
};

// As `read`. Typing fires `change` when the field loses the focus; so does this, while the focus stays.
api.commit = (number) => {
  const answer = api.read(number);
  const element = api.element(number);
  if (element) editable(element).dispatchEvent(new Event('change', { bubbles: true }));
  return answer;
};

function checkedOf(element) {
  if (typeof element.checked === 'boolean' && element.localName === 'input') return element.checked;
  const state = element.getAttribute('aria-checked') ?? element.getAttribute('aria-pressed');
  return state === null ? null : state === 'true';
}

api.choose = (number, wanted) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  if (element.localName !== 'select') return { problem: 'unfit', detail: 'it is not a select' };
  if (isDisabled(element)) return { problem: 'unfit', detail: 'it is disabled' };
  const options = [...element.options].filter((option) => !option.disabled);
  const option = pick(options, wanted);
  if (!option) return { problem: 'option', options: options.slice(0, OPTIONS_LIMIT).map((each) => tidy(each.label)) };
  element.focus({ preventScroll: true });
  if (!option.selected) {
    option.selected = true;
    announce(element);
  }
  return { value: valueOf(element) };
};

// By label: exact, then whatever the case, then the only one that begins with or contains it; then by value.
function pick(options, wanted) {
  const label = (option) => tidy(option.label).toLowerCase();
  const word = tidy(wanted).toLowerCase();
  const only = (fits) => { const found = options.filter(fits); return found.length === 1 ? found[0] : null; };
  return options.find((option) => tidy(option.label) === tidy(wanted)) ?? options.find((option) => label(option) === word)
    ?? (word ? only((option) => label(option).startsWith(word)) ?? only((option) => label(option).includes(word)) : null)
    ?? options.find((option) => option.value === wanted) ?? null;
}

api.focus = (number) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  editable(element).focus();
  return {};
};

api.kind = (number) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  return { file: element.localName === 'input' && element.type === 'file', multiple: element.multiple === true,
    disabled: isDisabled(element) };
};
