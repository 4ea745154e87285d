"""Values that pages show without a label, by their kind: names, prices, ratings, messages, dates, text."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from typing import Any, Final
from urllib.parse import urlsplit

from outrider.agents.scout.amounts import money, rating
from outrider.agents.scout.dates import date_in
from outrider.agents.scout.pages.records import (
    BY_LINE,
    STOCK,
    items_of,
)
from outrider.agents.scout.pages.told import ASIDE, TEXT_LIMIT
from outrider.agents.scout.steps.progress import Situation
from outrider.agents.scout.synonyms import canonical
from outrider.interfaces.pages import Extraction, Text

__all__ = ["READERS", "Found"]

#: A value, and what the page says of it.
Found = tuple[Any, str]

_REVIEWS: Final = re.compile(r"\b(\d[\d.,]*|no|one)\s+(?:customer |user )?reviews?\b", re.IGNORECASE)


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


READERS: Final[Mapping[str, Callable[[Extraction, Situation], Found | None]]] = {
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
