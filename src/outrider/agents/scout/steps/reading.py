"""Reading values off a page: labelled values, headings, prices, stock, messages, text. What is not there is missing."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import takewhile
from typing import Any, Final
from urllib.parse import urlsplit

from outrider.agents.scout.amounts import money, rating
from outrider.agents.scout.dates import date_in
from outrider.agents.scout.pages.choosing import meets
from outrider.agents.scout.pages.records import (
    BY_LINE,
    PLAIN_SUFFIXES,
    STOCK,
    Item,
    items_of,
    links_of,
    main_list,
)
from outrider.agents.scout.pages.told import ASIDE, TEXT_LIMIT, measured, told_of
from outrider.agents.scout.steps.attempts import failure, which
from outrider.agents.scout.steps.paging import MOST_PAGES, check_turn, next_page
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation, Value
from outrider.agents.scout.synonyms import canonical, plain_words, value_kind
from outrider.agents.scout.tasks.criteria import Condition
from outrider.agents.scout.tasks.intentions import Read
from outrider.interfaces.actions import Click, Extract, Navigate
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Extraction, Text
from outrider.problems import OutriderError

_REVIEWS: Final = re.compile(r"\b(\d[\d.,]*|no|one)\s+(?:customer |user )?reviews?\b", re.IGNORECASE)


def read(wanted: Read, now: Situation) -> Outcome:
    """Find the values on the page, on the entry that the task speaks of, or on the page of that entry.

    Raises RESULT_NOT_FOUND when none of them is there; what else is missing is listed with the answer.
    """
    visited = bool(now.taken("visit"))
    if now.last is not None and now.phase == "visit" and now.last.effect is None:
        raise failure(now.last, "open the page of the entry", now)
    check_turn(now)
    extraction = now.extraction
    if extraction is None:
        if now.last is not None and now.phase == "read":
            raise failure(now.last, "read the page", now)
        where = " on its own page" if visited else ""
        return Move(Extract(), f"Reading {', '.join(wanted.fields)}{where}", "read")
    item = _subject(wanted.subject, extraction, now) if wanted.subject else now.known.pick
    if isinstance(item, Ask):
        return item
    found = look(wanted, item, extraction, now)
    missing = [name for name in wanted.fields if name not in found]
    if (
        missing
        and item is not None
        and item.link not in ("", now.observation.url)
        and not (visited or now.known.opened)
    ):
        thought = f"Opening {item.name} to read {', '.join(missing)}"
        return Move(Navigate(item.link), thought, "visit", learned={"pick": item.as_json()})
    if len(missing) == len(wanted.fields) and item is None and (onward := _further(wanted, extraction, now)):
        return onward
    if len(missing) == len(wanted.fields):
        raise OutriderError("RESULT_NOT_FOUND", missing=", ".join(missing), url=now.observation.url)
    verdict = partial(_verdict, wanted.test) if wanted.test else lambda value: value
    values = [[value.name, verdict(value.value), value.url, value.quote] for value in found.values()]
    return Done({"values": values, "missing": missing})


def _further(wanted: Read, extraction: Extraction, now: Situation) -> Move | None:
    """The next page of the list, which may have the entry that this one lacks."""
    onward = next_page(extraction, now.observation) if wanted.subject else None
    if onward is None or len(now.taken("next")) >= MOST_PAGES:
        return None
    return Move(Click(onward), f"Looking for {wanted.subject} on the next page of the list", "next")


def _verdict(test: Condition, value: object) -> str:
    """Whether a value meets what was asked of it, and the value."""
    item = (
        Item("", availability=str(value))
        if test.field == "availability"
        else Item("", columns={test.field: str(value)})
    )
    said = meets(item, (test,))
    return f"{'Yes' if said else 'No'} – {value}"


def look(wanted: Read, item: Item | None, extraction: Extraction, now: Situation) -> dict[str, Value]:
    """The values that can be found, by the names that the task gave them."""
    found: dict[str, Value] = {}
    for name in wanted.fields:
        named = wanted.subject and not now.taken("visit")
        value = _named(name, wanted, item, extraction, now) if named else _shown(name, extraction, now)
        if value is not None:
            found[name] = value
    return found


def _named(name: str, wanted: Read, item: Item | None, extraction: Extraction, now: Situation) -> Value | None:
    """A value of the entry that the task names; of the page, when the page is about that entry."""
    if item is not None and (value := item.value(name) or measured(name, item)) is not None:
        return Value(name, value, extraction.url, _quote(item, value))
    if value_kind(name) == "meaning" and (told := told_of(wanted.subject, extraction)):
        return Value(name, told, extraction.url, f"{wanted.subject}: {told}")
    words = set(canonical(wanted.subject))
    both = next((p for p in extraction.pairs if words | set(canonical(name)) <= set(canonical(p.label))), None)
    if both is not None:
        return Value(name, both.value, extraction.url, f"{both.label}: {both.value}")
    return _shown(name, extraction, now) if _is_about(extraction, words) else None


def _is_about(extraction: Extraction, words: Set[str]) -> bool:
    titles = [extraction.title, *(t.text for t in extraction.texts if t.kind in ("heading1", "heading2"))]
    return any(words <= set(canonical(title)) for title in titles)


def _subject(subject: str, extraction: Extraction, now: Situation) -> Item | Ask | None:
    """The entry of the page that a name means; a question when several have its words and none is called exactly so."""
    words = set(canonical(subject))
    entries = [item for group in extraction.groups for item in items_of(group, extraction.url)]
    entries += main_list(extraction, links_of(now.observation))
    called = {
        one.key: one
        for one in entries
        if words
        and words <= _labels(one) | (said := set(canonical(f"{one.name} {' '.join(one.columns.values())}")))
        and words & said
    }
    rich = [one for one in called.values() if one.price or one.columns] or list(called.values())
    exact = [one for one in rich if plain_words(one.name) == plain_words(subject)]
    if exact or len(rich) < 2:
        return next(iter(exact or rich), None)
    if _is_about(extraction, words):
        return None
    chosen = which(now, subject, [one.name for one in rich])
    return chosen if isinstance(chosen, Ask) else rich[chosen]


def _labels(item: Item) -> set[str]:
    return {word for label in item.columns for word in canonical(label)}


def _quote(item: Item, value: object) -> str:
    """Lines that the page shows, each by itself."""
    return f"{item.name}\n{value}" if item.name and str(value) != item.name else str(value)


def _shown(name: str, extraction: Extraction, now: Situation) -> Value | None:
    """A value of the chosen entry or of the page itself."""
    chosen = now.known.pick
    on_page = chosen is None or bool(now.known.opened) or bool(now.taken("visit"))
    kind = value_kind(name)
    if chosen is not None and kind in _OF_PICK and (value := chosen.value(name)) is not None:
        return Value(name, value, chosen.page or extraction.url, _quote(chosen, value))
    if on_page:
        for source in (_labelled, _of_only_entry, _in_row, _by_kind, _under_heading, _after_colon, _in_sentence):
            if (found := source(name, extraction, now)) is not None:
                return Value(name, found[0], extraction.url, found[1])
    if chosen is not None and (value := chosen.value(name)) is not None:
        return Value(name, value, chosen.page or extraction.url, _quote(chosen, value))
    return None


#: Values that the list has shown of the chosen entry; the basket's page may show others.
_OF_PICK: Final = frozenset({"name", "price", "link"})

Found = tuple[Any, str]


def _labelled(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """The value with that label; else with a label that means the same; else with one that has the words."""
    words, kind = canonical(name), value_kind(name)
    pairs = [pair for pair in extraction.pairs if pair.value]
    tests: Sequence[Callable[[str], bool]] = (
        lambda label: canonical(label) == words,
        lambda label: bool(kind) and value_kind(label) == kind,
        lambda label: bool(words) and not kind and set(words) <= set(canonical(label)),
        lambda label: bool(label) and set(canonical(label)) < set(words) <= set(canonical(label)) | PLAIN_SUFFIXES,
    )
    for test in tests:
        found = next((pair for pair in pairs if test(pair.label)), None)
        if found is not None:
            return found.value, f"{found.label}: {found.value}"
    return None


def _of_only_entry(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """What the column of a list with one entry says."""
    entries = main_list(extraction, links_of(now.observation))
    value = entries[0].columns and entries[0].value(name) if len(entries) == 1 else None
    return (value, _quote(entries[0], value)) if value else None


def _in_row(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """The value in the row of a table of two columns that is called so."""
    rows = (item for group in extraction.groups for item in items_of(group, extraction.url))
    for cells in (tuple(item.columns.values()) for item in rows):
        if len(cells) == _PAIR and canonical(cells[0]) == canonical(name):
            return cells[1], f"{cells[0]}\n{cells[1]}"
    return None


_PAIR: Final = 2


def _by_kind(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """Values that pages show without a label."""
    reader = _READERS.get(value_kind(name))
    return reader(extraction, now) if reader else None


def _under_heading(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """The text under a heading that is called so."""
    words = canonical(name)
    for heading, below in zip(extraction.texts, extraction.texts[1:], strict=False):
        if (
            heading.kind.startswith("heading")
            and canonical(heading.text) == words
            and not below.kind.startswith("heading")
        ):
            return below.text, below.text
    return None


def _after_colon(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """``Name: value`` within a text."""
    words = canonical(name)
    for text in extraction.texts:
        for label, value in re.findall(r"([^:.;|\n]{2,40}):\s*([^|\n;]{1,120})", text.text):
            if canonical(label) == words and value.strip():
                return value.strip(), f"{label.strip()}: {value.strip()}"
    return None


def _in_sentence(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """ "Your order number is 100005"."""
    words = r"\s+".join(map(re.escape, name.split()))
    said = re.compile(rf"\b{words}(?:\s+is)?:?\s+(?P<value>#?\d[\w-]*)\b", re.IGNORECASE)
    found = ((said.search(text.text), text.text) for text in extraction.texts)
    return next(((match["value"], text[:200]) for match, text in found if match), None)


def _main(extraction: Extraction) -> list[Text]:
    """The texts of the page's own matter, from its main heading on."""
    texts = [text for text in extraction.texts if text.region not in ASIDE]
    start = next((i for i, text in enumerate(texts) if text.kind == "heading1"), 0)
    return texts[start:]


def _own(extraction: Extraction) -> Iterator[Text]:
    """Those of them that say something about the page's subject: up to the first list of priced things."""
    entries = [items_of(group, extraction.url) for group in extraction.groups]
    firsts = {listed[0].name for listed in entries if sum(bool(one.price) for one in listed) > 1}
    return takewhile(lambda text: text.kind == "heading1" or text.text not in firsts, _main(extraction))


def _heading(extraction: Extraction, now: Situation) -> Found | None:
    texts = [text.text for text in extraction.texts if text.kind == "heading1" and text.text]
    texts = texts or [text.text for text in extraction.texts if text.kind == "heading2" and text.text]
    return (texts[0], texts[0]) if texts else None


def _name(extraction: Extraction, now: Situation) -> Found | None:
    return _heading(extraction, now) or _title(extraction, now)


def _title(extraction: Extraction, now: Situation) -> Found | None:
    return (extraction.title, extraction.title) if extraction.title else None


def _price(extraction: Extraction, now: Situation) -> Found | None:
    for text in _own(extraction):
        if not re.search(r"\b(?:was|rrp|save|off|shipping|delivery|per)\b", text.text, re.IGNORECASE) and (
            found := money(text.text)
        ):
            return found.text, text.text[:200]
    return None


def _matching(pattern: re.Pattern[str]) -> Callable[[Extraction, Situation], Found | None]:
    def reader(extraction: Extraction, now: Situation) -> Found | None:
        for text in _own(extraction):
            if len(text.text) < 200 and pattern.search(text.text):
                return text.text, text.text
        return None

    return reader


def _stars(extraction: Extraction, now: Situation) -> Found | None:
    for text in _own(extraction):
        if len(text.text) < 120 and (stars := rating(text.text)) is not None:
            return stars, text.text
    return None


def _description(extraction: Extraction, now: Situation) -> Found | None:
    for heading, below in zip(extraction.texts, extraction.texts[1:], strict=False):
        if heading.kind.startswith("heading") and "description" in canonical(heading.text):
            return below.text, below.text[:200]
    return _paragraph(extraction, now)


def _paragraph(extraction: Extraction, now: Situation) -> Found | None:
    texts = [text.text for text in _main(extraction) if text.kind == "paragraph" and len(text.text) > 20]
    return (texts[0], texts[0][:200]) if texts else None


def _message(extraction: Extraction, now: Situation) -> Found | None:
    texts = [text.text for text in extraction.texts if text.kind in ("alert", "status") and text.text]
    said = texts or ([now.known.said] if now.known.said else [])
    return (said[0], said[0]) if said else None


def _said(extraction: Extraction, now: Situation) -> Found | None:
    """What the page tells its visitor: an alert, else its heading and what stands below it."""
    told = _message(extraction, now)
    if told is not None:
        return told
    texts = [text.text for text in _main(extraction) if text.kind.startswith(("heading", "paragraph"))]
    return ("\n".join(texts)[:TEXT_LIMIT], texts[0]) if texts else _all_text(extraction, now)


def _all_text(extraction: Extraction, now: Situation) -> Found | None:
    text = "\n".join(text.text for text in _main(extraction))[:TEXT_LIMIT]
    return (text, text[:200]) if text else None


def _address(extraction: Extraction, now: Situation) -> Found | None:
    return extraction.url, extraction.url


def _currency(extraction: Extraction, now: Situation) -> Found | None:
    price = _price(extraction, now)
    found = money(str(price[0])) if price else None
    return (found.currency, found.text) if found else None


def _details(extraction: Extraction, now: Situation) -> Found | None:
    pairs = {pair.label: pair.value for pair in extraction.pairs if pair.value}
    return (pairs, "; ".join(f"{label}: {value}" for label, value in pairs.items())[:200]) if pairs else None


def _author(extraction: Extraction, now: Situation) -> Found | None:
    lines = (text for text in _own(extraction) if len(text.text) < 200)
    return next(((said["who"], text.text) for text in lines if (said := BY_LINE.match(text.text))), None)


def _date(extraction: Extraction, now: Situation) -> Found | None:
    lines = (text.text for text in _own(extraction) if len(text.text) < 120)
    return next(((said, line) for line in lines if (said := date_in(line))), None)


def _site_name(extraction: Extraction, now: Situation) -> Found | None:
    """What the link to the start page is called, where it has more than "Home"; else the end of the page's title."""
    home = (e for e in now.observation.elements if e.role == "link" and e.href and e.region in ("banner", "navigation"))
    named = (e.name for e in home if urlsplit(e.href).path in ("", "/") and canonical(e.name) not in ((), ("home",)))
    last = re.split(r"\s+[|·•]\s+", extraction.title)
    last = last if len(last) > 1 else re.split(r"\s+[–—-]\s+", extraction.title)
    name = next(named, "") or (last[-1] if len(last) > 1 else "")
    return (name, name) if name else None


_READERS: Final[Mapping[str, Callable[[Extraction, Situation], Found | None]]] = {
    "name": _name,
    "heading": _heading,
    "page title": _title,
    "price": _price,
    "availability": _matching(STOCK),
    "reviews": _matching(_REVIEWS),
    "rating": _stars,
    "description": _description,
    "first paragraph": _paragraph,
    "message": _message,
    "text": _all_text,
    "said": _said,
    "link": _address,
    "address": _address,
    "currency": _currency,
    "details": _details,
    "author": _author,
    "date": _date,
    "site name": _site_name,
}
