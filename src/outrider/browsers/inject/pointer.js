// Where to press for an element: in view, standing still, and not under something else.

const FRAME_MILLISECONDS = 16;
const STILL_ATTEMPTS = 60;
const FIRST_MOVE_FRAMES = 4;

// Scrolls the element into view and waits until it stands still. Answers {x, y, x0, y0} in this frame's viewport, or
// {problem, detail}: gone, hidden, moving, disabled, covered.
api.aim = async (number, { need = 'click', scroll = true } = {}) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  look();
  if (need === 'click' && isDisabled(element)) return { problem: 'unfit', detail: 'it is disabled' };
  const surface = surfaceOf(element);
  if (!surface) return { problem: 'unfit', detail: 'it is hidden' };
  if (scroll) bringIntoView(surface.element);
  const rect = await standing(surface.element);
  if (!rect) return { problem: 'unfit', detail: 'it keeps moving' };
  look();
  let found = hit(element, surface.element, rect);
  for (let attempt = 0; found.cover && attempt < STILL_ATTEMPTS && await isLeaving(found.cover); attempt++) {
    look();
    found = hit(element, surface.element, boxOf(surface.element));
  }
  return { ...found, cover: undefined };
};

// Whether what lies over an element looks different in the next frames: it is being moved, folded or faded out.
async function isLeaving(cover) {
  const before = appearance(cover);
  await api.frame();
  await api.frame();
  return appearance(cover) !== before;
}

function appearance(element) {
  const parts = [];
  for (let at = element; at && at !== document.body; at = parentOf(at)) {
    const { x, y, width, height } = at.getBoundingClientRect();
    parts.push(x, y, width, height, getComputedStyle(at).opacity);
  }
  return parts.join();
}

function bringIntoView(element) {
  const rect = boxOf(element);
  const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
  const inside = x >= 0 && y >= 0 && x < view.width && y < view.height;
  if (inside && !clippedAway(element, x, y)) return;
  element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
}

// The middle lies outside of a scrolling ancestor's window.
function clippedAway(element, x, y) {
  const found = elementAt(x, y);
  if (!found || related(element, found)) return !found;
  if (!containsDeep(found, element)) return true;
  for (let at = parentOf(element); at && at !== found; at = parentOf(at)) {
    const { left, right, top, bottom } = at.getBoundingClientRect();
    const inside = x >= left && x < right && y >= top && y < bottom;
    if (!inside && getComputedStyle(at).overflow !== 'visible') return true;
  }
  return false;
}

// The box once it is the same in two moments at least one drawn frame apart; in three when an animation moves it,
// which may be about to turn round.
async function standing(element) {
  const moving = document.getAnimations().some((each) => each.playState === 'running' && each.effect?.target?.contains(element));
  let rect = boxOf(element);
  const since = sight(element, rect, performance.now());
  if (!moving && performance.now() - since >= FRAME_MILLISECONDS) return rect;
  let still = 0;
  for (let attempt = 0; attempt < STILL_ATTEMPTS; attempt++) {
    await api.frame();
    const next = boxOf(element);
    sight(element, next, performance.now());
    still = same(rect, next) ? still + 1 : 0;
    if (still > (moving ? 1 : 0)) return next;
    rect = next;
  }
  return null;
}

// Notes where an element is; since when it has been there.
function sight(element, rect, at) {
  const before = seen.get(element);
  if (before && same(before.rect, rect)) return before.at;
  seen.set(element, { rect, at });
  return at;
}

const same = (a, b) => Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5 && Math.abs(a.width - b.width) < 0.5
  && Math.abs(a.height - b.height) < 0.5;

// A point of the element that gets the press: the middle of what is in view, else another line of a wrapped link.
function hit(element, surface, rect) {
  let cover = null;
  for (const part of [rect, ...surface.getClientRects()]) {
    if (!inViewport(part) || part.width < 1 || part.height < 1) continue;
    const [x, y] = middleOf(part);
    const found = elementAt(x, y);
    if (found && (related(element, found) || related(surface, found))) return { x, y };
    cover ??= found;
  }
  return cover ? { problem: 'covered', detail: summary(cover), cover } : { problem: 'unfit', detail: 'it is out of view' };
}

function summary(element) {
  const named = closest(element, 'dialog,[role=dialog],[role=alertdialog],[aria-modal=true]') ?? element;
  const role = roleOf(named);
  const words = clip(nameOf(named, 60) || textOf(named, 60), 60);
  const id = named.getAttribute('id') ? `#${named.getAttribute('id')}` : '';
  return `<${named.localName}${id}>${role === 'generic' ? '' : ` (${role})`}${words ? ` “${words}”` : ''}`;
}

// Content box of the iframe element that holds the frame with this ordinal, brought into view first.
api.frameBox = (ordinal) => {
  for (const frame of allFrames(document)) {
    if (frameOrdinals.get(frame) === ordinal) {
      bringIntoView(frame);
      return contentBox(frame);
    }
  }
  return null;
};

function allFrames(root) {
  const frames = [...root.querySelectorAll('iframe,frame')];
  for (const host of shadowHosts(root)) frames.push(...allFrames(host.shadowRoot));
  return frames;
}

// What lies over a point of the top document that belongs to a frame; null when the frame itself does.
api.coverAt = (x, y, ordinal) => {
  const found = elementAt(x, y);
  return !found || frameOrdinals.get(found) === ordinal ? null : summary(found);
};

// Scrolls the page, or the largest part that scrolls, by a share of the viewport's height.
api.scrollBy = (viewports) => {
  const page = document.scrollingElement ?? document.documentElement;
  const before = page.scrollTop;
  page.scrollBy({ top: viewports * innerHeight, behavior: 'instant' });
  if (page.scrollTop !== before) return true;
  const inner = largestScroller();
  const start = inner?.scrollTop;
  inner?.scrollBy({ top: viewports * inner.clientHeight, behavior: 'instant' });
  return inner !== null && inner.scrollTop !== start;
};

// Resolves when the page has stopped scrolling; its first move may come some frames after the key.
api.scrolled = async () => {
  const scroller = document.scrollingElement;
  if (!scroller || scroller.scrollHeight <= scroller.clientHeight) return;
  let still = 0;
  for (let frame = 0; still < FIRST_MOVE_FRAMES && frame < STILL_ATTEMPTS; frame++) {
    const before = scrollY;
    await api.frame();
    still = scrollY === before ? still + 1 : 0;
  }
};

function largestScroller() {
  let at = elementAt(innerWidth / 2, innerHeight / 2);
  for (; at; at = parentOf(at)) {
    if (at.scrollHeight > at.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}

// Middle of where an element is drawn, in this frame's viewport.
api.middle = (number) => {
  const element = api.element(number);
  const surface = element && surfaceOf(element);
  if (!surface) return { problem: element ? 'unfit' : 'gone', detail: 'it is hidden' };
  return { x: surface.rect.x + surface.rect.width / 2, y: surface.rect.y + surface.rect.height / 2 };
};

api.reveal = (number) => {
  const element = api.element(number);
  if (!element) return { problem: 'gone' };
  (surfaceOf(element)?.element ?? element).scrollIntoView({ block: 'center', behavior: 'instant' });
  return {};
};
