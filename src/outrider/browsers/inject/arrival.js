// What an action brings is on its way as long as it moves, folds or fades and can't be seen: a menu that fades in is not
// there in its first frame, nor as long as it is delayed; what slides in has brought all that is in it only at the end.

// Of waiting, after an action or in a new document.
const ARRIVAL_MILLISECONDS = 500;
// No more is counted of a frame that comes late: on a busy machine everything does.
const LATE_FRAME_MILLISECONDS = 50;
// Something transparent may be added some frames before it is faded in.
const TRANSPARENT_FRAMES = 3;
// Of what is looked at for it, each time.
const MUTATIONS_LIMIT = 50;
const TARGETS_LIMIT = 100;
const HELD_LIMIT = 20;
// A quarter of the viewport is much of what is to be seen, and so is what the page is about.
const VIEW_SHARE = 4;
const SUBJECT = 'main,[role=main],h1';
// For a page to fade out, before the next one begins to arrive.
const GIVING_WAY_MILLISECONDS = 1000;

const arrival = { since: 0, patience: ARRIVAL_MILLISECONDS, records: [] };

// At the beginning of an account, whose records of mutations these are.
function expectArrivals(records) {
  Object.assign(arrival, { since: document.timeline.currentTime, patience: ARRIVAL_MILLISECONDS, records });
}

// Resolves when what is on its way has arrived, or when patience is at its end.
async function arrived() {
  let spent = 0;
  const sliding = new Set();
  let frames = 0; // since nothing gives way
  let waited = false;
  let leaving = 0; // how long something gave way
  while (!document.hidden && spent - leaving < arrival.patience) {
    const recent = Map.groupBy(animationsIn(document).filter(isRecent), ({ effect }) => effect.target);
    if (recent.size) look();
    if (leaving < GIVING_WAY_MILLISECONDS && ([...recent].some(givesWay) || arrival.records.slice(-MUTATIONS_LIMIT).some(hasGivenWay))) {
      frames = 0;
      leaving = spent;
    } else if (isOnItsWay(recent, sliding, frames)) frames++;
    else break;
    const before = performance.now();
    await api.frame();
    spent += Math.min(performance.now() - before, LATE_FRAME_MILLISECONDS);
    waited = true;
  }
  if (!waited) return;
  await api.turn(); // what the page does at the end of it
  arrival.patience -= spent - leaving;
}

function isOnItsWay(recent, sliding, frames) {
  const unseen = [...recent].slice(0, TARGETS_LIMIT).filter(isUnseen);
  for (const [target, animations] of unseen) {
    if (target.checkVisibility(VISIBLE)) animations.forEach((animation) => sliding.add(animation));
  }
  // The page changes only in the course of a view transition, which also lies over it.
  return Boolean(document.activeViewTransition) || unseen.length > 0 || [...sliding].some(isPassing)
    || (frames < TRANSPARENT_FRAMES && arrival.records.slice(-MUTATIONS_LIMIT).some(bringsTransparent));
}

// Those of a document leave out its shadow trees.
const animationsIn = (root) => [...root.getAnimations(),
  ...[...shadowHosts(root)].flatMap((host) => animationsIn(host.shadowRoot))];

const isRecent = (animation) => isPassing(animation) && (animation.startTime ?? Infinity) >= arrival.since
  && animation.effect.target;

// Fades out, and was much of what is to be seen: something else comes in its place.
const givesWay = ([target, animations]) => isMuch(target)
  && animations.slice(0, TARGETS_LIMIT).some(({ effect }) => effect.getKeyframes().at(-1)?.opacity === '0');

// Is transparent by now, and nothing has come yet.
const hasGivenWay = ({ type, target }) => type === 'attributes' && isTransparent(target) && isMuch(target);

function isMuch(element) {
  const { width, height } = element.getBoundingClientRect();
  const isLarge = width * height * VIEW_SHARE > view.width * view.height;
  return holdsSomething(element) && (isLarge || element.matches(SUBJECT) || element.querySelector(SUBJECT) !== null);
}

const isTransparent = (element) => element.checkVisibility(RENDERED) && !element.checkVisibility(VISIBLE);

// Nothing of what it holds can be seen. A ripple or a line holds nothing; what is not drawn at all is leaving.
function isUnseen([target, animations]) {
  if (!target.checkVisibility() || !holdsSomething(target)) return false;
  if (!target.checkVisibility(VISIBLE)) return animations.slice(0, TARGETS_LIMIT).some(isRevealing);
  const held = controlsIn(target).filter((control) => control.checkVisibility(RENDERED));
  return held.length > 0 && !held.some(surfaceOf);
}

function controlsIn(element) {
  const inner = [...element.querySelectorAll(MAYBE)];
  return (element.matches(MAYBE) ? [element, ...inner] : inner).slice(0, HELD_LIMIT);
}

const holdsSomething = (element) => element.matches(MAYBE) || element.querySelector(MAYBE) !== null
  || element.textContent.trim() !== '';

function isRevealing({ effect }) {
  const last = effect.getKeyframes().at(-1);
  return (last?.opacity ?? '0') !== '0' || (last?.visibility ?? 'hidden') !== 'hidden';
}

function bringsTransparent({ type, target, addedNodes }) {
  const nodes = type === 'childList' ? Array.from(addedNodes).slice(0, MUTATIONS_LIMIT) : [target];
  return nodes.some((node) => node.nodeType === ELEMENT && isTransparent(node) && holdsSomething(node));
}
