"""Elements by description: written down when a step is taken, found again on a page that may have moved them.

An element is found as it was, else by what a renaming leaves alone (its address, its id), else by its words. Where two
fit nearly alike, or what told it from its equals is not there any more, it is not found: a wrong click costs more than
a question.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from outrider.agents.scout.pages.grounding import CLICKED, TYPED, ambiguous, rank
from outrider.agents.scout.synonyms import canonical
from outrider.agents.scout.tasks.targets import Target as Wording
from outrider.interfaces.actions import Action, Pay
from outrider.interfaces.pages import Element, Observation
from outrider.protocol.scripts import Target

__all__ = ["Located", "as_json", "described", "indices_of", "locate", "passes", "spoken"]

_WORD: Final = re.compile(r"\w(?:[\w.,'’-]*\w)?")
_NUMBER: Final = re.compile(r"\d")
#: Share of the words that two names for one thing have in common.
_SAME_WORDS: Final = 0.6
_FAMILIES: Final = (CLICKED, TYPED)
_CLOSES: Final = re.compile(
    r"(?:accept|allow|agree|reject|decline|deny|close|dismiss|got it|ok|okay|no,? thanks|not now|maybe later|skip"
    r"|continue without|only necessary|×|✕)(?: (?:all|cookies|all cookies|\w+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Located:
    """An element that was found; ``anew``: it is not as the description has it."""

    element: Element
    anew: bool


def indices_of(action: Action) -> dict[str, int]:
    """The elements that an action is about: ``index``, what is dragged onto, or the fields of a payment."""
    names = ("number", "expiry", "expiry_month", "expiry_year", "cvc", "holder", "button")
    found = {
        name: getattr(action, name)
        for name in (names if isinstance(action, Pay) else ("index", "onto"))
        if hasattr(action, name)
    }
    return {name: index for name, index in found.items() if index is not None}


def described(action: Action, observation: Observation) -> dict[str, Target]:
    """Descriptions of the elements that an action is about, as they are now."""
    by_index = {element.index: element for element in observation.elements}
    found = ((name, by_index.get(index)) for name, index in indices_of(action).items())
    return {name: _description(element, observation.elements) for name, element in found if element is not None}


def spoken(target: Target) -> str:
    """A description for people: ``button “Add to basket” (Clay pot)``."""
    name = target.name or next(iter(target.hints), "")
    called = f"{target.role or 'element'} “{name}”" if name else target.role or "element"
    return f"{called} ({target.context})" if target.context and target.context != name else called


def passes(region: str, name: str) -> bool:
    """Whether an element closes what may not be there the next time: a banner about cookies, an offer."""
    return region == "dialog" and _CLOSES.fullmatch(name) is not None


def locate(target: Target, observation: Observation) -> Located | None:
    """The element that a description means; None when there is none, or several are as likely."""
    elements = observation.elements
    if (exact := _as_it_was(target, elements)) is not None:
        return Located(exact, anew=False)
    for find in (_by_address, _by_hints, _by_words):
        if (found := find(target, elements)) is not None:
            return Located(found, anew=True)
    return None


def _description(element: Element, elements: Iterable[Element]) -> Target:
    equals = [one for one in elements if (one.role, one.name) == (element.role, element.name)]
    return Target(
        role=element.role,
        name=element.name,
        tag=element.tag,
        kind=element.kind,
        region=element.region,
        context=element.context,
        href=_address(element.href),
        hints=list(element.hints),
        told_by=_telling(element, equals) if len(equals) > 1 else [],
        nth=1 + equals.index(element),
        of=len(equals),
    )


def _address(href: str) -> str:
    parts = urlsplit(href)
    return f"{parts.path}{'?' if parts.query else ''}{parts.query}" if href.startswith("http") else ""


def _as_it_was(target: Target, elements: Iterable[Element]) -> Element | None:
    """The only one of its role and name; of several, the one with the same around it, or in the same place."""
    equals = [e for e in elements if (e.role, e.name, e.kind) == (target.role, target.name, target.kind)]
    if not target.name:  # then only its hints say what it is
        equals = [e for e in equals if list(e.hints) == target.hints]
    told = [e for e in equals if target.of == 1 or _is_told_apart(target, e)]
    if len(told) == 1 and (target.of > 1 or len(equals) == 1):
        return told[0]
    same = [
        e for e in equals if (e.region, e.context, _address(e.href)) == (target.region, target.context, target.href)
    ]
    if len(same) == 1:
        return same[0]
    # As many as there were, and nothing else tells them apart: their order does.
    in_order = equals[target.nth - 1] if len(equals) == target.of >= target.nth else None
    return in_order if in_order in same else None


def _is_told_apart(target: Target, element: Element) -> bool:
    """What made the element one of several equals is still true of it."""
    if target.href and _address(element.href) == target.href:
        return True
    return bool(target.told_by) and set(target.told_by) <= _around(element)


def _telling(element: Element, equals: Iterable[Element]) -> list[str]:
    """The words around an element that none of its equals has; numbers, which change, only when that is all."""
    others = {word for one in equals if one is not element for word in _around(one)}
    words = sorted(_around(element) - others)
    return [word for word in words if not _NUMBER.search(word)] or words


def _around(element: Element) -> set[str]:
    return set(_WORD.findall(f"{element.context} {element.name}".casefold()))


def _by_address(target: Target, elements: Iterable[Element]) -> Element | None:
    """A link of another name that leads to the same page."""
    same = [e for e in elements if target.href and e.role == target.role and _address(e.href) == target.href]
    distinct = {e.name: e for e in same}
    return same[0] if len(distinct) == 1 else None


def _by_hints(target: Target, elements: Iterable[Element]) -> Element | None:
    """An element that pages call otherwise, of the same kind and with the same name attribute or id."""
    wanted = set(target.hints)
    alike = [e for e in elements if (e.role, e.tag, e.kind) == (target.role, target.tag, target.kind)]
    same = [e for e in alike if wanted & set(e.hints)]
    return same[0] if target.of == 1 and len(same) == 1 else None


def _by_words(target: Target, elements: Sequence[Element]) -> Element | None:
    """The element whose words fit best, by a margin, and that says little else."""
    text = target.name or next(iter(target.hints), "")
    if not text:
        return None
    near = target.context if target.of > 1 and target.context != text else ""
    family = next((roles for roles in _FAMILIES if target.role in roles), frozenset({target.role}))
    found = [
        one
        for one in rank(elements, Wording(text, frozenset({target.role}), near=near), family)
        if "disabled" not in one.element.states and _says_the_same(text, one.element)
    ]
    if not found or ambiguous(found):
        return None
    best = found[0].element
    return best if target.of == 1 or _is_told_apart(target, best) else None


def _says_the_same(text: str, element: Element) -> bool:
    """The same words, or most of them; a label may say more or less, a button may not: “Send” is not “Send to all”."""
    wanted, said = _words(text), _words(element.name or next(iter(element.hints), ""))
    if element.role not in CLICKED and (wanted <= said or said <= wanted):
        return bool(wanted & said)
    return len(wanted & said) >= _SAME_WORDS * len(wanted | said) > 0


def _words(text: str) -> set[str]:
    """Numbers, as of what is in a basket, come and go."""
    return {word for word in canonical(text) if not word.isdecimal()}


def as_json(targets: Mapping[str, Target]) -> dict[str, dict[str, object]]:
    """As the log keeps them."""
    return {name: target.model_dump(exclude_defaults=True) for name, target in targets.items()}
