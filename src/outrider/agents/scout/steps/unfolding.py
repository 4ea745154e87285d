"""What is closed: sections, tabs, branches of a tree, menus, further pages of a list, opened one after the other."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.grounding import CHOSEN, CLICKED, TICKED, TYPED, Candidate, called, covers, describe
from outrider.agents.scout.steps.attempts import attempt, fingerprint, ground, reacted, spoken
from outrider.agents.scout.steps.moving import click_on
from outrider.agents.scout.steps.patience import MENU_SECONDS
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import plain_words
from outrider.agents.scout.tasks.deeds import FindAndClick, Focus, FollowMenu, Unfold
from outrider.agents.scout.tasks.intentions import ClickOn, Target
from outrider.interfaces.actions import Click, Hover, Wait
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["closed", "find_and_click", "focus", "unfold"]

#: How many things are opened for one that is looked for.
_MOST: Final = 40
#: Words in the names and classes of what opens something.
_OPENERS: Final = frozenset({"expandable", "expand", "expander", "collapsed", "closed", "toggle", "more", "ellipsis"})
_NEXT: Final = frozenset({"next", ">", "›", "»", "→", "next page"})


def find_and_click(wanted: FindAndClick, now: Situation) -> Outcome:
    """Click what is called so; while nothing is, open the next thing that is closed."""
    if now.phase == "unfold" and now.last is not None:
        seconds = MENU_SECONDS if isinstance(now.last.action, Hover) else 0.0
        return Move(Wait(at_least=seconds), "Waiting until it is open", "wait")
    if now.phase != "try" and not _is_shown(now, wanted.target) and (opener := _next_closed(now)):
        notes = {"element": _identity(opener)}
        action = Hover(opener.index) if opener.role == "menuitem" else Click(opener.index)
        return Move(action, f"Looking into {describe(opener)}", "unfold", notes)
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
    shut = [one for one in closed(now.observation.elements) if _identity(one) not in opened]
    return shut[0] if shut else next((one for one in now.observation.elements if _leads_on(one)), None)


def closed(elements: Sequence[Element]) -> tuple[Element, ...]:
    """What a click opens: what says that it is collapsed, tabs that are not shown, what is called or drawn so."""
    return tuple(one for one in elements if "expanded" not in one.states and _opens(one))


def _opens(element: Element) -> bool:
    if element.role in TYPED | CHOSEN | TICKED:
        return False
    if "collapsed" in element.states or (element.role == "tab" and "selected" not in element.states):
        return True
    signs = {word for text in (element.name, *element.hints) for word in plain_words(text)}
    return not element.href and bool(signs & _OPENERS)


def _leads_on(element: Element) -> bool:
    return element.role in CLICKED and "disabled" not in element.states and element.name.strip().lower() in _NEXT


def _identity(element: Element) -> str:
    return str(element.index)


def unfold(wanted: Unfold, now: Situation) -> Outcome:
    """Open the section, menu or branch that is meant, and wait until it is; nothing to do when it is open."""
    if now.phase == "try" and now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Move(Wait(), "Waiting until it is open", "wait")
    if now.phase == "wait":
        return Done()
    shut = closed(now.observation.elements)
    named = [one for one in shut if not wanted.name or plain_words(one.name) == plain_words(wanted.name)]
    if now.last is None and not named and any("expanded" in one.states for one in now.observation.elements):
        return Done()
    candidates = named or (_signs(now.observation.elements, wanted.kind) if not wanted.name else [])
    return attempt(
        now,
        f"expand the {wanted.kind}",
        lambda: [Candidate(one, 1.0) for one in candidates],
        lambda element: Click(element.index),
        reacted,
        lambda element: f"Expanding {describe(element)}",
    )


def _signs(elements: Sequence[Element], kind: str) -> list[Element]:
    """What is called like the kind of thing, or only by a sign for more."""
    return [one for one in elements if plain_words(one.name) == plain_words(kind) or one.name.strip() in _SIGNS]


_SIGNS: Final = frozenset({"+", "▸", "▶", "►", "▾", "▼", "☰", "⋮", "…", "..."})


def focus(wanted: Focus, now: Situation) -> Outcome:
    """Click into the field."""
    if now.last is not None and now.last.effect is not None:
        return Done()
    found = ground(now, wanted.target, TYPED)
    if isinstance(found, Ask):
        return found
    if not found:
        raise OutriderError("TARGET_NOT_FOUND", description=spoken(wanted.target), url=now.observation.url)
    element = found[0].element
    return Move(Click(element.index), f"Focusing {describe(element)}", "try", {"element": fingerprint(element)})
