"""From what the frames of a tab report to one ``Extraction``."""

from typing import Any

from outrider.browsers.binding import bind_frames
from outrider.browsers.frames import NUMBERS_PER_FRAME
from outrider.browsers.observation import ask_frames
from outrider.browsers.tab import Tab
from outrider.interfaces.pages import Extraction, Field, Pair, Record, RecordGroup, Text

#: Characters of text that an extraction carries at most, per frame.
_TEXT_LIMIT = 60_000


async def extract(tab: Tab) -> Extraction:
    """Read all frames by structure. Raises ContextLost when the top document goes away meanwhile."""
    reports = await ask_frames(tab, await bind_frames(tab), "extract", {"chars": _TEXT_LIMIT})
    top = reports[tab.frames.main.ordinal]
    ordered = sorted(reports.items())
    following = [_index(ordinal, report["next"]) for ordinal, report in ordered if report["next"] is not None]
    return Extraction(
        url=tab.url,
        title=top["title"],
        groups=tuple(_group(ordinal, group) for ordinal, report in ordered for group in report["groups"]),
        pairs=tuple(Pair(label, value) for _, report in ordered for label, value in report["pairs"]),
        texts=tuple(Text(*block) for _, report in ordered for block in report["texts"]),
        next_page=following[0] if following else None,
    )


def _index(ordinal: int, number: int) -> int:
    return ordinal * NUMBERS_PER_FRAME + number


def _group(ordinal: int, group: dict[str, Any]) -> RecordGroup:
    records = tuple(Record(tuple(_field(ordinal, field) for field in record)) for record in group["records"])
    return RecordGroup(records, group["region"], group["heading"], group["area"])


def _field(ordinal: int, field: list[Any]) -> Field:
    text, kind, label, href, number, hint = field
    return Field(text, kind, label, href, None if number is None else _index(ordinal, number), hint)
