"""What is not there yet: a menu that opens with a delay, a list that is still to come, an answer to a click."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from outrider.agents.scout.steps.progress import LATE, Move, Situation
from outrider.agents.scout.tasks.deeds import FindAndClick
from outrider.agents.scout.tasks.intentions import ClickOn, Intention, Read
from outrider.interfaces.actions import Click, Extract, Fill, Press, Select, Wait

__all__ = ["MENU_SECONDS", "await_answer", "await_coming"]

#: Menus open this long after what opens them, so that they do not flicker under a passing pointer.
MENU_SECONDS: Final = 0.4
#: How long to wait for an answer, by whether something changed in each wait for it so far. What has changed at last may
#: be the page's answer, or something that changes all the time: that would do so again, clocks after a second.
_ANSWER_SECONDS: Final[Mapping[tuple[bool, ...], float]] = MappingProxyType(
    {(): 0.4, (False,): 1.6, (True,): 1.1, (False, True): 1.1}
)


def await_answer(now: Situation) -> Move | None:
    """Wait longer for what the page makes of the latest step; None when that was long enough, or not to be expected."""
    last = now.last
    if last is None or last.effect is None or not isinstance(last.action, Click | Press):
        return None
    seconds = _ANSWER_SECONDS.get(tuple(last.memory.get("late", ())))
    return Move(Wait(at_least=seconds), "Waiting for what the page makes of it", LATE) if seconds else None


def await_coming(wanted: Intention, now: Situation) -> Move | None:
    """Wait a moment for what is to be clicked or read, once, when something was done that may bring it."""
    what = wanted.target.text if isinstance(wanted, ClickOn | FindAndClick) else ""
    what = ", ".join(wanted.fields) if isinstance(wanted, Read) else what
    if not what or now.taken("coming"):
        return None
    done = [step.action for step in now.history if not isinstance(step.action, Extract)]
    if not done or not isinstance(done[-1], Click | Fill | Press | Select | Wait):
        return None
    return Move(Wait(at_least=MENU_SECONDS), f"Waiting for “{what}”", "coming")
