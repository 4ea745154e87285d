"""Reading values off a page: labelled values, headings, prices, stock, messages, text. What is not there is missing."""

import re
from collections.abc import Callable, Sequence, Set
from functools import partial
from itertools import takewhile
from typing import Final

from outrider.agents.scout.pages.choosing import meets
from outrider.agents.scout.pages.records import (
    PLAIN_SUFFIXES,
    Item,
    items_of,
    links_of,
    main_list,
)
from outrider.agents.scout.pages.told import ASIDE, TEXT_LIMIT, beside, measured, told_of
from outrider.agents.scout.steps.attempts import failure, which
from outrider.agents.scout.steps.paging import MOST_PAGES, check_turn, next_page
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation, Value
from outrider.agents.scout.steps.unlabelled import READERS, Found
from outrider.agents.scout.synonyms import canonical, plain_words, value_kind
from outrider.agents.scout.tasks.criteria import Condition
from outrider.agents.scout.tasks.intentions import Read
from outrider.interfaces.actions import Click, Extract, Navigate
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Extraction
from outrider.problems import OutriderError


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
        and item.link.startswith("http")
        and item.link != now.observation.url
        and not (visited or now.known.opened)
    ):
        thought = f"Opening {item.name} to read {', '.join(missing)}"
        return Move(Navigate(item.link), thought, "visit", learned={"pick": item.as_json()})
    if len(missing) == len(wanted.fields) and item is None and (onward := _further(wanted, extraction, now)):
        return onward
    if len(missing) == len(wanted.fields):
        of = f" of {wanted.subject}" if wanted.subject and item is None else ""
        raise OutriderError("RESULT_NOT_FOUND", missing=f"{', '.join(missing)}{of}", url=now.observation.url)
    verdict = partial(_verdict, wanted.test) if wanted.test else lambda value: value
    values = [[value.name, verdict(value.value), value.url, value.quote] for value in found.values()]
    return Done({"values": values, "missing": missing})


def _further(wanted: Read, extraction: Extraction, now: Situation) -> Move | None:
    """The page of the thing by the link that is called so; else the next page of the list, which may have it."""
    words = canonical(wanted.subject)
    links = {e.href for e in now.observation.elements if e.role == "link" and e.href and canonical(e.name) == words}
    if wanted.subject and len(links) == 1 and not now.taken("visit") and now.observation.url not in links:
        return Move(Navigate(links.pop()), f"Opening the page of {wanted.subject}", "visit")
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
    if contact := _contact(name, wanted.subject, now):
        return Value(name, contact, extraction.url, contact)
    if value_kind(name) == "meaning" and (told := told_of(wanted.subject, extraction)):
        return Value(name, told, extraction.url, f"{wanted.subject}: {told}")
    words = set(canonical(wanted.subject))
    both = next((p for p in extraction.pairs if words | set(canonical(name)) <= set(canonical(p.label))), None)
    if both is not None:
        return Value(name, both.value, extraction.url, f"{both.label}: {both.value}")
    if canonical(name) in (_VALUE, _PRICE):
        found = _labelled(wanted.subject, extraction, now) or _after_colon(wanted.subject, extraction, now)
        found = found or _in_sentence(wanted.subject, extraction, now)
        if found:
            return Value(name, found[0], extraction.url, found[1])
    return _shown(name, extraction, now) if _is_about(extraction, words) else None


#: "The value of Result" is what has that label.
_VALUE: Final = canonical("value")
_PRICE: Final = canonical("price")


def _contact(name: str, subject: str, now: Situation) -> str:
    """The phone number or e-mail address that the only link of its kind beside the subject shows; "" otherwise."""
    words = set(plain_words(name.replace("-", "")))
    scheme = next((scheme for scheme, names in _CONTACTS.items() if names & words), "")
    links = [e for e in now.observation.elements if scheme and e.href.startswith(scheme)]
    own = [e for e in links if set(canonical(subject)) <= set(canonical(f"{e.name} {e.context}"))]
    return own[0].name if len({e.href for e in own}) == 1 else ""


_CONTACTS: Final = {"tel:": {"phone", "telephone", "mobile"}, "mailto:": {"email", "mail"}}


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
        for source in (
            _labelled,
            _of_field,
            _of_only_entry,
            _in_row,
            _by_kind,
            _under_heading,
            _after_colon,
            _in_sentence,
            _beside,
        ):
            if (found := source(name, extraction, now)) is not None:
                return Value(name, found[0], extraction.url, found[1])
    if chosen is not None and (value := chosen.value(name)) is not None:
        return Value(name, value, chosen.page or extraction.url, _quote(chosen, value))
    return None


def _beside(name: str, extraction: Extraction, now: Situation) -> Found | None:
    value = beside(name, extraction)
    return (value, f"{name}: {value}") if value else None


#: Values that the list has shown of the chosen entry; the basket's page may show others.
_OF_PICK: Final = frozenset({"name", "price", "link"})


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
            *_, label = _PARTS.split(found.label)
            value = _PARTS.split(found.value)[0] if label != found.label else found.value
            return value, f"{label}: {value}"
    return None


#: "Evening classes · Closing date: 30 September · Bring a pen" tells several things.
_PARTS: Final = re.compile(r"\s+[·•|]\s+")


def _of_field(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """What the only field that is called so has in it."""
    fields = [e for e in now.observation.elements if e.value and e.kind != "password" and e.region not in ASIDE]
    named = [e for e in fields if canonical(e.name) == canonical(name)]
    return (named[0].value, f"{named[0].name}: {named[0].value}") if len(named) == 1 else None


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
    reader = READERS.get(value_kind(name))
    return reader(extraction, now) if reader else None


def _under_heading(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """The text, or all of the list, under a heading that is called so."""
    words, texts = canonical(name), extraction.texts
    for at, heading in enumerate(texts[:-1]):
        below = texts[at + 1]
        if (
            heading.kind.startswith("heading")
            and canonical(heading.text) == words
            and not below.kind.startswith("heading")
        ):
            listed = takewhile(lambda text: text.kind == "item", texts[at + 1 :])
            told = "\n".join(text.text for text in listed)[:TEXT_LIMIT] or below.text
            return told, told
    return None


def _after_colon(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """``Name: value`` within a text."""
    words = canonical(name)
    for text in extraction.texts:
        for label, value in re.findall(r"([^:.;|·•\n]{2,40}):\s*([^|·•\n;]{1,120})", text.text):
            if canonical(label) == words and value.strip():
                return value.strip(), f"{label.strip()}: {value.strip()}"
    return None


def _in_sentence(name: str, extraction: Extraction, now: Situation) -> Found | None:
    """ "Your order number is 100005", "Delivery £4.50"."""
    words = r"\s+".join(map(re.escape, name.split()))
    value = r"(?P<value>\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+ \d{4}|[£$€¥₹]\s?\d(?:[\d.,]*\d)?|#?(?=[\w-]*\d)[\w-]+)"
    said = re.compile(rf"\b{words}(?:\s+(?:is|are))?:?\s+{value}", re.IGNORECASE)
    found = ((said.search(text.text), text.text) for text in extraction.texts)
    return next(((match["value"], text[:200]) for match, text in found if match), None)
