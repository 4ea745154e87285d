"""What is not there yet: a menu that opens with a delay, a list that is still to come."""

from typing import Final

from outrider.agents.scout.steps.progress import Move, Situation
from outrider.agents.scout.tasks.deeds import FindAndClick
from outrider.agents.scout.tasks.intentions import ClickOn, Intention
from outrider.interfaces.actions import Click, Fill, Press, Select, Wait

__all__ = ["MENU_SECONDS", "await_coming"]

#: Menus open this long after what opens them, so that they do not flicker under a passing pointer.
MENU_SECONDS: Final = 0.4


def await_coming(wanted: Intention, now: Situation) -> Move | None:
    """Wait a moment for what is to be clicked, once, when something was done that may bring it."""
    if not isinstance(wanted, ClickOn | FindAndClick) or not wanted.target.text or now.taken("coming"):
        return None
    latest = now.history[-1].action if now.history else None
    if not isinstance(latest, Click | Fill | Press | Select | Wait):
        return None
    return Move(Wait(at_least=MENU_SECONDS), f"Waiting for “{wanted.target.text}”", "coming")
