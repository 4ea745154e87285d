"""Entries that are told by a name: messages, posts, contacts; what is done at one of them, or on its own page."""

from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.pages.grounding import CHOSEN, TYPED, Candidate, called, describe, signs
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, reacted
from outrider.agents.scout.steps.patience import MENU_SECONDS
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.deeds import ActOn, ClickEach, Reach
from outrider.agents.scout.tasks.intentions import ClickOn
from outrider.interfaces.actions import Click, Wait
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["act_on", "click_each", "in_row_menu", "reach"]

#: What opens the rest of the buttons of an entry.
_MORE: Final = ("more", "menu", "options", "actions", "⋯", "⋮", "…")
_NEXT: Final = frozenset({"next", ">", "›", "»", "→", "next page"})
_MOST_PAGES: Final = 40


def act_on(wanted: ActOn, now: Situation) -> Outcome:
    """Click at the entry; else in the menu that the entry has; else on the page that it opens."""
    what = f"{wanted.names[0] if wanted.names else 'open'} ({wanted.entry})"
    if now.phase == "open" and not wanted.names:
        return Done()
    found = _at(wanted.names, wanted.entry, now)
    if isinstance(found, Ask):
        return found
    if not found and now.phase != "try":
        opener = _opener(wanted.entry, now)
        if isinstance(opener, Ask):
            return opener
        notes = {"element": opener.index, "before": [one.index for one in now.observation.elements]}
        return Move(Click(opener.index), f"Opening {describe(opener)}", "open", notes)
    return attempt(
        now, what, lambda: found, lambda one: Click(one.index), reacted, lambda one: f"Clicking {describe(one)}"
    )


def in_row_menu(wanted: ClickOn, now: Situation) -> Outcome | None:
    """What the menu has that an entry has: opened first; None where there is no such menu, or nothing in it."""
    target = wanted.target
    if not target.near or not target.text:
        return None
    if not now.taken("open"):
        menus = [e for e in now.observation.elements if _is_menu(e) and _belongs(e, target.near)]
        if len(menus) != 1:
            return None
        notes = {"element": menus[0].index, "before": [one.index for one in now.observation.elements]}
        return Move(Click(menus[0].index), f"Opening {describe(menus[0])} of “{target.near}”", "open", notes)
    names = [one.name for one in now.observation.elements if set(canonical(target.text)) <= set(canonical(one.name))]
    found = _at((target.text, *names), target.near, now)
    if isinstance(found, Ask):
        return found
    if not found:
        if len(now.taken(_OPENS)) == _WAITS:
            return None
        return Move(Wait(at_least=MENU_SECONDS), f"Waiting for “{target.text}”", _OPENS)
    what = f"{target.text} ({target.near})"
    return attempt(
        now, what, lambda: found, lambda one: Click(one.index), reacted, lambda one: f"Clicking {describe(one)}"
    )


def _is_menu(element: Element) -> bool:
    said = element.name.strip().casefold()
    opens = said in _MORE or bool(_MENU_WORDS & set(plain_words(said))) or "collapsed" in element.states
    return element.role == "button" and "disabled" not in element.states and opens


_MENU_WORDS: Final = frozenset({"more", "menu", "actions", "options"})
_OPENS: Final = "opens"
_WAITS: Final = 2


def _at(names: Sequence[str], entry: str, now: Situation) -> Sequence[Candidate] | Ask:
    """What is called by the first of the names that something is called by: at the entry, or in what it has opened."""
    elements, opened = now.observation.elements, now.taken("open")
    before = set(opened[0].memory["notes"]["before"]) if opened else {one.index for one in elements}
    for name in names:
        named = (*called(elements, name), *signs(elements, name), *_begin(name, entry, now))
        near = [one for one in named if _belongs(one, entry)]
        found = [Candidate(one, 1.0) for one in near or (one for one in named if one.index not in before)]
        if len(found) > 1 and not now.taken("try"):
            return choose_by_answer(now, f"{name} ({entry})", found)
        if found:
            return found
    return []


def _begin(name: str, entry: str, now: Situation) -> list[Element]:
    """What says the name and whom it is for: "Block @ann"."""
    whole = (*plain_words(name), *plain_words(entry))
    return [one for one in now.observation.elements if plain_words(one.name) == whole]


def _belongs(element: Element, entry: str) -> bool:
    """Whether it, or what it is in, says just this name; everything does without one."""
    return set(plain_words(entry)) <= {*plain_words(element.name), *plain_words(element.context)}


def _opener(entry: str, now: Situation) -> Element | Ask:
    """The menu of the entry, then the entry itself. Raises TARGET_NOT_FOUND."""
    tried = {step.memory["notes"]["element"] for step in now.taken("open")}
    elements = [one for one in now.observation.elements if one.index not in tried]
    menus = [one for word in _MORE for one in (*called(elements, word), *signs(elements, word)) if _belongs(one, entry)]
    words = plain_words(entry)
    own = [one for one in elements if one.role not in TYPED | CHOSEN and plain_words(one.name)[: len(words)] == words]
    found = menus[:1] or own
    if not found:
        raise OutriderError("TARGET_NOT_FOUND", description=entry, url=now.observation.url)
    if len(found) == 1:
        return found[0]
    chosen = choose_by_answer(now, entry, [Candidate(one, 1.0) for one in found])
    return chosen if isinstance(chosen, Ask) else chosen[0].element


def click_each(wanted: ClickEach, now: Situation) -> Outcome:
    """One click for each entry, from the first on."""
    what = f"click {wanted.name} of {wanted.entry}"
    elements = now.observation.elements
    found = [
        one for one in called(elements, wanted.name) or signs(elements, wanted.name) if _belongs(one, wanted.entry)
    ]
    clicked = {step.memory["notes"]["element"] for step in now.taken("each")}
    count = wanted.count or len({one.index for one in found} | clicked)
    if len(clicked) == count and count:
        return Done()
    left = [one for one in found if one.index not in clicked]
    if not left or count > len(left) + len(clicked):
        raise OutriderError("TARGET_NOT_FOUND", description=what, url=now.observation.url)
    return Move(Click(left[0].index), f"Clicking {describe(left[0])}", "each", {"element": left[0].index})


def reach(wanted: Reach, now: Situation) -> Outcome:
    """Turn page after page until a text or an element is called so."""
    words = plain_words(wanted.name)
    texts = [text.text for text in now.observation.texts] + [one.name for one in now.observation.elements]
    if any(plain_words(text) == words for text in texts):
        return Done()
    on = [
        one
        for one in now.observation.elements
        if one.name.strip().lower() in _NEXT and one.role == "link" and "disabled" not in one.states
    ]
    if not on or len(now.taken("turn")) >= _MOST_PAGES:
        raise OutriderError("TARGET_NOT_FOUND", description=wanted.name, url=now.observation.url)
    return Move(Click(on[0].index), f"Going on to look for {wanted.name}", "turn")
