"""Several things in turn: gather the entries of a list, take each, note values, compare what is noted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from outrider.agents.scout.amounts import has_unit, quantity
from outrider.agents.scout.pages.choosing import choose, same_kind
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.pages.told import ASIDE
from outrider.agents.scout.steps.attempts import failure
from outrider.agents.scout.steps.listing import meant
from outrider.agents.scout.steps.paging import go_through
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.steps.reading import look
from outrider.agents.scout.synonyms import canonical, plain_words, value_kind
from outrider.agents.scout.tasks.criteria import Condition, Selection
from outrider.agents.scout.tasks.intentions import Read
from outrider.agents.scout.tasks.undertakings import ADDED_IN, Gather, Note, PickNoted, Take
from outrider.interfaces.actions import Extract
from outrider.interfaces.pages import Element, Extraction
from outrider.problems import OutriderError

__all__ = ["gather", "note", "pick_noted", "take"]

#: How many entries one task works through.
MOST: Final = 40


def gather(wanted: Gather, now: Situation) -> Outcome:
    """All entries that are selected, over all pages. Raises RESULT_NOT_FOUND when there are none or too many."""
    if wanted.selection == Selection() and (linked := _linked(now)):
        return Done({"batch": [item.as_json() for item in linked]})
    gone = go_through(now, wanted.selection, 0)
    if isinstance(gone, Move):
        return gone
    items = choose(meant(wanted.selection, gone.whole(now.observation.url), now), wanted.selection)
    items = tuple(item for item in items if item.link) or _linked(now)
    if not items or len(items) > MOST:
        found = f"{len(items)} of them, at most {MOST} are worked through" if items else "entries to work through"
        raise OutriderError("RESULT_NOT_FOUND", missing=found, url=now.observation.url)
    for condition in wanted.selection.conditions:
        if len(columns := _saying(condition, items)) > 1:
            missing = f"the column in which “{condition.value}” is meant: {', '.join(columns)}"
            raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    return Done({"batch": [item.as_json() for item in items]})


def _saying(condition: Condition, items: Sequence[Item]) -> list[str]:
    """The columns that say what is asked of any column: whose issue it is may be who reported it, or who has it."""
    if condition.field or condition.test != "is":
        return []
    said = ([label for label, text in item.columns.items() if same_kind(text, condition.value)] for item in items)
    return sorted({label for labels in said for label in labels})


def _linked(now: Situation) -> tuple[Item, ...]:
    """The links of the list that belongs to the page's main heading, where its entries are nothing but links."""
    heading = next((text.text for text in now.observation.texts if text.kind == "heading1"), "")
    lists: dict[str, list[Element]] = {}
    for element in now.observation.elements:
        own = element.role == "link" and element.href and element.region not in ASIDE and element.context != heading
        if own and heading and element.context.startswith(heading):
            lists.setdefault(element.context, []).append(element)
    longest = max(lists.values(), key=len, default=[])
    url = now.observation.url
    return tuple(Item(e.name, link=e.href, page=url, index=e.index) for e in longest) if len(longest) > 1 else ()


def take(wanted: Take, now: Situation) -> Outcome:
    """Go on with a gathered entry."""
    return Done({"pick": now.known.batches[wanted.batch][wanted.place].as_json()})


def note(wanted: Note, now: Situation) -> Outcome:
    """Read the values on this page. Raises RESULT_NOT_FOUND when it has none of them."""
    extraction = now.extraction
    if extraction is None:
        if now.last is not None and now.last.problem:
            raise failure(now.last, "read the page", now)
        return Move(Extract(), f"Reading {', '.join(wanted.fields)}", "read")
    pick = now.known.pick if not wanted.subject else None
    name = wanted.subject or (pick.name if pick else extraction.title)
    columns = {field: value for field in wanted.fields if (value := _value(field, name, extraction, now)) is not None}
    missing = [f"{field} of {name}" for field in wanted.fields if field not in columns]
    if len(missing) == len(wanted.fields):
        raise OutriderError("RESULT_NOT_FOUND", missing=", ".join(missing), url=now.observation.url)
    item = Item(
        name, link=extraction.url, columns=columns, page=extraction.url, text="\n".join((name, *columns.values()))
    )
    learned: Mapping[str, Any] = {"noted": item.as_json()}
    if wanted.told:
        fields = ["name", *(field for field in wanted.fields if field != "name")]
        learned = {"listed": {"items": [item.as_json()], "fields": fields}, "missing": missing}
    return Done(learned)


def _value(field: str, subject: str, extraction: Extraction, now: Situation) -> str | None:
    if field == ADDED_IN:
        return _added_in(subject, extraction)
    if field == "address":
        return extraction.url
    opened = replace(now, known=replace(now.known, opened=extraction.url))
    for name in (field, *_ALSO.get(field, ())):
        found = look(Read((name,)), None, extraction, opened)
        if name in found:
            return str(found[name].value)
    return None


_ADDED: Final = re.compile(
    r"\b(?:new|added|introduced|available)\s+(?:in|since)\s+(?:version\s+)?(\d+(?:\.\d+)*)\.?", re.IGNORECASE
)
#: What pages call what is asked for by its measure.
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "length": ("distance", "duration"),
    "built": ("year", "year built", "construction"),
    "height": ("elevation", "altitude"),
    "age": ("year", "built", "founded"),
}


def _added_in(subject: str, extraction: Extraction) -> str | None:
    """By the text of the thing's own entry, else by that of the page that is about it."""
    own = tuple(_entry(subject, extraction))
    if own:
        return next((found[1] for text in own if (found := _ADDED.fullmatch(text))), None)
    words = set(canonical(subject))
    if not words <= set(canonical(extraction.title)):
        return None
    texts = (text.text for text in extraction.texts if text.region not in ASIDE)
    return next((found[1] for text in texts if (found := _ADDED.match(text))), None)


def _entry(term: str, extraction: Extraction) -> Iterator[str]:
    """The texts below the entry for a term, up to the next one."""
    words = plain_words(term)
    begun = False
    for text in extraction.texts:
        if text.kind == "label" or text.kind.startswith("heading"):
            begun = plain_words(text.text.partition("(")[0]) == words
        elif begun:
            yield text.text


def pick_noted(wanted: PickNoted, now: Situation) -> Outcome:
    """The noted thing with the most or least. Raises RESULT_NOT_FOUND when one lacks the value or two share it."""
    field = wanted.order.field
    amounts = [(_amount(item, field), item) for item in now.known.noted]
    lacking = [item.name for amount, item in amounts if amount is None]
    bare = [item.name for _, item in amounts if not has_unit(item.columns.get(field, ""))]
    if 0 < len(bare) < len(amounts):  # "18 km" and "900" have nothing in common
        lacking += [f"{name} with its unit" for name in bare if name not in lacking]
    if lacking or len(amounts) < 2:
        missing = f"{field} of {', '.join(lacking) or 'several things'}"
        raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    ordered = sorted(amounts, key=lambda pair: pair[0] or (), reverse=wanted.order.descending)
    (most, first), (next_most, second) = ordered[:2]
    if most == next_most:
        missing = f"one of “{first.name}” and “{second.name}”: both have {field} {first.columns[field]}"
        raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    value = first.columns[field]
    learned: dict[str, Any] = {"pick": first.as_json()}
    if wanted.told:
        values = (("name", first.name, first.name), (field, value, value))
        learned["values"] = [[name, said, first.page, quote] for name, said, quote in values]
    return Done(learned)


def _amount(item: Item, field: str) -> tuple[Any, ...] | None:
    """What things are compared by: the parts of a version, else the number, in the smallest unit of its kind."""
    said = item.columns.get(field, "")
    if field == ADDED_IN:
        return tuple(map(int, said.split("."))) if said else None
    found = item.amount(field) if value_kind(field) == "price" else quantity(said)
    return None if found is None else (found,)
