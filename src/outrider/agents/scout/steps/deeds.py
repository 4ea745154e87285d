"""Carrying out the intentions of ``tasks.deeds``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from outrider.agents.scout.steps.adjusting import adjust, enter_all, pause
from outrider.agents.scout.steps.calendars import enter_date
from outrider.agents.scout.steps.entries import act_on, click_each, reach
from outrider.agents.scout.steps.progress import Done, Outcome, Situation
from outrider.agents.scout.steps.unfolding import find_and_click, focus, follow_menu, unfold
from outrider.agents.scout.tasks.deeds import ActOn, Adjust, ClickEach, EnterAll, EnterDate, FindAndClick, Focus, FollowMenu, LookThrough, Pause, Reach, Unfold

__all__ = ["DEEDS"]

DEEDS: Final[Mapping[Any, Callable[[Any, Situation], Outcome]]] = MappingProxyType(
    {
        ActOn: act_on,
        ClickEach: click_each,
        Reach: reach,
        FindAndClick: find_and_click,
        FollowMenu: follow_menu,
        LookThrough: lambda wanted, now: Done(),
        Unfold: unfold,
        Focus: focus,
        EnterDate: enter_date,
        EnterAll: enter_all,
        Adjust: adjust,
        Pause: pause,
    }
)
