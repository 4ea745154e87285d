"""Carrying out the intentions of ``tasks.deeds``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from outrider.agents.scout.steps.adjusting import adjust, enter_all, pause
from outrider.agents.scout.steps.calendars import enter_date
from outrider.agents.scout.steps.carrying import copy, enter_copied, enter_labelled
from outrider.agents.scout.steps.dragging import drag_to
from outrider.agents.scout.steps.entries import act_on, click_each, reach
from outrider.agents.scout.steps.own_buttons import enter_new, press_own
from outrider.agents.scout.steps.progress import Done, Outcome, Situation
from outrider.agents.scout.steps.searching import enter_suggested, scroll_in, search_by
from outrider.agents.scout.steps.unfolding import find_and_click, focus, follow_menu, unfold
from outrider.agents.scout.tasks import deeds

__all__ = ["DEEDS"]

DEEDS: Final[Mapping[Any, Callable[[Any, Situation], Outcome]]] = MappingProxyType(
    {
        deeds.ActOn: act_on,
        deeds.ClickEach: click_each,
        deeds.Reach: reach,
        deeds.FindAndClick: find_and_click,
        deeds.FollowMenu: follow_menu,
        deeds.LookThrough: lambda wanted, now: Done(),
        deeds.Unfold: unfold,
        deeds.Focus: focus,
        deeds.EnterDate: enter_date,
        deeds.EnterAll: enter_all,
        deeds.Adjust: adjust,
        deeds.Pause: pause,
        deeds.DragTo: drag_to,
        deeds.ScrollIn: scroll_in,
        deeds.SearchBy: search_by,
        deeds.EnterSuggested: enter_suggested,
        deeds.Copy: copy,
        deeds.EnterCopied: enter_copied,
        deeds.EnterLabelled: enter_labelled,
        deeds.EnterNew: enter_new,
        deeds.PressOwn: press_own,
    }
)
