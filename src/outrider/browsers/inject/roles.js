// Role, accessible name, value and states of an element: WAI-ARIA and HTML-AAM, as far as users notice.

const INPUT_ROLES = { button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox',
  radio: 'radio', range: 'slider', number: 'spinbutton', search: 'searchbox', color: 'button', file: 'button' };
const TAG_ROLES = { button: 'button', textarea: 'textbox', summary: 'button', option: 'option', area: 'link',
  video: 'video', audio: 'audio', h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading',
  h6: 'heading', td: 'cell', th: 'columnheader', tr: 'row', li: 'listitem', img: 'img', label: 'label' };
const NAMED_BY_VALUE = { submit: 'Submit', reset: 'Reset', button: '' };
const LANDMARKS = { main: 'main', nav: 'navigation', aside: 'complementary', dialog: 'dialog', search: 'search' };
const LANDMARK_ROLES = new Set(['main', 'navigation', 'banner', 'contentinfo', 'complementary', 'search', 'form',
  'dialog', 'alertdialog']);
const SECTIONING = 'article,aside,main,nav,section';
const BULLET = '•';

function roleOf(element) {
  const given = element.getAttribute('role');
  if (given) {
    const role = given.trim().split(/\s+/)[0].toLowerCase();
    if (role && role !== 'presentation' && role !== 'none') return role;
  }
  const tag = element.localName;
  if (tag === 'a') return element.hasAttribute('href') ? 'link' : 'button';
  if (tag === 'input') {
    if (element.hasAttribute('list')) return 'combobox';
    return INPUT_ROLES[element.type] ?? 'textbox';
  }
  if (tag === 'select') return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
  if (element.isContentEditable) return 'textbox';
  return TAG_ROLES[tag] ?? 'generic';
}

function nameOf(element, limit = TEXT_LIMIT) {
  return clip(tidy(labelledBy(element) || element.getAttribute('aria-label') || ownName(element)
    || element.getAttribute('title') || element.getAttribute('placeholder')
    || element.getAttribute('aria-placeholder') || ''), limit);
}

const labelledBy = (element) => referredTo(element, 'aria-labelledby');

const IDS_LIMIT = 20;

// What the elements say whose ids an attribute lists.
function referredTo(element, attribute) {
  const ids = element.getAttribute(attribute);
  if (!ids) return '';
  const root = element.getRootNode();
  return ids.trim().split(/\s+/).slice(0, IDS_LIMIT).map((id) => {
    const label = root.getElementById?.(id);
    const isValue = label && label !== element && isOwnList(element) && element.contains(label);
    return label && !isValue ? label.getAttribute('aria-label') || (isRendered(label) && textOf(label)) || hiddenText(label) : '';
  }).join(' ').trim();
}

function ownName(element) {
  const tag = element.localName;
  if (tag === 'input') return inputName(element);
  if (tag === 'select' || tag === 'textarea') return labelsOf(element);
  if (tag === 'img' || tag === 'area') return element.alt;
  if (isOwnList(element)) return labelsOf(element) || labelOfReplaced(element) || textOf(element);
  if (tag === 'button') return textOf(element) || labelsOf(element) || pictureName(element);
  if (element.isContentEditable && !element.hasAttribute('role')) return '';
  if (TEXT_FIELD_ROLES.has(element.getAttribute('role'))) return '';
  return textOf(element) || pictureName(element);
}

const TEXT_FIELD_ROLES = new Set(['textbox', 'searchbox', 'combobox', 'listbox', 'slider', 'spinbutton']);

// A drop-down list of the page's own making: what it says inside is its value.
const isOwnList = (element) => element.getAttribute('role') === 'combobox' && !FIELDS.has(element.localName)
  && !element.querySelector('input,textarea,[contenteditable]');

// Widgets are drawn behind the list that they hide, or around it: the labels are still that one's.
function labelOfReplaced(widget) {
  let at = widget;
  for (let depth = 0; depth < 4 && at && !at.previousElementSibling; depth++) at = at.parentElement;
  const native = [widget.querySelector('select'), at?.previousElementSibling]
    .find((one) => one?.localName === 'select' && !surfaceOf(one));
  return native ? labelsOf(native) || native.getAttribute('aria-label') || '' : '';
}

function inputName(input) {
  if (input.type in NAMED_BY_VALUE) return input.value || NAMED_BY_VALUE[input.type];
  if (input.type === 'image') return input.alt || input.value || 'Submit';
  return labelsOf(input);
}

// Text of the labels without the field inside them.
function labelsOf(field) {
  return labelsFor(field).map((label) => label.getAttribute('aria-label') || textOf(label) || tidy(label.textContent))
    .join(' ').trim();
}

function pictureName(element) {
  const picture = element.querySelector('img[alt],svg[aria-label],[aria-label],svg title,[title]');
  if (!picture) return '';
  return picture.getAttribute('alt') || picture.getAttribute('aria-label') || picture.getAttribute('title')
    || (picture.localName === 'title' ? picture.textContent : '');
}

function valueOf(element) {
  switch (element.localName) {
    case 'input': return inputValue(element);
    case 'textarea': return isConcealed(element) ? bullets(element) : clip(element.value, 1000);
    case 'select': return [...element.selectedOptions].map((option) => tidy(option.label)).join(', ').toWellFormed();
    default:
  }
  const now = element.getAttribute('aria-valuetext') ?? element.getAttribute('aria-valuenow');
  if (now !== null) return now;
  if (isOwnList(element)) return textOf(element);
  if (element.isContentEditable) return clip(element.innerText.trim(), 1000);
  return null;
}

function inputValue(input) {
  if (input.type === 'checkbox' || input.type === 'radio' || input.type in NAMED_BY_VALUE || input.type === 'image') {
    return null;
  }
  if (input.type === 'password' || isConcealed(input)) return bullets(input);
  if (input.type === 'file') return [...input.files].map((file) => file.name).join(', ');
  return clip(input.value, 1000);
}

const bullets = (field) => BULLET.repeat(Math.min(field.value.length, 1000));

function statesOf(element) {
  const states = [];
  const aria = (name) => element.getAttribute(`aria-${name}`);
  const add = (name, holds) => { if (holds) states.push(name); };
  add('checked', element.checked === true || aria('checked') === 'true');
  add('disabled', isDisabled(element) || aria('disabled') === 'true');
  const expanded = expandedOf(element, aria);
  add('expanded', expanded === 'true');
  add('collapsed', expanded === 'false');
  const current = aria('current');
  add('selected', aria('selected') === 'true' || (current !== null && current !== 'false'));
  add('pressed', aria('pressed') === 'true');
  add('required', element.required === true || aria('required') === 'true');
  add('readonly', element.readOnly === true || aria('readonly') === 'true');
  add('invalid', (aria('invalid') ?? 'false') !== 'false' || element.matches(':user-invalid'));
  add('multiple', element.multiple === true);
  add('focused', hasFocus(element));
  return states;
}

// Why a field is marked as invalid: a description may be only a hint. What the browser says may repeat a value.
function complaintOf(field) {
  const said = FIELDS.has(field.localName) && field.type !== 'password' && !isConcealed(field) && field.validationMessage;
  return clip(tidy(referredTo(field, 'aria-errormessage') || said || referredTo(field, 'aria-describedby')), TEXT_LIMIT);
}

const hasFocus = (element) => element.getRootNode().activeElement === element && element !== document.body;

function expandedOf(element, aria) {
  if (element.localName === 'summary' && element.parentElement?.localName === 'details') {
    return String(element.parentElement.open);
  }
  return aria('expanded') ?? (POPUPS.has(aria('haspopup')) ? 'false' : null);
}

// What says that it has a menu, and not that this is open.
const POPUPS = new Set(['true', 'menu', 'listbox', 'tree', 'grid']);

function landmark(element) {
  const role = element.getAttribute('role');
  if (role && LANDMARK_ROLES.has(role)) return role === 'alertdialog' ? 'dialog' : role;
  const tag = element.localName;
  if (tag in LANDMARKS) return LANDMARKS[tag];
  if (tag === 'form') return formLandmark(element);
  if (tag === 'header' || tag === 'footer') {
    if (element.parentElement?.closest(SECTIONING)) return '';
    return tag === 'header' ? 'banner' : 'contentinfo';
  }
  return '';
}

function formLandmark(form) {
  if (form.querySelector('input[type=search],[role=searchbox]')) return 'search';
  return form.hasAttribute('aria-label') || form.hasAttribute('aria-labelledby') ? 'form' : '';
}
