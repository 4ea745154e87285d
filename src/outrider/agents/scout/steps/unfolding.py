"""What is closed: sections, tabs, branches of a tree, menus, further pages of a list, opened one after the other."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.grounding import CHOSEN, TICKED, TYPED, Candidate, called, covers, describe
from outrider.agents.scout.steps.attempts import choose_by_answer, fingerprint, ground
from outrider.agents.scout.steps.moving import click_on
from outrider.agents.scout.steps.patience import MENU_SECONDS
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import plain_words
from outrider.agents.scout.tasks.deeds import FindAndClick, Focus, FollowMenu, Unfold
from outrider.agents.scout.tasks.intentions import ClickOn
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Click, Hover, Wait
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["closed", "find_and_click", "focus", "follow_menu", "unfold"]

#: How many things are opened for one that is looked for.
_MOST: Final = 40
#: Words in the classes of what opens something and has no name; and the names of what only opens.
_DRAWN: Final = frozenset({"expandable", "expand", "expander", "collapsed", "closed", "toggle", "more", "ellipsis"})
_OPENERS: Final = frozenset(
    {"more", "show more", "read more", "see more", "expand", "show all", "▸", "▶", "►", "⋮", "…"}
)
_NEXT: Final = frozenset({"next", ">", "›", "»", "→", "next page"})


def find_and_click(wanted: FindAndClick, now: Situation) -> Outcome:
    """Click what is called so; while nothing is, open the next thing that is closed."""
    if now.phase == "unfold" and now.last is not None:
        seconds = MENU_SECONDS if isinstance(now.last.action, Hover) else 0.0
        return Move(Wait(at_least=seconds), "Waiting until it is open", "wait")
    if now.phase != "try" and not _is_shown(now, wanted.target) and (opener := _next_closed(now)):
        action = Hover(opener.index) if opener.role == "menuitem" else Click(opener.index)
        return Move(action, f"Looking into {describe(opener)}", "unfold", {"element": opener.index})
    return click_on(ClickOn(wanted.target), now)


def follow_menu(wanted: FollowMenu, now: Situation) -> Outcome:
    """Point at station after station, click one that does not open by that, then click the last."""
    *way, goal = wanted.stations
    shown = [name for name in wanted.stations if called(now.observation.elements, name)]
    if now.phase == "try" or goal in shown or not shown:
        return click_on(ClickOn(Target(goal)), now)
    station = shown[-1]
    element = called(now.observation.elements, station)[0]
    done = [step.memory["phase"] for step in now.steps if step.memory["notes"].get("station") == station]
    following = wanted.stations[way.index(station) + 1]
    for phase, move in (
        ("point", Move(Hover(element.index), f"Pointing at {describe(element)}", "point", {"station": station})),
        ("wait", Move(Wait(at_least=MENU_SECONDS), f"Waiting for “{following}”", "wait", {"station": station})),
        ("press", Move(Click(element.index), f"Opening {describe(element)}", "press", {"station": station})),
    ):
        if phase not in done:
            return move
    raise OutriderError("TARGET_NOT_FOUND", description=following, url=now.observation.url)


def _is_shown(now: Situation, target: Target) -> bool:
    text = target.text
    return bool(called(now.observation.elements, text)) or (
        not text and any(covers(one, target) for one in now.observation.elements)
    )


def _next_closed(now: Situation) -> Element | None:
    """Something closed that was not opened before for this; the next page of a list, again and again, when all is."""
    opened = {step.memory["notes"]["element"] for step in now.taken("unfold")}
    if len(now.taken("unfold")) >= _MOST:
        return None
    shut = [one for one in closed(now.observation.elements) if one.index not in opened]
    return shut[0] if shut else next((one for one in now.observation.elements if _leads_on(one)), None)


def closed(elements: Sequence[Element]) -> tuple[Element, ...]:
    """What a click opens: what says that it is collapsed, tabs that are not shown, what is called or drawn so."""
    return tuple(one for one in elements if "expanded" not in one.states and _opens(one))


def _opens(element: Element) -> bool:
    if element.role in TYPED | CHOSEN | TICKED:
        return False
    if "collapsed" in element.states or (element.role == "tab" and "selected" not in element.states):
        return True
    drawn = {word for hint in element.hints for word in plain_words(hint)} if not element.name else set()
    return not element.href and (element.name.strip().lower() in _OPENERS or bool(drawn & _DRAWN))


def _leads_on(element: Element) -> bool:
    """A link, that is: a button may send something."""
    return element.role == "link" and "disabled" not in element.states and element.name.strip().lower() in _NEXT


def unfold(wanted: Unfold, now: Situation) -> Outcome:
    """Open the section, menu or branch that is meant, or each of them; nothing to do when it is open."""
    if now.phase == "unfold":
        return Move(Wait(), "Waiting until it is open", "wait")
    opened = {step.memory["notes"]["element"] for step in now.taken("unfold")}
    if opened and not wanted.every:
        return Done()
    elements = now.observation.elements
    named = [one for one in closed(elements) if not wanted.name or plain_words(one.name) == plain_words(wanted.name)]
    shut = [one for one in named or _signs(elements, wanted) if one.index not in opened]
    if not shut and (opened or any("expanded" in one.states for one in elements)):
        return Done()
    if not shut:
        raise OutriderError("TARGET_NOT_FOUND", description=f"{wanted.name} {wanted.kind}", url=now.observation.url)
    every = [Candidate(one, 1.0) for one in shut]
    found = every if len(every) == 1 or wanted.every else choose_by_answer(now, f"the {wanted.kind}", every)
    if isinstance(found, Ask):
        return found
    element = found[0].element
    return Move(Click(element.index), f"Expanding {describe(element)}", "unfold", {"element": element.index})


def _signs(elements: Sequence[Element], wanted: Unfold) -> list[Element]:
    """What is called like the kind of thing, or only by a sign for more; nothing where the task says a name."""
    kind = plain_words(wanted.kind)
    alike = (one for one in elements if plain_words(one.name) == kind or one.name.strip() in _SIGNS)
    return [] if wanted.name else list(alike)


_SIGNS: Final = frozenset({"+", "▸", "▶", "►", "▾", "▼", "☰", "⋮", "…", "..."})


def focus(wanted: Focus, now: Situation) -> Outcome:
    """Click into the field."""
    if now.last is not None and now.last.effect is not None:
        return Done()
    found = ground(now, wanted.target, TYPED)
    if isinstance(found, Ask):
        return found
    element = found[0].element
    return Move(Click(element.index), f"Focusing {describe(element)}", "try", {"element": fingerprint(element)})
