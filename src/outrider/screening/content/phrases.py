"""Phrases that rules look for: words in order, with alternatives and bounded gaps.

``ignore|forget ~3 previous|prior ~2 instructions``: a word of each group, in this order, with at most so many other
words between (none without ``~``). ``^`` is the start of the text and ``$`` its end. There are no patterns and there is
nothing to backtrack: finding one takes time in proportion to the number of words.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import Final, Self

from outrider.screening.content.normal import BREAK, fold

__all__ = ["Phrase", "Span", "Words", "first_of"]

#: First and last word of an occurrence, as positions.
Span = tuple[int, int]

MAX_GAP: Final = 12
_COMMON: Final = frozenset(
    b"a an and any all are as at be by do for from has have if in is it its not of on or that the this to was will "
    b"with you your".split()
)


class Words:
    """The words of texts, with what is needed to find phrases among them."""

    def __init__(self, words: Sequence[bytes], anchors: Set[bytes] | None = None) -> None:
        """With ``anchors`` only the places of these are remembered: the ``rare_words`` that will be looked for."""
        self.all = words
        self._anchors = anchors

    @cached_property
    def places(self) -> Mapping[bytes, Sequence[int]]:
        """Where each word stands."""
        numbered = enumerate(self.all)
        places: dict[bytes, list[int]] = defaultdict(list)
        for place, word in (
            numbered if self._anchors is None else compress(numbered, map(self._anchors.__contains__, self.all))
        ):
            places[word].append(place)
        return places

    def places_of(self, words: frozenset[bytes]) -> Sequence[int]:
        """Where any of the words stands."""
        return [place for word in words & self.vocabulary for place in self.places[word]]

    @cached_property
    def vocabulary(self) -> Set[bytes]:
        """Every word once."""
        return frozenset(self.places)

    def is_edge(self, place: int) -> bool:
        """Is it before the first word of a text, or after its last?"""
        return not 0 <= place < len(self.all) or self.all[place] == BREAK

    def around(self, span: Span, before: int, after: int) -> "Words":
        """The words of a span, and so many around it."""
        return Words(self.all[max(0, span[0] - before) : span[1] + 1 + after])


@dataclass(frozen=True, slots=True)
class _Group:
    words: frozenset[bytes]
    #: Most words between it and the group before.
    gap: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a rule."""

    groups: tuple[_Group, ...]
    #: Numbers of the groups without a word that almost every text has.
    rare: tuple[int, ...]
    #: For each group, at most how many words before it the phrase begins.
    reaches: tuple[int, ...]
    at_start: bool
    at_end: bool

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> Self:
        """From its written form. Raises ValueError."""
        groups: list[_Group] = []
        gap = 0
        tokens = text.split()
        at_start, at_end = tokens[:1] == ["^"], tokens[-1:] == ["$"]
        for token in tokens[at_start : len(tokens) - at_end]:
            if token.startswith("~"):
                gap = int(token[1:])
                if not 0 <= gap <= MAX_GAP:
                    raise ValueError(f"a gap is 0 to {MAX_GAP} words")
                continue
            words = frozenset(fold(word).encode() for word in token.split("|"))
            if b"" in words:
                raise ValueError(f"“{token}” has an empty word")
            groups.append(_Group(words, gap))
            gap = 0
        if not groups or gap:
            raise ValueError("a phrase begins and ends with a word")
        rare = tuple(number for number, group in enumerate(groups) if group.words.isdisjoint(_COMMON))
        if not rare:
            raise ValueError(f"“{text}” has no group without a word that almost every text has")
        reaches = tuple(accumulate(group.gap + 1 for group in groups))
        return cls(tuple(groups), rare, reaches, at_start, at_end)

    @property
    def rare_words(self) -> frozenset[bytes]:
        """The words of its rare groups: what an index has to have."""
        return frozenset().union(*(self.groups[number].words for number in self.rare))

    def find(self, words: Words) -> tuple[Span, ...]:
        """All occurrences, one for each last word."""
        found = {place: place for place in self._starts(words)}
        if not found:
            return ()
        if self.at_start:
            found = {place: start for place, start in found.items() if words.is_edge(place - 1)}
        for group in self.groups[1:]:
            found = {
                place: start
                for last, start in found.items()
                for place in range(last + 1, min(last + 2 + group.gap, len(words.all)))
                if words.all[place] in group.words
            }
        return tuple((start, end) for end, start in found.items() if not self.at_end or words.is_edge(end + 1))

    def _starts(self, words: Words) -> Sequence[int]:
        """Where it may begin: not too far before a word of its rarest group, so that long texts cost little."""
        vocabulary, groups = words.vocabulary, self.groups
        for number in self.rare:
            if groups[number].words.isdisjoint(vocabulary):
                return ()
        places = [(words.places_of(groups[number].words), number) for number in self.rare]
        fewest, number = min(places, key=_length)
        if number == 0:
            return fewest
        first, reach = groups[0].words, self.reaches[number]
        all_words = words.all
        return [start for place in fewest for start in range(max(0, place - reach), place) if all_words[start] in first]


def _length(places: tuple[Sequence[int], int]) -> int:
    return len(places[0])


def first_of(phrases: Iterable[Phrase], words: Words) -> Span | None:
    """An occurrence of any of the phrases."""
    return next((span for phrase in phrases for span in phrase.find(words)), None)
