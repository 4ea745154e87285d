"""Lists of several pages: recorded as one step where all of their pages were read, and read to their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from outrider.agents.places import LIST
from outrider.agents.replay.reading import Found
from outrider.agents.scout.steps.paging import MOST_PAGES, next_page
from outrider.interfaces.actions import Click
from outrider.interfaces.models import Step
from outrider.interfaces.pages import Observation

__all__ = ["after_page", "whole_lists"]

#: The next page, where the log does not say.
_UNKNOWN: Final = -1


def whole_lists(written: Sequence[dict[str, Any]], taken: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a script, with one for all pages of each list that was read to its last page.

    So it is that a list is read whole also when it has more pages than it had, or fewer.

    ``taken`` is what the log has of each step.
    """
    found: list[dict[str, Any]] = []
    at = 0
    while at < len(written):
        last = _last_page(written, taken, at)
        found.append(written[at] if last is None else written[at] | {"pages": True})
        at = (at if last is None else last) + 1
    return found


def _last_page(written: Sequence[Mapping[str, Any]], taken: Sequence[Mapping[str, Any]], first: int) -> int | None:
    """The step that read the last page of the list that ``first`` reads a page of; None when it was not read to it."""
    read = written[first].get("read", [])
    if written[first]["action"] != "extract" or [one["role"] for one in read] != [LIST]:
        return None
    at = first
    while (onward := taken[at]["effect"].get("next_page", _UNKNOWN)) is not None:
        leads_on = at + 2 < len(written) and taken[at + 1]["action"] == {"name": "click", "index": onward}
        if not leads_on or written[at + 2]["action"] != "extract":
            return None
        at += 2
        is_last = taken[at]["effect"].get("next_page", _UNKNOWN) is None
        # A list of one entry is none to the place of a list, so that nothing tells where it was read.
        if written[at].get("read", []) != read and not (is_last and "read" not in written[at]):
            return None
    return at


def after_page(
    tries: Sequence[Step], observation: Observation, known: Found, news: Found
) -> tuple[Click | None, Found]:
    """The way to the next page of the list that was just read, None at its end; and what is new of this one.

    It also ends after many pages, and with one that has nothing new: some lists lead on for ever. A page without the
    list is no end of it: that is missing.
    """
    page = sum(isinstance(step.action, Click) and not step.memory.get("on_the_way") for step in tries) + 1
    rows = list(known.values.values())
    if page > 1 and all(row in rows for row in news.values.values()):
        return None, Found() if news.values else news
    extraction = tries[-1].effect and tries[-1].effect.extraction
    index = next_page(extraction, observation) if extraction else None
    if index is not None and page >= MOST_PAGES:
        return None, replace(news, missing=[*news.missing, f"the entries after page {page} of the list"])
    return (None if index is None else Click(index)), news
