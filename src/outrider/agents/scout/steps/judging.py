"""Whether a condition of the task is met, as the page shows it. What the page leaves open is no verdict."""

import re
from typing import Final

from outrider.agents.scout.pages.choosing import is_available, meets
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.pages.told import ASIDE
from outrider.agents.scout.steps.attempts import failure
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.steps.reading import look
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.criteria import Condition
from outrider.agents.scout.tasks.intentions import Read
from outrider.agents.scout.tasks.undertakings import When
from outrider.interfaces.actions import Extract
from outrider.interfaces.pages import MOST_OPTIONS, Element, Extraction
from outrider.problems import OutriderError

__all__ = ["judge"]


def judge(wanted: When, now: Situation) -> Outcome:
    """Read the value that decides: of its field, else as the page says it.

    Raises RESULT_NOT_FOUND when the page has none, several, or one that leaves it open.
    """
    condition = wanted.condition
    fields = [e for e in now.observation.elements if _is_field_of(e, condition.field)]
    extraction = now.extraction
    if not fields and extraction is None:
        if now.last is not None and now.last.problem:
            raise failure(now.last, "read the page", now)
        return Move(Extract(), f"Reading {condition.field}", "read")
    values = {e.value or "" for e in fields} or (_told(condition, extraction, now) if extraction else set())
    value, *more = values or {""}
    met = None if more or not value else _is_met(condition, value)
    if met is None or (fields and not _can_be(condition, fields[0])):
        raise OutriderError("RESULT_NOT_FOUND", missing=_sought(condition, sorted(values)), url=now.observation.url)
    if wanted.then if met else wanted.otherwise:
        return Done({"verdict": met})
    quote = f"{condition.field}: {value}"  # where nothing is to be done by it, the value is told, since it is why
    return Done({"verdict": met, "values": [[condition.field, value, now.observation.url, quote]]})


def _is_field_of(element: Element, field: str) -> bool:
    """Whether it has the value of the thing on the page; a filter beside a list has another."""
    named = any(canonical(text) == canonical(field) for text in (element.name, *element.hints))
    return named and element.value is not None and element.region not in ASIDE


def _told(condition: Condition, extraction: Extraction, now: Situation) -> set[str]:
    """What the page says of it: under exactly that label, else in another way that pages have."""
    words = canonical(condition.field)
    labelled = {pair.value for pair in extraction.pairs if pair.value and canonical(pair.label) == words}
    if labelled:
        return labelled
    value = look(Read((condition.field,)), None, extraction, now).get(condition.field)
    return set() if value is None else {str(value.value)}


def _is_met(condition: Condition, value: str) -> bool | None:
    if condition.field == "availability":
        available = is_available(value)
        return None if available is None else available is (condition.test == "is")
    if condition.test in ("is", "is not"):
        shown, wanted = plain_words(value), plain_words(condition.value)
        if shown != wanted and (set(shown) <= set(wanted) or set(wanted) <= set(shown)):
            return None  # "Shipped on 3 May" is "shipped", or is it?
        return (shown == wanted) is (condition.test == "is")
    item = Item("", columns={condition.field: value})
    unclear = item.amount(condition.field) is None or _OF_SEVERAL.search(value)
    return None if unclear else meets(item, (condition,))


#: More than one amount, or not the whole of one: "£15 – £25", "from £15", "save £5".
_OF_SEVERAL: Final = re.compile(r"\d\D+\s\D*\d|\b(?:from|up to|save|off|per)\b", re.IGNORECASE)


def _can_be(condition: Condition, field: Element) -> bool:
    """Whether a field that offers a choice offers what the condition asks: else the two speak of different things."""
    offered = {plain_words(option) for option in field.options}
    complete = 0 < len(field.options) < MOST_OPTIONS and condition.field != "availability"
    return not complete or condition.test not in ("is", "is not") or plain_words(condition.value) in offered


def _sought(condition: Condition, values: list[str]) -> str:
    """What is missing, with what is there instead."""
    there = f": the page has {', '.join(f'“{value}”' for value in values)}" if any(values) else ""
    return f"{condition.field}, {condition.test} {condition.value}{there}"
