"""Where a search has led: the hit that is told first, whatever the page of results looks like."""

from outrider.agents.scout.pages.grounding import describe
from outrider.agents.scout.pages.told import ASIDE
from outrider.agents.scout.steps.attempts import failure, reacted
from outrider.agents.scout.steps.listing import says_nothing
from outrider.agents.scout.steps.moving import search_fields
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import plain_words
from outrider.agents.scout.tasks.intentions import SearchFor
from outrider.agents.scout.tasks.undertakings import OpenHit
from outrider.interfaces.actions import Click
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["first_hit", "open_hit"]


def open_hit(wanted: OpenHit, now: Situation) -> Outcome:
    """Follow the first link of the results: one that heads a hit, else the first in the page's own matter.

    Raises RESULT_NOT_FOUND when the search has found nothing.
    """
    if now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Done()
    if now.last is not None:
        raise failure(now.last, "open the first hit", now)
    if isinstance(before := now.preceding, SearchFor) and before.optional and not search_fields(now.observation):
        return Done()
    hit = first_hit(now)
    if hit is None:
        told = says_nothing(now.observation)
        missing = f"a hit for “{wanted.query}”" + (f" (it says “{told}”)" if told else "")
        raise OutriderError("RESULT_NOT_FOUND", missing=missing, url=now.observation.url)
    return Move(Click(hit.index), f"Opening {describe(hit)}, the first hit for “{wanted.query}”")


def first_hit(now: Situation) -> Element | None:
    """The first link that heads a hit."""
    headings = [plain_words(t.text) for t in now.observation.texts if t.kind in ("heading2", "heading3", "heading4")]
    links = [e for e in now.observation.elements if e.role == "link" and e.href and e.name and e.region not in ASIDE]
    named = ((plain_words(e.name), e) for e in links)
    return next((e for words, e in named if any(heading[: len(words)] == words for heading in headings)), None)
