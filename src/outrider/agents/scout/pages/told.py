"""What a page tells without a label: the text that belongs to a term, the measures of an entry."""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Final

from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.interfaces.pages import Extraction

#: Characters of a text that is read as one value.
TEXT_LIMIT: Final = 4000
#: Regions that say nothing of what the page is about.
ASIDE: Final = frozenset({"banner", "navigation", "contentinfo", "search", "complementary"})


def beside(label: str, extraction: Extraction) -> str:
    """The value in the second of two cells of a row, the first of which is called so; "" when no such row is there."""
    words = canonical(label)
    rows = (record.fields for group in extraction.groups for record in group.records)
    found = [
        two.text for one, two in (row for row in rows if len(row) == 2) if canonical(one.text.strip(" :")) == words
    ]
    return next(filter(None, found), "")


def told_of(term: str, extraction: Extraction) -> str:
    """The text that belongs to a term: below its entry or heading, else its labelled value."""
    words = plain_words(term)
    texts = [text for text in extraction.texts if text.region not in ASIDE]
    for at, said in enumerate(texts[:-1]):
        if not _names(said.text, words) or said.kind == "label":
            continue
        below = takewhile(lambda text: text.kind == "paragraph", texts[at + 1 :])
        if told := "\n".join(text.text for text in below)[:TEXT_LIMIT]:
            return told
    return next((pair.value for pair in extraction.pairs if _names(pair.label, words)), "")


def _names(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text is a term and nothing else; the parameters of a function aside."""
    return words in (plain_words(text), plain_words(_PARAMETERS.sub("", text)))


_PARAMETERS: Final = re.compile(r"(?<=\w)\(.*$")
#: How sizes of a kind are written.
_MEASURES: Final[Mapping[str, re.Pattern[str]]] = {
    kind: re.compile(rf"\d[\d.,]*\s?(?:{units})\b", re.IGNORECASE)
    for kind, units in (
        ("size", "[KMGT]i?B|bytes"),
        ("weight", "kg|g|mg|lbs?|oz|t"),
        ("length", "mm|cm|m|km|in|inches|ft|feet|min|minutes|h|hours|pages"),
    )
}


def measured(name: str, item: Item) -> str | None:
    """The measure of a kind in the text of an entry, or that of each column; None when there is none."""
    pattern = _MEASURES.get(name)
    found = dict.fromkeys(pattern.findall(item.text)) if pattern else {}
    if len(found) < 2 or pattern is None:
        return next(iter(found), None)
    columns = ((label, pattern.findall(text)) for label, text in item.columns.items())
    return ", ".join(f"{label}: {', '.join(said)}" for label, said in columns if said) or None
