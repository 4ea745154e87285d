"""Orders of a list as people and sites word them: "cheapest first", "Price: low to high", "by name, descending"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from outrider.agents.scout.synonyms import canonical, value_kind


@dataclass(frozen=True, slots=True)
class Ordering:
    """By which value a list is sorted; ``descending`` is None where the words don't tell."""

    by: tuple[str, ...]
    descending: bool | None = None


#: Words that say both the value and the direction.
_WHOLE: Final = tuple(
    (re.compile(rf"\b(?:{words})\b"), Ordering((by,), descending))
    for words, by, descending in (
        ("cheapest|least expensive|lowest[- ]priced", "price", False),
        ("most expensive|dearest|priciest|highest[- ]priced", "price", True),
        ("newest|latest|most recent(?:ly added)?|new arrivals", "date", True),
        ("oldest|earliest", "date", False),
        ("(?:best|highest|top)[- ](?:rated|reviewed|rating)|most highly rated", "rating", True),
        ("(?:worst|lowest)[- ](?:rated|reviewed|rating)", "rating", False),
        ("best[- ]?sell(?:ing|ers?)|most popular|popularity", "popularity", True),
        ("relevan(?:ce|cy|t)|most relevant|best match(?:es)?", "relevance", True),
        ("alphabetic(?:al|ally)?(?: order)?", "name", False),
    )
)
_DESCENDING: Final = re.compile(
    r"\b(?:high(?:est)?\b.*\blow(?:est)?|z\s*(?:-|–|to|→|>)\s*a|desc(?:ending)?|decreasing|falling|reverse[d]?"
    r"|(?:highest|best|most|largest|biggest)(?: first)?|high first)\b|↓|▼"
)
_ASCENDING: Final = re.compile(
    r"\b(?:low(?:est)?\b.*\bhigh(?:est)?|a\s*(?:-|–|to|→|>)\s*z|asc(?:ending)?|increasing|rising"
    r"|(?:lowest|least|smallest|fewest|worst)(?: first)?|low first)\b|↑|▲"
)
_NO_VALUE: Final = frozenset({"order", "first", "sort", "customer", "average", "come", "so", "that", "value", "list"})
#: Which end comes first where nothing is said.
_NATURAL: Final[Mapping[tuple[str, ...], bool]] = {("rating",): True, ("date",): True, ("name",): False}


def ordering(text: str) -> Ordering:
    """What a wording asks for or an option offers."""
    lowered = text.lower()
    whole = [(found.start(), order) for pattern, order in _WHOLE if (found := pattern.search(lowered))]
    if whole:
        return min(whole, key=lambda one: one[0])[1]
    ways = [(found, way) for way, pattern in _WAYS if (found := pattern.search(lowered))]
    first = min(ways, key=lambda one: one[0].start(), default=None)
    rest = f"{lowered[: first[0].start()]} {lowered[first[0].end() :]}" if first else lowered
    words = tuple(word for word in canonical(rest) if word not in _NO_VALUE)
    kind = value_kind(" ".join(words)) or next((kind for word in words if (kind := value_kind(word))), "")
    return Ordering(("rating",) if kind == "reviews" else (kind,) if kind else words, first[1] if first else None)


_WAYS: Final = ((True, _DESCENDING), (False, _ASCENDING))


def fitting_orders(options: Sequence[str], wanted: str) -> tuple[str, ...]:
    """The options that sort as the words ask; several when the words leave the direction open.

    Without a direction the natural one is meant, where there is one: names from A, dates and ratings from the top.
    """
    want = ordering(wanted)
    same = [(option, order) for option in options if (order := ordering(option)).by == want.by and want.by]
    natural = _NATURAL.get(want.by)
    if want.descending is None:
        return tuple(option for option, order in same if order.descending is natural) or tuple(one for one, _ in same)
    exact = tuple(option for option, order in same if order.descending is want.descending)
    open_ended = tuple(option for option, order in same if order.descending is None)
    return exact or (open_ended if natural is want.descending else ())
