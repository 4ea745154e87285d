"""Which element a description means: words of name, hints and surroundings, and role cues.

Words count by how rare they are on the page, so that "Add" in twenty buttons weighs little against "teapot" in one
row. Nothing here knows a site.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from outrider.agents.scout.synonyms import ROLE_CUES, canonical, plain_words
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.pages import Element, Observation

#: Below this a candidate does not fit the description.
FITS: Final = 0.5
#: A second candidate that is closer than this to the first leaves the description ambiguous.
MARGIN: Final = 0.06

CLICKED: Final = frozenset(
    {
        "button",
        "link",
        "tab",
        "menuitem",
        "option",
        "radio",
        "checkbox",
        "switch",
        "treeitem",
        "menuitemcheckbox",
        "summary",
    }
)
TYPED: Final = frozenset({"textbox", "searchbox", "spinbutton", "combobox"})
CHOSEN: Final = frozenset({"combobox", "listbox"})
TICKED: Final = frozenset({"checkbox", "switch", "radio", "menuitemcheckbox", "menuitemradio"})

#: What an element that fits the words gains or loses by where and how it is.
_REGIONS: Final[Mapping[str, float]] = {"main": 0.02, "form": 0.02, "dialog": 0.04, "contentinfo": -0.04}
_NO_FIELD: Final = frozenset({"hidden", "submit", "button", "image", "reset", "file"})


#: "9. Classes", "Chapter 3: Lists".
NUMBERING: Final = re.compile(r"^\W*(?:chapter |section |part )?(?:\d+(?:\.\d+)*|[IVX]+)[.:)]\s+", re.IGNORECASE)

#: How much a word counts.
Weigh = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An element and how well it fits, from 0 to a little over 1."""

    element: Element
    score: float


def rank(elements: Sequence[Element], target: Target, roles: frozenset[str]) -> tuple[Candidate, ...]:
    """The elements that fit a description, best first. ``roles`` are those that the action can use.

    Elements of other roles count less, as do disabled ones. ``target.position`` picks among equals.
    """
    scale = _Scale(target, _rarity(tuple(element.name for element in elements)))
    wanted = target.roles & roles or roles
    scored = (Candidate(one, scale.fit(one) + _bonus(one, wanted, roles)) for one in elements if scale.may_fit(one))
    fitting = sorted((one for one in scored if one.score >= FITS), key=lambda one: -one.score)
    return _at_position(fitting, target) if target.position else tuple(fitting)


def ambiguous(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that can't be told apart by the description; empty when the first is decisive.

    Links of one name to one address are no ambiguity; two buttons never do the same thing for sure.
    """
    if not candidates:
        return ()
    close = [one for one in candidates if candidates[0].score - one.score < MARGIN]
    close = [one for one in close if not any(_holds(one.element, other.element) for other in close)]
    distinct: dict[tuple[str, ...], Candidate] = {}
    for one in close:
        distinct.setdefault(_identity(one.element), one)
    return tuple(distinct.values()) if len(distinct) > 1 else ()


def called(elements: Sequence[Element], name: str) -> tuple[Element, ...]:
    """The elements with just this name, whatever their role, fields aside; those with the same letters if there are."""
    words = plain_words(name)
    usable = [one for one in elements if one.role not in TYPED | CHOSEN]
    if not words:  # a sign: "+"
        return tuple(one for one in usable if name.strip() and one.name.strip() == name.strip())
    alike = [one for one in usable if plain_words(one.name) == words]
    return tuple(one for one in alike if one.name == name) or tuple(alike)


def labelled(observation: Observation, label: str) -> tuple[Element, ...]:
    """The elements that follow a label in its line: "Address: 12 High Street"."""
    words = canonical(label)
    split = (text.text.partition(":") for text in observation.texts)
    values = {value.strip() for before, sign, value in split if sign and words and canonical(before) == words}
    return tuple(one for one in observation.elements if one.name and one.name in values)


def signs(elements: Sequence[Element], name: str) -> tuple[Element, ...]:
    """The nameless elements that are drawn as something: by their classes and ids, those with just its words first."""
    words = set(canonical(name))
    if not words:
        return ()
    having = [one for one in elements if not one.name and any(words <= set(canonical(hint)) for hint in one.hints)]
    just = [one for one in having if any(words == set(canonical(hint)) for hint in one.hints)]
    return tuple(one for one in just if name in one.hints) or tuple(just) or tuple(having)


def _holds(outer: Element, inner: Element) -> bool:
    """Whether one is only drawn around the other: a click on the inner one is a click on both."""
    a, b = outer.box, inner.box
    x, y = b.x + b.width / 2, b.y + b.height / 2
    around = a.x <= x <= a.x + a.width and a.y <= y <= a.y + a.height
    return around and a.width * a.height > b.width * b.height and outer.name == inner.name


def covers(element: Element, target: Target) -> bool:
    """Whether an element, with what is around it, has all words of a description or forms of them."""
    around = {*canonical(element.name), *_surroundings(element), *_ALSO_CALLED.get(element.region, ())}
    words = (*canonical(target.text), *canonical(target.near)) if target.text or target.near else ()
    return all(_likeness(word, around) > 0 for word in words)


_ALSO_CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "banner": ("header", "top"),
    "contentinfo": ("footer", "bottom"),
    "navigation": ("menu", "header"),
    "complementary": ("sidebar", "menu"),
    "dialog": ("popup", "banner", "window"),
}


def describe(element: Element) -> str:
    """How a person would call an element: ``link “Books”``."""
    name = element.name or next(iter(element.hints), "") or element.context
    return f"{element.role or element.tag} “{name}”" if name else element.role or element.tag


def _identity(element: Element) -> tuple[str, ...]:
    return (element.role, element.name.casefold(), element.href or str(element.index))


def _at_position(fitting: Sequence[Candidate], target: Target) -> tuple[Candidate, ...]:
    """The equals of the best one, in page order; the wanted one first."""
    if not fitting:
        return ()
    equals = [one for one in fitting if fitting[0].score - one.score < 0.15]
    best = canonical(fitting[0].element.name)
    same = sorted((one for one in equals if canonical(one.element.name) == best), key=lambda one: one.element.index)
    place = target.position - 1 if target.position > 0 else target.position
    return (same[place],) if -len(same) <= place < len(same) else ()


@lru_cache(maxsize=8)
def _rarity(names: tuple[str, ...]) -> Weigh:
    """Weight of a word: high when few of the page's names have it. Kept, since a page is asked about several times."""
    seen = Counter(word for name in names for word in set(canonical(name)))
    total = max(len(seen), 1)
    return lambda word: 0.4 + math.log(1 + total / (1 + seen[word]))


def _bonus(element: Element, wanted: frozenset[str], usable: frozenset[str]) -> float:
    role = 0.08 if element.role in wanted else -0.12 if element.role in usable else -0.6
    state = -0.3 if "disabled" in element.states else 0.0
    kind = -0.6 if element.kind in _NO_FIELD and "textbox" in wanted else 0.0
    return role + state + kind + _REGIONS.get(element.region, 0.0) + (0.02 if element.in_view else 0.0)


class _Scale:
    """How well elements fit one description. Names that come again are weighed once: a page may have thousands."""

    def __init__(self, target: Target, weigh: Weigh) -> None:
        self._target = target
        self._weigh = weigh
        #: The description with and without the role word, which may be part of the name after all.
        self._texts = (target.text, f"{target.text} {target.cue}") if target.cue else (target.text,)
        self._words = [canonical(text) for text in self._texts]
        self._any = set().union(*self._words) if canonical(target.text) else None
        self._stems = {word[:5] for word in self._any or () if len(word) > 4}
        self._known: dict[str, float] = {}

    def may_fit(self, element: Element) -> bool:
        """A quick look: whether the element has a word of the description at all."""
        if self._any is None:
            return True
        texts = (element.name, *element.hints) if element.name else (element.context, element.region, *element.hints)
        return any(map(self._shares, texts))

    def _shares(self, text: str) -> bool:
        words, stems = self._any or set(), self._stems
        return any(word in words or word[:5] in stems for word in canonical(text))

    def fit(self, element: Element) -> float:
        """From 0 to 1: by the words of the name, else of the hints and surroundings; less the wrong surroundings."""
        near = canonical(self._target.near) if self._target.near else ()
        if self._any is None:
            return _share(near, _surroundings(element), self._weigh)
        by_name = self._by_name(element.name)
        fit = max(by_name, max((0.88 * self._by_name(hint) for hint in element.hints), default=0.0))
        if fit < 0.9:
            fit = max(fit, self._with_surroundings(element))
        if fit > 0 and near:
            fit = fit * 0.6 + 0.4 * _share(near, _surroundings(element), self._weigh)
        return fit if fit > 0 else -1.0

    def _by_name(self, name: str) -> float:
        if name not in self._known:
            pairs = zip(self._texts, self._words, strict=True)
            self._known[name] = max(_name_fit(name, text, words, self._weigh) for text, words in pairs)
        return self._known[name]

    def _with_surroundings(self, element: Element) -> float:
        """The words may be in part in the name, the others around it."""
        named = set(canonical(element.name))
        around = named | _surroundings(element)
        fits = (_share(words, around, self._weigh) for words in self._words if not named or named & set(words))
        return 0.9 * max(fits, default=0.0)


def _name_fit(name: str, text: str, words: tuple[str, ...], weigh: Weigh) -> float:
    if not name:
        return 0.0
    if plain_words(name) == plain_words(text):
        return 1.0
    if plain_words(NUMBERING.sub("", name)) == plain_words(text):
        return 0.98
    of_name = canonical(name)
    if of_name == words:
        return 0.92
    recall, precision = _share(words, set(of_name), weigh), _share(of_name, set(words), weigh)
    if recall == 0:
        return 0.0
    ordered = 0.06 if _contains(of_name, words) else 0.0
    first = 0.04 if of_name[: len(words)] == words else 0.0
    return (0.62 * recall + 0.22 * precision + ordered + first) * (1.0 if recall > 0.5 else 0.8)


def _share(words: Sequence[str], among: Iterable[str], weigh: Weigh) -> float:
    """Share of the words, by weight, that are among others; near forms count in part."""
    others = among if isinstance(among, set) else set(among)
    total = sum(map(weigh, words))
    return sum(weigh(word) * _likeness(word, others) for word in words) / total if total else 0.0


def _likeness(word: str, others: set[str]) -> float:
    if word in others:
        return 1.0
    return 0.75 if any(other[:5] == word[:5] and _related(word, other) for other in others) else 0.0


def _related(one: str, other: str) -> bool:
    """Forms of one word: a common beginning of at least five letters and two thirds of the longer."""
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= 5 and common * 3 >= 2 * max(len(one), len(other))


def _contains(whole: Sequence[str], part: Sequence[str]) -> bool:
    return any(tuple(whole[i : i + len(part)]) == tuple(part) for i in range(len(whole) - len(part) + 1))


def _surroundings(element: Element) -> set[str]:
    return {word for text in (element.context, element.region, *element.hints) for word in canonical(text)}


#: All roles that a description may ask for.
ANY_ROLE: Final = CLICKED | TYPED | CHOSEN | TICKED | frozenset().union(*ROLE_CUES.values())
