"""What is not there yet: a menu that opens with a delay, a list that is still to come, an answer to a click."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from outrider.agents.scout.pages.grounding import CHOSEN, TICKED
from outrider.agents.scout.steps.progress import LATE, Move, Situation
from outrider.agents.scout.tasks.deeds import FindAndClick
from outrider.agents.scout.tasks.intentions import Choose, ClickOn, Enter, Intention, Read, Tick
from outrider.interfaces.actions import Click, Extract, Fill, Press, Select, Wait
from outrider.interfaces.pages import Observation

__all__ = [
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
    """Wait for a list that was sorted or filtered just now; None when the page shows it, or when that took too long."""
    acting = next((step for step in reversed(now.steps) if step.memory["phase"] != REDRAWN), None)
    waits = len(now.taken(REDRAWN))
    if now.is_last or waits == len(_REDRAWN_SECONDS) or acting is None or acting.effect is None or acting.seen is None:
        return None
    index = getattr(acting.action, "index", None)
    if acting.effect.navigated or _shown(acting.seen, index) != _shown(now.observation, index):
        return None
    return Move(Wait(at_least=_REDRAWN_SECONDS[waits]), "Waiting for the list to be drawn anew", REDRAWN)


def await_pressed(button: int, now: Situation) -> Move | None:
    """Wait for what comes of the same button, where it was pressed for what was to be done before and nothing shows."""
    before = next((step for step in reversed(now.history) if step.memory.get("phase") != _PRESSED), None)
    waits = len(now.taken(_PRESSED))
    if before is None or waits == len(_PRESSED_SECONDS) or before.memory.get("at") == now.at or before.seen is None:
        return None
    pressed = isinstance(before.action, Click) and before.action.index == button and before.effect is not None
    if not pressed or _shown(before.seen, button) != _shown(now.observation, button):
        return None
    return Move(Wait(at_least=_PRESSED_SECONDS[waits]), "Waiting for what the page makes of it", _PRESSED)


_PRESSED: Final = "pressed"
_PRESSED_SECONDS: Final = (0.4, 1.0)


def _shown(page: Observation, apart_from: int | None) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What a page lists, apart from what orders or filters it."""
    elements = [
        (e.name, e.context, e.href)
        for e in page.elements
        if e.index != apart_from and (e.context or e.href) and e.role not in _ORDERING
    ]
    return [text.text for text in page.texts if text.kind not in ("label", "status")], elements


_ORDERING: Final = CHOSEN | TICKED | frozenset({"menuitem", "option"})


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
