// Fields whose list, calendar or palette the browser draws in a window of its own, which is in no picture of the page.

const PICKED = new Set(['date', 'time', 'datetime-local', 'month', 'week', 'color']);
const PICKER_OPTIONS_LIMIT = 1000;
const TELLS_OPEN = CSS.supports('selector(:open)'); // since Chromium 133
const FRAMES = new Set(['iframe', 'frame', 'fencedframe']);

// The field of that kind that has the focus: {number, kind, label, value, options, open}; {within: true} when the focus
// is in an embedded frame; null else. `open`: the browser shows its window, which takes all keys until it is closed.
api.picker = () => {
  const element = focused();
  if (element && FRAMES.has(element.localName)) return { within: true };
  const kind = element ? pickerKind(element) : '';
  if (!kind) return null;
  return {
    number: numberOf(element), kind, label: nameOf(element), open: TELLS_OPEN && element.matches(':open'),
    value: kind === 'select' ? String(element.selectedIndex) : element.value.toWellFormed(),
    options: kind === 'select' ? [...element.options].slice(0, PICKER_OPTIONS_LIMIT).map(pickerOption) : [],
  };
};

// Sets such a field as a user would: a list to the option of that number, others to the text.
api.pick = (number, value) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  const kind = pickerKind(element);
  if (!kind) return { problem: 'unfit', detail: 'it takes nothing that is picked from a list' };
  return kind === 'select' ? pickOption(element, element.options[Number(value)]) : api.write(number, value);
};

function pickOption(select, option) {
  if (!option || disabledOption(option)) return { problem: 'unfit', detail: 'it does not offer that' };
  if (!option.selected) {
    option.selected = true;
    announce(select);
  }
  return {};
}

function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

function pickerKind(element) {
  if (isDisabled(element) || element.readOnly) return '';
  if (element.localName === 'input') return PICKED.has(element.type) ? element.type : '';
  const drawnByPage = () => getComputedStyle(element).appearance === 'base-select';
  const dropsDown = element.localName === 'select' && !element.multiple && element.size <= 1;
  return dropsDown && !drawnByPage() ? 'select' : '';
}

const pickerOption = (option) => ({
  label: clip(tidy(option.label), TEXT_LIMIT), group: clip(tidy(groupOf(option)?.label ?? ''), TEXT_LIMIT),
  disabled: disabledOption(option),
});

const groupOf = (option) => option.closest('optgroup');
const disabledOption = (option) => option.disabled || groupOf(option)?.disabled === true;
