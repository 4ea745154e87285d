// What changed between two moments: nodes, texts, states and values, as far as a user could notice.

const ALERTS = '[role=alert],[role=status],[role=alertdialog],[aria-live=polite],[aria-live=assertive],.alert,.error,'
  + '.errors,.errorlist,.message,.messages > *,.notice,.flash,.toast,.notification,.invalid-feedback,.help-block,'
  + '.field-error,.validation-summary-errors,.err,.error-message,.error-text,.form-error,.validation-error,'
  + '[id$=-error],[id$=-err],output';
const ALERTS_LIMIT = 12;
const ALERT_TEXT_LIMIT = 300;
const FIELDS_LIMIT = 3000;
// Marks that a pointer or the focus leaves behind are no news.
const TRANSIENT = /^(?:.*[-_])?(?:focus(?:ed|-visible|-within)?|hover(?:ed)?|active|pressed|ripple|touched?)(?:[-_].*)?$/i;
const WATCHED = { subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true,
  attributeFilter: ['class', 'style', 'hidden', 'open', 'disabled', 'inert', 'src', 'value', 'checked', 'selected', 'href',
    'aria-expanded', 'aria-checked', 'aria-selected', 'aria-pressed', 'aria-disabled', 'aria-hidden', 'aria-invalid',
    'aria-current', 'aria-valuenow', 'aria-label'] };

let watch = null;

// Start the account. Hands back the alerts that are there already.
api.begin = () => { begin(state()); return alerts(); };

// Go on with the account before: what happened since it was closed belongs to this one.
api.resume = () => {
  if (!watch) return begin([], true); // in a document that has come meanwhile
  take(watch.observer.takeRecords());
  return begin(watch.state, watch.changed || watch.records.some(noticeable));
};

function begin(before, changed = false) {
  watch?.observer.disconnect();
  reaction = null;
  watch = { observer: new MutationObserver(take), records: [], state: before, changed, isClosed: false, signs: null };
  expectArrivals(watch.records);
  watch.observer.observe(document, WATCHED);
  for (const host of shadowHosts(document)) watch.observer.observe(host.shadowRoot, WATCHED);
}

// Of what comes between accounts only the first change matters.
function take(records) {
  if (!watch.isClosed) watch.records.push(...records);
  else if (records.some(noticeable)) {
    watch.changed = true;
    watch.observer.disconnect();
  }
}

// Close the account: whether something changed, and the alerts that are there now.
api.finish = () => {
  if (!watch) begin([], true);
  take(watch.observer.takeRecords());
  const now = state();
  const changed = watch.changed || watch.records.some(noticeable) || now.some((value, at) => value !== watch.state[at]);
  Object.assign(watch, { records: [], state: now, changed: false, isClosed: true });
  return { changed, alerts: alerts(), url: location.href, title: document.title };
};

// Close it after “turn” or “idle”.
api.finishAfter = (moment) => api[moment]().then(api.finish);

const MOVING_MILLISECONDS = 1000;
const STYLES = { subtree: true, childList: true, attributes: true, attributeFilter: ['style'] };

// Resolves when nothing is moved, folded or faded by a script or a transition any more, or after some time.
api.still = async () => {
  let changes = 0;
  const observer = new MutationObserver((records) => { changes += records.length; });
  observer.observe(document, STYLES);
  const end = performance.now() + MOVING_MILLISECONDS;
  for (let calm = 0; calm < 2 && performance.now() < end;) {
    changes = 0;
    await api.frame();
    const moves = changes > 0 || document.getAnimations().some(isPassing);
    calm = moves ? 0 : calm + 1;
  }
  observer.disconnect();
};

// Resolves at the next change of the document, or after some time.
api.nextChange = (milliseconds) => new Promise((resolve) => {
  const done = () => { observer.disconnect(); clearTimeout(timer); resolve(true); };
  const observer = new MutationObserver(done);
  const timer = later(done, milliseconds);
  observer.observe(document, WATCHED);
});

api.hasText = (text) => textOf(document.body ?? document.documentElement, 1e6).toLowerCase().includes(text.toLowerCase());

function noticeable(record) {
  if (record.type === 'characterData') return record.target.data !== record.oldValue;
  if (record.type === 'childList') return [...record.addedNodes, ...record.removedNodes].some(substantial);
  const now = record.target.getAttribute?.(record.attributeName) ?? null;
  if (now === record.oldValue) return false;
  return record.attributeName !== 'class' || kept(now) !== kept(record.oldValue);
}

// What can change without a mutation.
const state = () => [fieldValues(), scrollX, scrollY, openPopovers()];

const openPopovers = () => [...document.querySelectorAll(':popover-open')].map(numberOf).join();

const substantial = (node) => (node.nodeType === Node.TEXT_NODE ? node.data.trim() !== ''
  : node.nodeType === Node.ELEMENT_NODE && !['SCRIPT', 'STYLE', 'LINK', 'META'].includes(node.tagName));

const kept = (classes) => (classes ?? '').split(/\s+/).filter((word) => !TRANSIENT.test(word)).sort().join(' ');

function fieldValues() {
  const values = [];
  for (const field of document.querySelectorAll('input,textarea,select')) {
    if (values.length > FIELDS_LIMIT) break;
    values.push(field.type === 'checkbox' || field.type === 'radio' ? field.checked
      : field.localName === 'select' ? [...field.selectedOptions].map((option) => option.index).join() : field.value);
  }
  return values.join('\u0000');
}

function alerts() {
  const found = [];
  for (const element of document.querySelectorAll(ALERTS)) {
    if (found.length >= ALERTS_LIMIT) break;
    const text = element.checkVisibility(VISIBLE) ? textOf(element, ALERT_TEXT_LIMIT) : '';
    if (text && !found.includes(text)) found.push(text);
  }
  return found;
}
