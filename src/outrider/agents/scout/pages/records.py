"""What the repeated blocks of a page are: products, hits, rows, with name, price, rating, link."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import count, takewhile
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from msgspec import structs

from outrider.agents.scout.amounts import Money, money, number, quantity, rating
from outrider.agents.scout.dates import date_in, is_date, moment
from outrider.agents.scout.synonyms import canonical, plain_words, value_kind
from outrider.interfaces.pages import Extraction, Field, Observation, Record, RecordGroup, Text

_OLD_PRICE: Final = re.compile(
    r"\b(?:old|was|strike|del|rrp|before|original|list[-_ ]?price|regular|compare|msrp|crossed|save|saving|shipping)\b"
)
_PER_UNIT: Final = re.compile(r"/|\bper\b|\bsave\b|\boff\b|\bshipping\b|\bdelivery\b", re.IGNORECASE)
STOCK: Final = re.compile(
    r"\b(?:in stock|out of stock|unavailable|available|sold out|back ?order|pre-?order|only \d+ left)\b", re.IGNORECASE
)
_REVIEWS: Final = re.compile(
    r"(\d[\d.,]*)\s*(?:customer |user )?(?:reviews?|ratings?|votes?)\b|^\((\d[\d.,]*)\)$", re.IGNORECASE
)
_CONTROL: Final = re.compile(
    r"(?:add|buy|view|details?|read more|more|see|remove|delete|edit|quick|compare|wish|save|share|update|reply"
    r"|select)\b|\W*$",
    re.IGNORECASE,
)


#: Address and element of a link by its text.
Links = Mapping[str, tuple[str, int]]


def links_of(observation: Observation) -> Links:
    """The links of a page."""
    return {e.name: (e.href, e.index) for e in observation.elements if e.role == "link" and e.href and e.name}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; what the page does not say is empty."""

    name: str
    link: str = ""
    price: str = ""
    rating: float | None = None
    availability: str = ""
    date: str = ""
    author: str = ""
    #: Labelled pieces by what the page calls them: column headers, ``itemprop``.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: The heading above it: that spans its table, or stands among the entries.
    section: str = ""
    #: All text, for conditions.
    text: str = ""
    #: Address of the page that lists it, and its element there.
    page: str = ""
    index: int | None = None

    @property
    def money(self) -> Money | None:
        """The price as an amount."""
        return money(self.price) if self.price else None

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for two sightings of one entry."""
        return (self.link,) if self.link else (self.name, self.price, self.text)

    def as_json(self) -> dict[str, Any]:
        """The entry as a step remembers it."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None, {})}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Item":
        """The entry that ``as_json`` wrote."""
        return cls(**{"name": ""} | dict(data))

    def value(self, name: str) -> str | float | None:
        """What the entry says for a field by any of its names, or None."""
        by_column = _column(self.columns, name)
        if by_column:
            return by_column
        kind = value_kind(name)
        if kind == "reviews":
            found = _REVIEWS.search(self.text)
            return next(filter(None, found.groups()), None) if found else None
        if kind == "currency":
            return self.money.currency if self.money else None
        values = {
            "name": self.name,
            "heading": self.name,
            "date": self.date,
            "author": self.author,
            "price": self.price,
            "link": self.link,
            "rating": self.rating,
            "availability": self.availability,
        }
        return values.get(kind) or _counted(self.text, name) or None

    def amount(self, name: str) -> Decimal | None:
        """A field as a number to compare by, or None."""
        if value_kind(name) == "rating" and self.rating is not None:
            return Decimal(str(self.rating))
        value = self.value(name)
        if value_kind(name) == "price" and str(value).strip().casefold() in _FREE:
            return Decimal(0)
        if value_kind(name) == "price" and not _column(self.columns, name):
            return self.money.amount if self.money else None
        if value is None:
            return None
        return moment(str(value)) if value_kind(name) == "date" or is_date(str(value)) else quantity(str(value))


def _counted(text: str, name: str) -> str:
    """How many of something an entry says in a line of its own: "17 holds"."""
    words = plain_words(name)
    lines = (_COUNTED.fullmatch(line.strip()) for line in text.split("\n"))
    said = next((one for one in lines if one and words and plain_words(one["what"]) == words), None)
    return said["count"] if said else ""


_COUNTED: Final = re.compile(r"(?P<count>\d[\d.,]*) (?P<what>[a-z]+(?: [a-z]+)?s)", re.IGNORECASE)

#: What a column may leave unsaid: "Order" has the order numbers.
PLAIN_SUFFIXES: Final = frozenset({"number", "no", "id", "code", "name", "value"})


def _column(columns: Mapping[str, str], name: str) -> str:
    wanted, kind = canonical(name), value_kind(name)
    exact = next((text for label, text in columns.items() if canonical(label) == wanted), "")
    if exact:
        return exact
    by_kind = next((text for label, text in columns.items() if kind and value_kind(label) == kind), "")
    if by_kind:
        return by_kind
    having = (text for label, text in columns.items() if wanted and set(wanted) <= set(canonical(label)))
    entry = set(canonical(next(iter(columns), "")))
    meant = (text for label, text in columns.items() if _is_short_for(canonical(label), wanted, entry))
    return next(having, "") or next(meant, "")


def _is_short_for(label: Sequence[str], wanted: Sequence[str], entry: Set[str]) -> bool:
    """Whether a label leaves out only what goes without saying: "Order" or "Number" for the order number."""
    rest = set(wanted) - set(label)
    return bool(label) and set(label) < set(wanted) and (rest <= PLAIN_SUFFIXES or rest <= entry)


def items_of(group: RecordGroup, page: str) -> tuple[Item, ...]:
    """The entries of a group, in page order."""
    return tuple(_item(record, page) for record in group.records)


def _item(record: Record, page: str) -> Item:
    pieces = record.fields
    named = _name_piece(pieces)
    columns: dict[str, str] = {}
    for one in pieces:
        if one.label and one.text and one.kind != "button":
            columns.setdefault(one.label, one.text)  # a cell comes before the links in it
    linked = (
        named
        if named and named.href
        else next((one for one in pieces if one.href and one.kind in ("link", "heading", "image")), None)
    )
    return Item(
        name=_name(named),
        link=_leads(page, linked.href) if linked else "",
        price=_price(pieces),
        rating=next((stars for one in pieces if (stars := _stars(one)) is not None), None),
        availability=_availability(pieces),
        date=_date(pieces, named),
        author=_author(pieces, named),
        columns=columns,
        section=record.section,
        text="\n".join(dict.fromkeys(one.text for one in pieces if one.text)),
        page=page,
        index=linked.index if linked else None,
    )


def _leads(page: str, href: str) -> str:
    """The address of an entry; "" where its link only stays on the page and a script does the rest."""
    url = urljoin(page, href)
    return "" if url.removesuffix("#") == urldefrag(page).url else url


def _name(piece: Field | None) -> str:
    """A piece's text; a shortened one gives way to the full text in its hint or label."""
    return "" if piece is None else piece.text.strip()


def _name_piece(pieces: Sequence[Field]) -> Field | None:
    """The piece that names the record: labelled as name, else a heading, else the longest link, else the first text."""
    labelled = [one for one in pieces if value_kind(one.label) == "name" and one.text]
    headings = [one for one in pieces if one.kind == "heading" and one.text]
    links = [
        one
        for one in pieces
        if one.kind == "link" and one.text and not _CONTROL.match(one.text) and money(one.text) is None
    ]
    images = [one for one in pieces if one.kind == "image" and one.text and one.href]
    texts = [one for one in pieces if one.kind in ("text", "cell", "item") and one.text and money(one.text) is None]
    texts.sort(key=lambda one: is_date(one.text))  # what a line is about comes after its day
    for some in (labelled, headings):
        if some:
            return next((one for one in some if one.href), some[0])
    if links:
        return max(links, key=lambda one: (bool(one.href), len(one.text)))
    return next(iter((*images, *texts)), None)


def _price(pieces: Sequence[Field]) -> str:
    """The current price: labelled, else the first amount that is neither struck out nor per unit; with its period."""
    priced = [(one, found.text) for one in pieces if one.kind != "button" and (found := money(one.text)) is not None]
    current = [
        (one, f"{amount}{period_after(one.text, amount)}")
        for one, amount in priced
        if not _OLD_PRICE.search(f"{one.hint} {one.text.lower()}")
        and (not _PER_UNIT.search(one.text) or period_after(one.text, amount))
    ]
    labelled = [price for one, price in current if value_kind(one.label) == "price" or "price" in one.hint]
    free = [one.text.strip() for one in pieces if one.text.strip().casefold() in _FREE]
    return next(iter(labelled or [price for _, price in current] or free), "")


_FREE: Final = frozenset({"free", "free of charge", "free entry", "free admission"})


def period_after(text: str, amount: str) -> str:
    """For how long a price is good, as the text says after it: " pw"; "" for once and for all."""
    found = _PERIOD.match(text.partition(amount)[2])
    return found.group().rstrip() if found else ""


_PERIOD: Final = re.compile(
    r"\s*(?:p\.?(?:c\.?)?m|p\.?w|p\.?a|(?:per|a|an|each|/)\s?(?:calendar )?"
    r"(?:night|day|week|wk|month|mo|year|yr|hour|hr))\b",
    re.IGNORECASE,
)
_MOST_STARS: Final = 10


def _stars(piece: Field) -> float | None:
    if piece.kind == "rating":
        stars = rating(piece.text, piece.hint)
        if stars is None and (found := number(piece.text)) is not None:
            return float(found)
        return stars
    if value_kind(piece.label) == "rating" and (found := number(piece.text)) is not None:
        return float(found)
    stars = rating(piece.text if len(piece.text) < 60 else "", piece.hint)
    return stars if stars is None or stars <= _MOST_STARS else None  # the score of a search hit is no rating


def _availability(pieces: Iterable[Field]) -> str:
    for piece in pieces:
        if value_kind(piece.label) == "availability" and piece.text:
            return piece.text.strip()
        if piece.kind != "button" and len(piece.text) < 60 and STOCK.search(piece.text):
            return piece.text.strip()
    return ""


def _date(pieces: Iterable[Field], named: Field | None) -> str:
    """The first date beside the name: in a piece of its own, else in a short one."""
    short = [one.text for one in pieces if one is not named and one.kind != "button" and 0 < len(one.text) < _SHORT]
    return next((text for text in short if is_date(text)), "") or next(filter(None, map(date_in, short)), "")


def _author(pieces: Iterable[Field], named: Field | None) -> str:
    said = (BY_LINE.match(one.text) for one in pieces if one is not named and len(one.text) < _SHORT)
    return next((found["who"] for found in said if found), "")


_SHORT: Final = 80
#: "By Ann Lee, 3 May": who wrote something.
BY_LINE: Final = re.compile(
    r"(?:(?:written|posted|published|reviewed)\s+)?by:?\s+(?P<who>[^\d,|·•–—]{2,50}?)\s*(?:[,|·•–—(]|\bon\b|\d|$)",
    re.IGNORECASE,
)


def tables_of(extraction: Extraction) -> Extraction:
    """The extraction with those of its groups that are rows of a table, or of something that shows as one.

    Cells of a table without headings are labelled by their place: "column 2".
    """
    tables = (group for group in extraction.groups if any(one.kind == "cell" for one in group.records[0].fields))
    return structs.replace(extraction, groups=tuple(map(_with_labels, tables)), texts=())


def _with_labels(table: RecordGroup) -> RecordGroup:
    if any(one.label for record in table.records for one in record.fields if one.kind == "cell"):
        return table
    return structs.replace(table, records=tuple(map(_numbered, table.records)))


def _numbered(row: Record) -> Record:
    columns = count(1)
    return Record(
        tuple(
            structs.replace(one, label=f"column {next(columns)}") if one.kind == "cell" else one for one in row.fields
        )
    )


def list_under(extraction: Extraction, heading: str) -> tuple[Item, ...]:
    """The entries of the largest list whose heading has all the words; empty when there is none."""
    words = set(canonical(heading))
    called = [group for group in extraction.groups if words <= set(canonical(group.heading))]
    best = max(called, key=lambda group: group.area, default=None)
    return items_of(best, extraction.url) if best else ()


def main_list(extraction: Extraction, links: Links, needs: Sequence[str] = (), noun: str = "") -> tuple[Item, ...]:
    """The entries of the list that a task speaks of: those that have the needed values, in the largest group.

    ``needs`` are names of values that the task compares or reports by; ``links`` are those of the
    page. Empty when the page has no list.
    """
    best = max(_ranked(extraction.groups, extraction.url, needs, noun), key=lambda one: one[0], default=(0.0, ()))
    if best[0] > 0:
        return best[1]
    lone = tuple(one for one in _lone(extraction, links) if all(one.value(need) is not None for need in needs))
    if lone:
        return lone
    aside = [group for group in extraction.groups if group.region not in _NO_LISTS]
    return max(_ranked(aside, extraction.url, needs, noun, _EVERYWHERE), key=lambda one: one[0], default=(0.0, ()))[1]


def _ranked(
    groups: Iterable[RecordGroup], page: str, needs: Sequence[str], noun: str, aside: frozenset[str] | None = None
) -> list[tuple[float, tuple[Item, ...]]]:
    """Merit and entries of each group that can be the list."""
    hidden = _NO_LISTS | _ASIDE if aside is None else aside
    ranked = []
    for group in groups:
        if group.region in hidden and not (noun and set(canonical(noun)) & set(canonical(group.heading))):
            continue
        entries = tuple(one for one in items_of(group, page) if one.name or one.columns)
        ranked.append((_merit(group, entries, needs, noun), entries))
    return [one for one in ranked if one[0] > 0]


def _lone(extraction: Extraction, links: Links) -> Iterator[Item]:
    """Entries that repeat nothing because they are alone: a heading or cell that is a link, and what stands below."""
    texts = [text for text in extraction.texts if text.region not in _NO_LISTS | _ASIDE]
    for at, named in enumerate(texts):
        if named.kind not in _ENTRY_NAMES or named.text not in links:
            continue
        below = [text.text for text in takewhile(lambda text: not text.kind.startswith("heading"), texts[at + 1 :])]
        pieces = [Field(text, "text") for text in below]
        href, index = links[named.text]
        yield Item(
            name=named.text,
            link=href,
            price=_price(pieces),
            rating=next((stars for one in pieces if (stars := _stars(one)) is not None), None),
            availability=_availability(pieces),
            columns=_only_row(texts, at),
            text="\n".join((named.text, *below)),
            page=extraction.url,
            index=index,
        )


def _only_row(texts: Sequence[Text], at: int) -> Mapping[str, str]:
    """The cells from ``at`` on, by the labels that stand right before them: the one row of a table."""
    cells = [text.text for text in takewhile(lambda text: text.kind == "cell", texts[at:])]
    labels = [text.text for text in texts[max(at - len(cells), 0) : at] if text.kind == "cell"]
    return dict(zip(labels, cells, strict=True)) if len(cells) > 1 and len(labels) == len(cells) else {}


_ENTRY_NAMES: Final = frozenset({"heading2", "heading3", "heading4", "heading5", "heading6", "cell"})
#: Menus and breadcrumbs repeat too, but nobody calls them a list of entries.
_NO_LISTS: Final = frozenset({"navigation", "banner", "contentinfo"})
_ASIDE: Final = frozenset({"complementary"})
_EVERYWHERE: Final[frozenset[str]] = frozenset()
_REGION_MERIT: Final = {"main": 1.0, "form": 0.8, "": 0.6, "complementary": 0.3, "search": 0.3}


def _merit(group: RecordGroup, entries: Sequence[Item], needs: Sequence[str], noun: str) -> float:
    """How likely a group is the list: it has what is needed, is called so, and is rich, large and in the middle."""
    if not entries or any(all(one.value(need) is None for one in entries) for need in needs):
        return 0.0
    fit = 1.0
    for need in needs:
        fit *= sum(one.value(need) is not None for one in entries) / len(entries)
    said = 1.5 if noun and set(canonical(noun)) & set(canonical(group.heading)) else 1.0
    filled = sum(bool(one.name) for one in entries) / len(entries)
    rich = 1.0 + 0.5 * sum(bool(one.price or one.columns) for one in entries) / len(entries)
    return fit * said * rich * filled * _REGION_MERIT.get(group.region, 0.6) * math.sqrt(group.area + 1.0)
