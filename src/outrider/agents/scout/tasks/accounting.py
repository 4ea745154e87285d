"""Nothing that a task says is ignored: which words of a clause its meaning has not taken up.

A word is taken up by a value of an intention (a name, a query, a field, a criterion), or by the pattern of the rule
that made it, or it is one of the words that only hold a sentence together. Words that change a meaning by themselves
("except", "without", "not", "or", "before") hold nothing together: they count only where a pattern has them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from outrider.agents.scout.amounts import names_of_number
from outrider.agents.scout.synonyms import LIST_NOUNS, VALUES, plain_words, stem, value_kind
from outrider.agents.scout.tasks.criteria import Order, Selection, kind_of
from outrider.agents.scout.tasks.intentions import Intention, Seek


def _words(text: str) -> frozenset[str]:
    return frozenset(map(stem, plain_words(text)))


#: Words that hold a sentence together, and those that only say "the thing on the page".
_FUNCTION: Final = _words(
    "a an the this that these those its their my your his her our it them one ones each every all any both some such "
    "of to in on at for with by from as into inside onto within through via using across over and then "
    "is are was were be been being do does did has have had can could will would shall may might must let "
    "there here i me you we us they he she who whose which what where how please now also just only simply exactly "
    "again page site website web shop store catalogue catalog screen thing s "
) | frozenset(LIST_NOUNS)


def left_over(said: str, meaning: Sequence[Intention], worded: Sequence[str] = ()) -> tuple[str, ...]:
    """The phrases of a clause, its verb aside, that its meaning does not account for; in order, as they are written.

    ``worded`` is what the patterns of its rules matched by themselves.
    """
    taken = (word for one in meaning if not isinstance(one, Seek) for word in _of_values(one))
    known = _FUNCTION.union(_words(" ".join(worded)), taken)
    words = said.split()
    unknown = [at for at, word in enumerate(words) if not all(stem(part) in known for part in plain_words(word))]
    return tuple(_phrases(words, unknown))


def _phrases(words: Sequence[str], unknown: list[int]) -> Iterator[str]:
    """Runs of words that are not known, with up to two known ones between them."""
    while unknown:
        begin = end = unknown.pop(0)
        while unknown and unknown[0] - end <= 3:
            end = unknown.pop(0)
        yield " ".join(words[begin : end + 1]).strip(".,:;")


def _of_values(value: Any) -> Iterator[str]:
    """The words that a value stands for, whatever its type."""
    if isinstance(value, str):
        yield from _words(value)
        yield from (word for name in VALUES.get(value_kind(value), ()) for word in _words(name))
    elif isinstance(value, int):
        yield from names_of_number(value) if value and not isinstance(value, bool) else ()
    elif isinstance(value, tuple):
        for part in value:
            yield from _of_values(part)
    elif isinstance(value, Selection):
        yield from _words(kind_of(value.noun)) - _ORDINALS
        yield from _of_values((value.order, value.conditions, value.position, value.count))
    elif isinstance(value, Order):
        yield from _words(value.field)
    elif is_dataclass(value):
        yield from _of_values(tuple(getattr(value, one.name) for one in fields(value)))


_ORDINALS: Final = frozenset(name for number in (-1, *range(1, 13)) for name in names_of_number(number))
