"""Menus that are closed, the pages behind which an application keeps its administration, and where a task began."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.grounding import CLICKED, Candidate, describe
from outrider.agents.scout.steps.attempts import COVER
from outrider.agents.scout.steps.progress import Move, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Action, Click, Hover, Navigate, Wait
from outrider.interfaces.pages import Element

__all__ = ["by_start", "closed_menu", "onward", "opening", "says", "unfold"]

#: How many menus are opened, and how many pages visited, on the way to one thing.
MOST: Final = 3
#: How many menus are opened, those included that open when they are pointed at.
_MOST_WITH_POINTED: Final = 6
_OF_SITE: Final = frozenset({"navigation", "banner", "complementary", ""})
_MENU: Final = frozenset({"menu", "category", "browse", "department", "navigation", "section", "shop", "store", "more"})
#: What a button without a name is called by those who made it, when it opens a menu.
_MARKS: Final = frozenset({"dropdown", "menu", "ellipsis", "kebab", "hamburger", "more", "overflow"})
_BEHIND: Final = frozenset(canonical("settings administration admin dashboard account"))


def closed_menu(now: Situation, opened: set[object]) -> Element | None:
    """The closed menu that is likeliest to lead about the site; None when that many were opened."""
    left = [e for e in now.observation.elements if e.role in CLICKED and e.index not in opened]
    closed = [e for e in left if e.region in _OF_SITE and _is_closed(e)]
    closed.sort(
        key=lambda e: (not _MENU & set(canonical(f"{e.name} {' '.join(e.hints)}")), "collapsed" not in e.states)
    )
    if closed and len(opened) < MOST:
        return closed[0]
    pointed = [e for e in left if _opens_when_pointed_at(e)]
    return pointed[0] if pointed and len(opened) < _MOST_WITH_POINTED else None


def opening(menu: Element) -> Action:
    """What opens a menu."""
    return Hover(menu.index) if _opens_when_pointed_at(menu) else Click(menu.index)


def _opens_when_pointed_at(element: Element) -> bool:
    """A link of the site's menu that leads nowhere is the name of a menu below it, which style sheets show."""
    nowhere = element.role == "link" and element.href.endswith("#") and element.region in ("navigation", "banner")
    return nowhere and not {"collapsed", "expanded"} & element.states


def _is_closed(element: Element) -> bool:
    if "collapsed" in element.states or "expanded" in element.states:
        return "collapsed" in element.states
    marks = {word for hint in element.hints for word in plain_words(hint.replace("-", " "))}
    return element.role == "button" and not element.name and bool(marks & _MARKS)


def unfold(now: Situation) -> Move | None:
    """Open one more menu, in which something may be that is not to be seen."""
    steps = [step for step in now.history if step.memory.get("at") == now.at and step.memory.get("phase") == COVER]
    if steps and isinstance(steps[-1].action, Click | Hover) and "menu" in steps[-1].memory["notes"]:
        return Move(Wait(), "Waiting for the menu to open", COVER, {"menu": steps[-1].memory["notes"]["menu"]})
    opened: set[object] = {step.memory["notes"].get("menu") for step in steps}
    menu = closed_menu(now, opened)
    if menu is None:
        return None
    return Move(opening(menu), f"Opening {describe(menu)}", COVER, {"menu": menu.index})


def onward(now: Situation) -> Move | None:
    """Go to the settings or the administration, where a page may be that no menu leads to."""
    visited = {step.memory["notes"]["href"] for step in now.taken("onward")}
    ways = [
        e
        for e in now.observation.elements
        if e.role == "link" and e.href not in visited and (said := set(canonical(e.name))) and said <= _BEHIND
    ]
    if not ways or len(visited) >= MOST:
        return None
    return Move(Click(ways[0].index), f"Looking behind {describe(ways[0])}", "onward", {"href": ways[0].href})


def says(ways: Sequence[Candidate], target: Target) -> bool:
    """Whether one of the ways says the words themselves, not only forms of them: "Garden" is not "Gardening"."""
    words = set(canonical(target.text))
    return any(words <= {*canonical(one.element.name), *canonical(one.element.context)} for one in ways)


def by_start(now: Situation, target: Target) -> Move | None:
    """To the page where the task began, which may have a link that the one after a log-in lacks; and back, if not."""
    if now.phase == "start":
        left = str(now.steps[-1].memory["notes"]["left"])
        return Move(Navigate(left), f"Going back, as {target.text} is not there", "back")
    start, here = now.task.start_url, now.observation.url
    if not start or start == here or now.taken("start") or now.taken("try"):
        return None
    return Move(Navigate(start), f"Looking for {target.text} where the task began", "start", {"left": here})
