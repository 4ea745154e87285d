"""Evidence for answers: whether a quote was on the page that it is said to be from, and a picture of that page.

A model only claims where it read a value. What pages showed is kept here while the task runs, so that each claim is
checked against it, whichever model made it.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urldefrag

from outrider.interfaces.models import Evidence
from outrider.interfaces.pages import Extraction, Observation, Page
from outrider.problems import OutriderError

__all__ = ["Witness"]

#: Pictures of one task; beyond it evidence goes without.
MAX_PICTURES: Final = 20
#: Text of one task, so that a long walk does not fill the memory; the pages seen last are kept.
MAX_CHARACTERS: Final = 2_000_000

_GAPS: Final = re.compile(r"[\s…]+")

#: Keeps a picture under the name that is given, or another, which it returns; "" when it could not.
KeepPicture = Callable[[str, bytes], Awaitable[str]]


class Witness:
    """What the pages of one task have shown. With ``keep`` it also takes pictures of pages that are read."""

    def __init__(self, page: Page, task_id: int, keep: KeepPicture | None) -> None:
        self._page = page
        self._task_id = task_id
        self._keep = keep
        self._texts: dict[str, set[str]] = {}
        self._characters = 0
        #: Name of the latest picture by address.
        self._pictures: dict[str, str] = {}
        self._taken = 0

    def saw(self, observation: Observation) -> None:
        """A page was looked at."""
        self._remember(observation.url, _shown(observation))

    async def read(self, extraction: Extraction) -> None:
        """Values were read from a page: now is the time for its picture."""
        self._remember(extraction.url, _said(extraction))
        await self._picture(extraction.url)

    async def testify(self, claims: Iterable[Evidence], url: str) -> list[dict[str, Any]]:
        """Each claim with ``verified`` (the quote was on that page) and ``screenshot`` (name of a file, or None).

        ``url`` is where the task has ended: of that page a picture can still be taken.
        """
        claims = tuple(claims)
        if any(_page_of(claim.url) == _page_of(url) for claim in claims) and _page_of(url) not in self._pictures:
            await self._picture(url)
        return [
            asdict(claim) | {"verified": self._was_shown(claim), "screenshot": self._pictures.get(_page_of(claim.url))}
            for claim in claims
        ]

    def _remember(self, url: str, texts: Iterable[str]) -> None:
        known = self._texts.pop(_page_of(url), set())  # put back at the end: the latest page
        self._texts[_page_of(url)] = known
        for text in map(_squeezed, texts):
            if text and text not in known:
                known.add(text)
                self._characters += len(text)
        while self._characters > MAX_CHARACTERS and len(self._texts) > 1:
            oldest = next(iter(self._texts))
            self._characters -= sum(map(len, self._texts.pop(oldest)))

    def _was_shown(self, claim: Evidence) -> bool:
        """The quote, or each of its lines, is in something that the page said; how it was spaced does not matter."""
        shown = self._texts.get(_page_of(claim.url), set())
        pieces = [piece for line in claim.quote.splitlines() if (piece := _squeezed(line))]
        return bool(pieces) and all(any(piece in text for text in shown) for piece in pieces)

    async def _picture(self, url: str) -> None:
        if self._keep is None or self._taken >= MAX_PICTURES:
            return
        self._taken += 1
        try:
            picture = await self._page.screenshot()
        except OutriderError:  # a page without a picture is still evidence
            return
        name = await self._keep(f"task-{self._task_id}-{self._taken}.jpg", picture.jpeg)
        if name:
            self._pictures[_page_of(url)] = name


def _page_of(url: str) -> str:
    return urldefrag(url).url


def _squeezed(text: str) -> str:
    return _GAPS.sub("", text).casefold()


def _shown(observation: Observation) -> Iterator[str]:
    texts = [text.text for text in observation.texts]
    yield from (observation.title, *texts, " ".join(texts))
    for element in observation.elements:
        yield from (element.name, element.value or "")


def _said(extraction: Extraction) -> Iterator[str]:
    texts = [text.text for text in extraction.texts]
    yield from (extraction.title, *texts, " ".join(texts))
    for pair in extraction.pairs:
        yield from (f"{pair.label}{pair.value}", f"{pair.label}:{pair.value}")
    for group in extraction.groups:
        for record in group.records:
            yield " ".join(field.text for field in record.fields)
