"""Telling what a page's sentences say about something that was done, on the page or on the first hit of a search."""

from outrider.agents.scout.pages.prose import sentences_on
from outrider.agents.scout.steps.attempts import failure
from outrider.agents.scout.steps.hits import first_hit, open_hit
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.tasks.intentions import SearchFor
from outrider.agents.scout.tasks.undertakings import OpenHit, ReadDeed
from outrider.interfaces.actions import Extract
from outrider.problems import OutriderError

__all__ = ["read_deed"]


def read_deed(wanted: ReadDeed, now: Situation) -> Outcome:
    """Read the one sentence about a deed; what it does not say is missing.

    Raises RESULT_NOT_FOUND when there is none, when several differ, or when it says nothing of what is asked.
    """
    if now.last is not None and now.last.effect is None:
        raise failure(now.last, "read the page", now)
    before = now.preceding
    # What a search shows of a page may be cut where it says more.
    if isinstance(before, SearchFor) and not now.steps and first_hit(now):
        return open_hit(OpenHit(before.query), now)
    extraction = now.extraction
    if extraction is None:
        return Move(Extract(), f"Reading what is said about {wanted.deed}", "read")
    sentences = sentences_on(wanted.deed, extraction)
    said = {name: {one.value(name) for one in sentences} - {None} for name in wanted.fields}
    found = {name: values.pop() for name, values in said.items() if len(values) == 1}
    missing = [name for name in wanted.fields if name not in found]
    if not found:
        what = f"{', '.join(missing)} of {wanted.deed}, in one clear sentence"
        raise OutriderError("RESULT_NOT_FOUND", missing=what, url=now.observation.url)
    quotes = {name: next(one.text for one in sentences if one.value(name) == value) for name, value in found.items()}
    return Done({"values": [[n, value, extraction.url, quotes[n]] for n, value in found.items()], "missing": missing})
