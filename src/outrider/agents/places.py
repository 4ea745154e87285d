"""Where on a page a text stands, so that it can be found there again when the page says something else by then.

A place is described as a person would: the value labelled “Price”, the second paragraph under “Delivery”, the price of
the entry “Clay pot”. Nothing in it depends on how a page is built.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from msgspec import Struct, structs

from outrider.agents.scout.pages.records import Item, items_of
from outrider.interfaces.pages import Element, Extraction, Observation, RecordGroup, Text

__all__ = ["ENTRY", "LIST", "VALUE", "Place", "View", "entry_at", "find", "group_at", "read", "squeezed"]

#: Roles beside those of elements and the kinds of texts: a labelled value, an entry of a list.
VALUE: Final = "value"
ENTRY: Final = "entry"
#: Of places that are read only: all entries of a list, however many there are by now.
LIST: Final = "list"
_TITLE: Final = "title"
#: Names by which an entry tells its pieces.
_PARTS: Final = ("name", "price", "availability", "date", "author")
#: Characters of a block before and after a quote by which it is found again.
_AROUND_CHARACTERS: Final = 60
_LONGEST_QUOTE: Final = 400


class Place(Struct, frozen=True, omit_defaults=True):
    """Where something is said on a page."""

    #: Role of an element, kind of a text (``heading1``, ``paragraph``, ``cell``), ``value``, ``entry`` or ``title``.
    role: str
    #: Name of the element or the entry, label of the value.
    name: str = ""
    region: str = ""
    #: The heading above.
    under: str = ""
    #: Which of those that are alike in all of this, from 1; of an entry: its place in the list.
    nth: int = 1
    #: How many entries the list has, and which list of that heading it is.
    of: int = 0
    group: int = 1
    #: Which piece: a label or ``price`` for an entry (empty: all of it), ``value`` or ``name`` of an element.
    part: str = ""
    #: What stands before and after it in the same block.
    before: str = ""
    after: str = ""
    #: Index of the element with that name, when it was seen.
    index: int | None = None


@dataclass(frozen=True)
class View:
    """What a page has shown at one time. What is worked out of it is kept: long lists are asked about by the entry."""

    observation: Observation | None = None
    extraction: Extraction | None = None

    @property
    def texts(self) -> Sequence[Text]:
        """The visible text by block."""
        return self.observation.texts if self.observation else self.extraction.texts if self.extraction else ()

    @property
    def elements(self) -> Sequence[Element]:
        """The interactive elements, as far as they were looked at."""
        return self.observation.elements if self.observation else ()

    @property
    def title(self) -> str:
        """The title of the document."""
        return self.observation.title if self.observation else self.extraction.title if self.extraction else ""

    @cached_property
    def groups(self) -> list[tuple[RecordGroup, int, tuple[Item, ...]]]:
        """The lists with their entries, and which of those with the same heading each is."""
        seen: Counter[tuple[str, str]] = Counter()
        found = []
        for group in self.extraction.groups if self.extraction else ():
            seen[group.region, group.heading] += 1
            url = self.extraction.url if self.extraction else ""
            found.append((group, seen[group.region, group.heading], items_of(group, url)))
        return found

    @cached_property
    def entries(self) -> list[tuple[Place, Item, str, str]]:
        """The entries of all lists with their places, and their names and texts squeezed."""
        return [
            (
                Place(ENTRY, item.name, group.region, group.heading, nth, len(items), at),
                item,
                squeezed(item.name),
                squeezed(item.text),
            )
            for group, at, items in self.groups
            for nth, item in enumerate(items, start=1)
        ]

    @cached_property
    def blocks(self) -> list[tuple[Place, str, str]]:
        """The blocks of text with their places, as they are and squeezed."""
        seen: Counter[tuple[str, str, str]] = Counter()
        heading = ""
        found = []
        for text in self.texts:
            is_heading = text.kind.startswith("heading")
            under = "" if is_heading else heading
            seen[text.kind, text.region, under] += 1
            place = Place(text.kind, "", text.region, under, seen[text.kind, text.region, under])
            found.append((place, text.text, squeezed(text.text)))
            heading = text.text if is_heading else heading
        return found


def squeezed(text: str) -> str:
    """How a text is compared: white space and capitals don't count."""
    return _packed(text).casefold()


def _packed(text: str) -> str:
    return "".join(text.replace("…", "").split())


def find(quote: str, view: View) -> Place | None:
    """Where a quote stands: with its label or in its entry if it has one, else by its block, else as an element."""
    wanted = squeezed(quote)
    if not wanted or len(wanted) > _LONGEST_QUOTE:
        return None
    found = _labelled(wanted, view) or _in_entry(quote, view) or _in_block(quote, view) or _as_element(wanted, view)
    if found is None and wanted in squeezed(view.title):
        return Place(_TITLE)
    named = next((e.index for e in view.elements if squeezed(e.name) == wanted), None)
    return structs.replace(found, index=named) if found and found.index is None and named is not None else found


def read(place: Place, view: View) -> str | None:
    """What stands at a place now; None when there is no such place."""
    if place.role == VALUE:
        pairs = [pair for pair in _pairs(view) if pair[0].name == place.name]
        return next((value for at, value in pairs if at.nth == place.nth), None)
    if place.role == ENTRY:
        item = entry_at(place, view)
        return None if item is None else _piece(item, place.part)
    if place.role == _TITLE:
        return view.title or None
    return _block_text(place, view) or _element_text(place, view)


def group_at(place: Place, view: View) -> tuple[Item, ...]:
    """All entries of the list that a place names; empty when there is no such list."""
    alike = [items for group, at, items in view.groups if (group.region, group.heading, at) == _list_of(place)]
    return alike[0] if alike else ()


# --- labelled values


def _pairs(view: View) -> Iterator[tuple[Place, str]]:
    seen: Counter[str] = Counter()
    for pair in view.extraction.pairs if view.extraction else ():
        seen[pair.label] += 1
        yield Place(VALUE, pair.label, nth=seen[pair.label]), pair.value


def _labelled(wanted: str, view: View) -> Place | None:
    pairs = list(_pairs(view))
    whole = (at for at, value in pairs if wanted in (squeezed(at.name + value), squeezed(f"{at.name}:{value}")))
    alone = (at for at, value in pairs if wanted == squeezed(value))
    return next(whole, None) or next(alone, None)


# --- entries of lists


def _list_of(place: Place) -> tuple[str, str, int]:
    return place.region, place.under, place.group


def _in_entry(quote: str, view: View) -> Place | None:
    """Quotes of entries have their lines, or the name and one piece."""
    wanted = squeezed(quote)
    lines = [squeezed(line) for line in quote.splitlines() if line.strip()]
    for place, item, name, text in view.entries:
        if len(lines) == 2 and lines[0] == name and (part := _part_of(item, lines[1])):
            return structs.replace(place, part=part)
        if (len(lines) > 1 and text.startswith(wanted)) or (text and text == wanted):
            return place
    return None


def _part_of(item: Item, said: str) -> str:
    """By what name an entry tells something; "" when it does not."""
    named = next((name for name in _PARTS if said == squeezed(str(item.value(name) or ""))), "")
    return named or next((label for label, text in item.columns.items() if squeezed(text) == said), "")


def _piece(item: Item, part: str) -> str | None:
    value = item.value(part) if part else item.text
    return None if value is None else str(value)


def entry_at(place: Place, view: View) -> Item | None:
    """The entry of that name: in its list, else the only one on the page."""
    name = squeezed(place.name)
    here = [item for item in group_at(place, view) if squeezed(item.name) == name]
    if len(here) == 1:
        return here[0]
    anywhere = [item for _, item, called, _ in view.entries if called == name]
    return anywhere[0] if len(anywhere) == 1 else None


# --- blocks of text


def _in_block(quote: str, view: View) -> Place | None:
    """The block that says nothing else, else the shortest that has the quote."""
    pattern = re.compile(r"[\s…]*".join(map(re.escape, _packed(quote))), re.IGNORECASE)
    wanted = squeezed(quote)
    likely = [(at, text) for at, text, said in view.blocks if wanted in said]
    found = [(len(text), at, text, match) for at, text in likely if (match := pattern.search(text))]
    if not found:
        return None
    _, at, text, match = min(found, key=lambda one: one[0])
    before, after = text[: match.start()], text[match.end() :]
    return structs.replace(at, before=before[-_AROUND_CHARACTERS:], after=after[:_AROUND_CHARACTERS])


def _block_text(place: Place, view: View) -> str | None:
    """What the block says between what stood around the quote; one that moved is known by that, or a lone heading."""
    blocks = [(at, said) for at, text, _ in view.blocks if at.role == place.role and (said := _between(place, text))]
    here = [said for at, said in blocks if (at.region, at.under, at.nth) == (place.region, place.under, place.nth)]
    if here:
        return here[0]
    is_known = place.before.strip() or place.after.strip() or place.role.startswith("heading")
    moved = [said for _, said in blocks] if is_known else []
    return moved[0] if len(moved) == 1 else None


def _between(place: Place, text: str) -> str:
    start = text.find(place.before) + len(place.before) if place.before in text else -1
    end = text.find(place.after, start) if place.after else len(text)
    return text[start:end].strip() if 0 <= start < end else ""


# --- elements


def _as_element(wanted: str, view: View) -> Place | None:
    for element in view.elements:
        for part in ("value", "name"):
            if wanted == squeezed(getattr(element, part) or ""):
                return Place(element.role, element.name, element.region, part=part, index=element.index)
    return None


def _element_text(place: Place, view: View) -> str | None:
    alike = [e for e in view.elements if (e.role, e.name, e.region) == (place.role, place.name, place.region)]
    return getattr(alike[0], place.part) if len(alike) == 1 and place.part in ("value", "name") else None
