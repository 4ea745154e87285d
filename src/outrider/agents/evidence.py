"""Evidence for answers: whether a quote was on the page that it is said to be from, where, and whether it still is.

A model only claims where it read a value. What pages showed is kept here while the task runs, so that each claim is
checked against it, whichever model made it.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any, Final, NamedTuple
from urllib.parse import urldefrag

import msgspec

from outrider.agents.places import Place, View, find, read, squeezed
from outrider.interfaces.models import Evidence
from outrider.interfaces.pages import Effect, Extraction, Observation, Page
from outrider.problems import OutriderError

__all__ = ["Witness"]

#: Pictures of one task; beyond it evidence goes without.
MAX_PICTURES: Final = 20
#: Text of one task, so that a long walk does not fill the memory; the pages seen last are kept.
MAX_CHARACTERS: Final = 2_000_000
#: Elements and texts of the views that are kept to tell where something stood: some 30 MB, fifty usual pages.
MAX_PARTS: Final = 30_000

#: Keeps a picture under the name that is given, or another, which it returns; "" when it could not.
KeepPicture = Callable[[str, bytes], Awaitable[str]]


class _Seen(NamedTuple):
    """A view of a page, and how many steps were taken before it."""

    page: str
    step: int
    view: View


class Witness:
    """What the pages of one task have shown. With ``keep`` it also takes pictures of pages that are read."""

    def __init__(self, page: Page, task_id: int, keep: KeepPicture | None) -> None:
        self._page = page
        self._task_id = task_id
        self._keep = keep
        #: What pages have said, squeezed, by address; the latest page last.
        self._texts: dict[str, set[str]] = {}
        self._characters = 0
        self._views: deque[_Seen] = deque()
        #: What was shown since the task last did something: an answer is decided on this.
        self._fresh: set[str] = set()
        #: What the page that the task ends on says when it is looked at again.
        self._now: View | None = None
        self._now_texts: set[str] = set()
        #: Name of the latest picture by address.
        self._pictures: dict[str, str] = {}
        self._taken = 0

    def saw(self, observation: Observation, step: int) -> None:
        """A page was looked at, after so many steps."""
        self._remember(observation.url, _shown(observation))
        latest = self._views[-1] if self._views else None
        if latest and latest.page == _page_of(observation.url) and latest.view.texts == observation.texts:
            self._views[-1] = latest._replace(view=View(observation, latest.view.extraction))
        else:
            self._keep_view(_Seen(_page_of(observation.url), step, View(observation)))

    async def read(self, extraction: Extraction, step: int) -> None:
        """Values were read from a page by this step: now is the time for its picture."""
        self._remember(extraction.url, _said(extraction))
        page = _page_of(extraction.url)
        looked_at = next((seen.view.observation for seen in reversed(self._views) if seen.page == page), None)
        self._keep_view(_Seen(page, step, View(looked_at, extraction)))
        await self._picture(extraction.url)

    def acted(self, effect: Effect) -> None:
        """The task did something that may change the page, which may have said something to it for a moment."""
        self._fresh.clear()
        self._remember(effect.url, (*effect.alerts, *(dialog.message for dialog in effect.dialogs)))

    def rests_on(self, claims: Iterable[Evidence], url: str) -> bool:
        """Whether a claim is about the page that the task ends on, as it was when the answer was decided on."""
        return any(map(self._is_recent(url), claims))

    def look_again(self, claims: Iterable[Evidence], before: str, now: View) -> tuple[str, ...]:
        """The fields whose quotes the page that the task ends on does not say any more.

        ``before`` is its address when the answer was decided on. A page that went elsewhere meanwhile tells nothing.
        """
        observation = now.observation
        if observation is None or _page_of(observation.url) != _page_of(before):
            return ()
        recent = filter(self._is_recent(before), tuple(claims))
        self._now, self._now_texts = now, {squeezed(text) for text in _of_view(now)}
        return tuple(claim.field for claim in recent if not _is_in(claim.quote, self._now_texts))

    async def testify(self, claims: Iterable[Evidence], url: str) -> list[dict[str, Any]]:
        """Each claim with ``verified`` (the quote was on that page), ``element`` (where), ``step`` (after which step),
        ``current`` (it is still there; None: the page was left), ``now`` (what stands there instead, if it is not), and
        ``screenshot`` (name of a file, or None).

        ``url`` is where the task has ended: of that page a picture can still be taken.
        """
        claims = tuple(claims)
        if any(_page_of(claim.url) == _page_of(url) for claim in claims) and _page_of(url) not in self._pictures:
            await self._picture(url)
        return [self._testimony(claim, url) for claim in claims]

    def _testimony(self, claim: Evidence, url: str) -> dict[str, Any]:
        step, place = self._place(claim)
        row = asdict(claim) | {
            "verified": _is_in(claim.quote, self._texts.get(_page_of(claim.url), set())),
            "screenshot": self._pictures.get(_page_of(claim.url)),
            "element": msgspec.to_builtins(place) if place else None,
            "step": step,
            "current": None,
        }
        if self._now is not None and self._is_recent(url)(claim):
            row["current"] = _is_in(claim.quote, self._now_texts)
            if not row["current"]:
                row["now"] = read(place, self._now) if place else None
        return row

    def _place(self, claim: Evidence) -> tuple[int | None, Place | None]:
        """Where the quote stood when it was last there, and the number of steps before."""
        page = _page_of(claim.url)
        for seen in reversed(self._views):
            if seen.page == page and (place := find(claim.quote, seen.view)) is not None:
                return seen.step, place
        return None, None

    def _is_recent(self, url: str) -> Callable[[Evidence], bool]:
        return lambda claim: _page_of(claim.url) == _page_of(url) and _is_in(claim.quote, self._fresh)

    def _remember(self, url: str, texts: Iterable[str]) -> None:
        known = self._texts.pop(_page_of(url), set())  # put back at the end: the latest page
        self._texts[_page_of(url)] = known
        for text in filter(None, map(squeezed, texts)):
            self._fresh.add(text)
            if text not in known:
                known.add(text)
                self._characters += len(text)
        while self._characters > MAX_CHARACTERS and len(self._texts) > 1:
            oldest = next(iter(self._texts))
            self._characters -= sum(map(len, self._texts.pop(oldest)))

    def _keep_view(self, seen: _Seen) -> None:
        self._views.append(seen)
        while sum(_weight(one.view) for one in self._views) > MAX_PARTS and len(self._views) > 1:
            self._views.popleft()

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


def _weight(view: View) -> int:
    records = sum(len(group.records) for group in view.extraction.groups) if view.extraction else 0
    return len(view.elements) + len(view.texts) + 5 * records


def _page_of(url: str) -> str:
    return urldefrag(url).url


def _is_in(quote: str, shown: set[str]) -> bool:
    """The quote, or each of its lines, is in something that the page said; how it was spaced does not matter."""
    pieces = [piece for line in quote.splitlines() if (piece := squeezed(line))]
    return bool(pieces) and all(any(piece in text for text in shown) for piece in pieces)


def _of_view(view: View) -> Iterator[str]:
    if view.observation is not None:
        yield from _shown(view.observation)
    if view.extraction is not None:
        yield from _said(view.extraction)


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
