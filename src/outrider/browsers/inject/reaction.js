// What the page does after an input, and when it has done it.

// For what comes without being asked for here, as from a worker or a database.
const GRACE_MILLISECONDS = 2;
const INPUTS = ['pointerdown', 'pointerup', 'click', 'keydown', 'keyup', 'input'];

// Chromium numbers the frames and timers of a document through all worlds: ours are counted, to tell the page's.
let ours = 0;

function later(run, milliseconds = 0) {
  ours++;
  return setTimeout(run, milliseconds);
}

function inFrame(run) {
  ours++;
  return requestAnimationFrame(run);
}

// How many frames and timers the page has asked for so far.
function askedFor() {
  const frame = inFrame(() => {});
  const timer = later(() => {});
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  return frame + timer - ours;
}

// Resolves when a frame was drawn; none is in a hidden page.
api.frame = () => new Promise((resolve) => {
  const late = later(resolve, 100);
  inFrame(() => { clearTimeout(late); resolve(); });
});

// Resolves when the handlers, promises and due timers of the page have run. A busy page is never done.
api.turn = () => new Promise((resolve) => {
  later(resolve, 50);
  scheduler.postTask(() => resolve(), { priority: 'background' });
});

const nextFrame = () => (document.hidden ? api.turn() : api.frame().then(api.turn));

// What tells that the page is about to do something in its next frame: it has asked for one, or for a timer, or was
// scrolled, of which it is told only then.
function signs() {
  const found = [askedFor(), scrollX, scrollY];
  for (const inner of [document.activeElement, elementAt(innerWidth / 2, innerHeight / 2)]) {
    for (let at = inner; at; at = parentOf(at)) if (at.scrollLeft || at.scrollTop) found.push(at.scrollLeft, at.scrollTop);
  }
  return found.join();
}

// Whether nothing has come of the inputs since the signs were these, nor can come with the next frame. Of shadow roots
// and of frames in the page that is not known.
const isCalm = (before) => before === signs() && observer !== null && !touches.some && !hasShadows
  && !window.length && !document.activeViewTransition && !document.getAnimations().some(isPassing);

// Moves, folds or fades something: a colour hides nothing.
const PAINTED = /(?:color|shadow)$|^outline/;
const isShaping = (animation) => !PAINTED.test(animation.transitionProperty ?? '');

// Will have done so: it does not go on for ever.
const isPassing = (animation) => animation.playState === 'running' && isShaping(animation)
  && animation.effect?.getComputedTiming().endTime < Infinity;

// Resolves with the next frame and what comes with it, or a little earlier, when there is nothing to expect of it.
const reacted = (before = watch?.signs) => Promise.race([nextFrame(), new Promise((resolve) => {
  later(() => { if (isCalm(before)) resolve(); }, GRACE_MILLISECONDS);
})]);

// To the last input of this account; null when there was no input here.
let reaction = null;
const beforehand = () => { if (watch) watch.signs ??= signs(); };
const options = { capture: true, passive: true };
addEventListener('pointermove', beforehand, options);
for (const type of INPUTS) addEventListener(type, () => { beforehand(); reaction = reacted(); }, options);

// Resolves when the page has reacted to the last input, or else with the next frame.
api.idle = async () => {
  await (reaction ?? nextFrame());
  reaction = null;
  await arrived();
};
