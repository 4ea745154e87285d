"""What is not there yet: a menu that opens with a delay, a list that is still to come, an answer to a click."""

from collections.abc import Mapping, Set
from types import MappingProxyType
from typing import Final

from outrider.agents.scout.steps.progress import LATE, Move, Situation
from outrider.agents.scout.synonyms import plain_words
from outrider.agents.scout.tasks.deeds import FindAndClick
from outrider.agents.scout.tasks.intentions import (
    Choose,
    ClickOn,
    Collect,
    Count,
    Enter,
    Intention,
    Pick,
    Read,
    SearchFor,
    Seek,
    Tick,
)
from outrider.interfaces.actions import Click, Extract, Fill, Press, Select, Wait
from outrider.interfaces.pages import Observation

__all__ = [
    "CHANGES_LISTS",
    "MENU_SECONDS",
    "REDRAWN",
    "await_answer",
    "await_coming",
    "await_pressed",
    "await_redrawn",
    "may_still_answer",
]

#: Menus open this long after what opens them, so that they do not flicker under a passing pointer.
MENU_SECONDS: Final = 0.4
#: How long to wait for an answer, by whether something changed in each wait for it so far. What has changed at last may
#: be the page's answer, or something that changes all the time: that would do so again, clocks after a second.
_ANSWER_SECONDS: Final[Mapping[tuple[bool, ...], float]] = MappingProxyType(
    {
        (): 0.4,
        (False,): 1.6,
        (True,): 1.1,
        (False, True): 1.1,
        (True, True): 1.1,
        (False, True, True): 1.1,
    }
)
#: Phase of a wait for a list that is drawn anew, and how long each is.
REDRAWN: Final = "redrawn"
#: What may change a list in place, and what tells of one.
CHANGES_LISTS: Final = (Choose, ClickOn, Enter, SearchFor, Tick)
_LISTS: Final = (Collect, Count, Pick)
_REDRAWN_SECONDS: Final = (0.4, 0.8, 1.2)


def may_still_answer(now: Situation) -> bool:
    """Whether something may yet come of the latest step, of which nothing was to be seen so far."""
    return _seconds_left(now) > 0


def await_answer(now: Situation) -> Move | None:
    """Wait longer for what the page makes of the latest step; None when that was long enough, or not to be expected."""
    seconds = _seconds_left(now)
    return Move(Wait(at_least=seconds), "Waiting for what the page makes of it", LATE) if seconds else None


def _seconds_left(now: Situation) -> float:
    """For the next wait."""
    last = now.last
    if last is None or last.effect is None or not isinstance(last.action, Click | Press):
        return 0.0
    return _ANSWER_SECONDS.get(tuple(last.memory.get("late", ())), 0.0)


def await_redrawn(now: Situation) -> Move | None:
    """Wait for the list that is told next, which was sorted, filtered or searched just now.

    None when the page shows another one, or when that took too long: it may stay as it is.
    """
    acting = next((step for step in reversed(now.steps) if step.memory["phase"] != REDRAWN), None)
    waits = len(now.taken(REDRAWN))
    wanted, *further = now.plan[now.at :]
    told = next((one for one in further if not isinstance(one, Seek)), None)
    lists = isinstance(told, _LISTS) or (isinstance(told, Read) and isinstance(wanted, Choose | SearchFor))
    if not lists or waits == len(_REDRAWN_SECONDS) or acting is None or acting.effect is None or acting.seen is None:
        return None
    if acting.effect.navigated or not _shows_same(acting.seen, now.observation):
        return None
    return Move(Wait(at_least=_REDRAWN_SECONDS[waits]), "Waiting for the list to be drawn anew", REDRAWN)


def await_pressed(button: int, now: Situation) -> Move | None:
    """Wait for what comes of the same button, where it was pressed for what was to be done before and nothing shows."""
    before = next((step for step in reversed(now.history) if step.memory.get("phase") != _PRESSED), None)
    waits = len(now.taken(_PRESSED))
    if before is None or waits == len(_PRESSED_SECONDS) or before.memory.get("at") == now.at or before.seen is None:
        return None
    pressed = isinstance(before.action, Click) and before.action.index == button and before.effect is not None
    if not pressed or not _shows_same(before.seen, now.observation):
        return None
    return Move(Wait(at_least=_PRESSED_SECONDS[waits]), "Waiting for what the page makes of it", _PRESSED)


_PRESSED: Final = "pressed"
_PRESSED_SECONDS: Final = (0.4, 1.0)


def _shows_same(before: Observation, page: Observation) -> bool:
    """Whether a page lists the same: not what orders or filters it, which may say so by itself."""
    controls = {word for e in (*before.elements, *page.elements) if not e.href for word in plain_words(e.name)}
    return _listed(before, controls) == _listed(page, controls)


def _listed(page: Observation, controls: Set[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Texts and links; no text that says nothing but words of ``controls``."""
    texts = [text.text for text in page.texts if text.kind not in ("label", "status")]
    links = [(e.name, e.href) for e in page.elements if e.href]
    return [text for text in texts if not set(plain_words(text)) <= controls], links


def await_coming(wanted: Intention, now: Situation) -> Move | None:
    """Wait a moment for what is to be clicked or read, once, when something was done that may bring it."""
    match wanted:
        case ClickOn() | FindAndClick():
            what = wanted.target.text
        case Read():
            what = ", ".join(wanted.fields)
        case Enter():
            what = wanted.field.text
        case Choose():
            what = wanted.option
        case Tick():
            what = wanted.target.text
        case _:
            return None
    done = (step.action for step in reversed(now.history) if not isinstance(step.action, Extract))
    if not what or now.taken("coming") or not isinstance(next(done, None), Click | Fill | Press | Select | Wait):
        return None
    return Move(Wait(at_least=MENU_SECONDS), f"Waiting for “{what}”", "coming")
