"""What is to be done only if: "if it is sold out, take the next one instead", "if its status is open, close it"."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from outrider.agents.scout.tasks.criteria import Condition, Selection, select
from outrider.agents.scout.tasks.intentions import AddToBasket, Enter, Intention, Locate, Pick
from outrider.agents.scout.tasks.language import Utterance, like
from outrider.agents.scout.tasks.phrases import Q
from outrider.agents.scout.tasks.undertakings import When

__all__ = ["adjusted", "depending", "is_condition", "turns"]

#: What a clause means; None when that is not understood.
ReadClause = Callable[[str], tuple[Intention, ...] | None]

#: What a task calls the thing that it spoke of last.
_THING: Final = "one|product|item|article|book|thing|model|offer"
_WHAT: Final = rf"(?:it|that|this|(?:the|that|this) (?:{_THING}|(?:user ?|e-?mail )?(?:address|name)|e-?mail))"
_OUT: Final = like(rf"if {_WHAT} is (?:already )?(?:out of stock|sold out|unavailable|not (?:available|in stock))")
_TAKEN: Final = like(rf"if {_WHAT} is (?:already |not )?(?:taken|in use|used|registered|known|available|free)")
_NEXT: Final = like(
    r"(?:take|use|choose|add|pick|try) the (?:next|following)"
    r"(?: (?:cheapest|best|dearest|one|product|item|most expensive))*(?: instead)?"
)
_OTHER: Final = like(r"(?:take|use|choose|enter|try) (?P<value>\S+?)(?: instead)?")


def turns(clause: str) -> bool:
    """Whether a clause says what is to be done otherwise."""
    return _OTHERWISE.fullmatch(clause) is not None


def is_condition(clause: str) -> bool:
    """Whether a clause begins a condition that changes how what was said before is done."""
    return _OUT.fullmatch(clause) is not None or _TAKEN.fullmatch(clause) is not None


def adjusted(
    condition: str, consequence: str, found: Sequence[Intention], utterance: Utterance
) -> list[Intention] | None:
    """The intentions so far, with what is to be done otherwise; None when it fits none of them.

    The next of an order after what is out of stock is the first that is in stock.
    """
    steps = list(found)
    if _OUT.fullmatch(condition) and _NEXT.fullmatch(consequence):
        at = next((i for i in reversed(range(len(steps))) if isinstance(steps[i], Pick)), None)
        if at is None or not isinstance(pick := steps[at], Pick) or not pick.selection.order:
            return None
        in_stock = Condition("availability", "is", "in stock")
        steps[at] = replace(pick, selection=replace(pick.selection, conditions=(*pick.selection.conditions, in_stock)))
        return steps
    if _TAKEN.fullmatch(condition) and (other := _OTHER.fullmatch(consequence)):
        names = ("email", "username", "user", "name")
        at = next((i for i, one in enumerate(steps) if isinstance(one, Enter) and _called(one, names)), None)
        if at is None or not isinstance(entry := steps[at], Enter):
            return None
        steps[at] = replace(entry, otherwise=utterance.expand(other["value"]))
        return steps
    return None


def _called(entry: Enter, names: Sequence[str]) -> bool:
    return any(name in entry.field.text.replace("-", "").lower() for name in names)


_NOW: Final = r"(?: (?:at the moment|at present|currently|right now|now|any ?more|any longer))?"
_STILL: Final = r"(?:still |already |currently |now )?"
_NOT: Final = r"(?:is not|isn['’]t)"
_HAVE: Final = r"(?:can['’]t|cannot|can not) be (?:had|bought|ordered|delivered)"
_GONE: Final = rf"(?:is {_STILL}(?:out of stock|sold out|unavailable)|{_NOT} {_STILL}(?:available|in stock)|{_HAVE})"
_THERE: Final = rf"(?:is {_STILL}(?:available|in stock)|can be (?:had|bought|ordered))"


#: What "the …" has to be called to be a value of a thing: "the order is not shipped" speaks of the thing itself.
_OF_THING: Final = "status|state|type|category|priority|severity|stage|colou?r|size|brand|language|format|level|grade"

_IN_STOCK: Final = Condition("availability", "is", "in stock")
_SOLD_OUT: Final = Condition("availability", "lacks", "in stock")


def _always(condition: Condition) -> Callable[[re.Match[str], Utterance], Condition]:
    return lambda found, utterance: condition


def _equality(found: re.Match[str], utterance: Utterance) -> Condition:
    return Condition(found["field"].lower(), "is not" if found["not"] else "is", utterance.expand(found["value"]))


def _price(found: re.Match[str], utterance: Utterance) -> Condition | None:
    said = select(f"product {found['limit']}", utterance)
    if len(said.conditions) != 1 or said != Selection(conditions=said.conditions):
        return None  # it says something else beside the limit
    return said.conditions[0] if said.conditions[0].field == "price" else None


#: What can be seen on the page of the thing that was spoken of last.
_CONDITIONS: Final = (
    (like(rf"if {_WHAT} {_GONE}{_NOW}"), _always(_SOLD_OUT)),
    (like(rf"if {_WHAT} {_THERE}{_NOW}"), _always(_IN_STOCK)),
    (like(rf"if {_WHAT} costs? (?P<limit>.+)"), _price),
    (
        like(
            rf"if (?:its|the(?= (?:[a-z]+ )?(?:{_OF_THING}) )) (?P<field>[a-z]+(?: [a-z]+)?) (?:is|are) "
            rf"{_STILL}(?P<not>not )?{_STILL}(?:set to )?(?P<value>{Q}|[\w-]+)"
        ),
        _equality,
    ),
)
_OTHERWISE: Final = like(r"(?:otherwise|or else|else|if not),?\s+(?P<what>.+)")
_INSTEAD: Final = like(r"\s+instead$")


def depending(
    clause: str, rest: Sequence[str], found: Sequence[Intention], read: ReadClause, utterance: Utterance
) -> list[Intention] | None:
    """The intentions so far with what is to be done if, or otherwise; None when it depends on nothing that can be seen.

    ``rest`` are the clauses that follow in the sentence, ``read`` says what one means. What is to be taken instead of
    a thing that is sold out is taken in its place.
    """
    told = _OTHERWISE.fullmatch(clause)
    if told:
        return _otherwise((told["what"], *rest), found, read)
    condition = _condition(clause, utterance)
    turn = next((at for at, one in enumerate(rest) if _OTHERWISE.fullmatch(one)), len(rest))
    steps = _all(read, [_INSTEAD.sub("", one) for one in rest[:turn]])
    if condition is None or not steps:
        return None
    if condition == _SOLD_OUT and _puts_in(found):
        decided = [*found[:-1], When(condition, steps, (found[-1],))]
    elif any(map(_INSTEAD.search, rest)):
        return None
    else:
        decided = [*found, When(condition, steps)]
    return depending(rest[turn], rest[turn + 1 :], decided, read, utterance) if turn < len(rest) else decided


def _otherwise(clauses: Sequence[str], found: Sequence[Intention], read: ReadClause) -> list[Intention] | None:
    """With what is to be done when the condition just before is not met."""
    steps = _all(read, clauses)
    if steps is None or not found or not isinstance(last := found[-1], When) or last.otherwise:
        return None
    return [*found[:-1], replace(last, otherwise=steps)]


def _condition(clause: str, utterance: Utterance) -> Condition | None:
    for pattern, build in _CONDITIONS:
        if told := pattern.fullmatch(clause):
            return build(told, utterance)
    return None


def _puts_in(found: Sequence[Intention]) -> bool:
    """Whether the step before puts a thing into the basket that the task names."""
    return len(found) > 1 and isinstance(found[-1], AddToBasket) and isinstance(found[-2], Locate)


def _all(read: ReadClause, clauses: Sequence[str]) -> tuple[Intention, ...] | None:
    """The steps of several clauses; None when one of them is not understood."""
    meanings = [read(clause) for clause in clauses]
    if any(meaning is None for meaning in meanings):
        return None
    return tuple(step for meaning in meanings for step in meaning or ())
