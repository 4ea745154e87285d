"""From what the frames of a tab report to one ``Extraction``."""

from typing import Final

import msgspec

from outrider.browsers.binding import bind_frames
from outrider.browsers.reports import Report, ask_frames
from outrider.browsers.tab import Tab
from outrider.interfaces.pages import Extraction, Pair, RecordGroup, Text

#: Characters of text that an extraction carries at most, per frame.
_TEXT_LIMIT: Final = 60_000


class _Read(Report):
    """What ``extract`` of ``inject/`` answers."""

    groups: list[RecordGroup]
    pairs: list[Pair]
    texts: list[Text]
    #: Index of what leads to the next page.
    next: int | None


_DECODER: Final = msgspec.json.Decoder(_Read)


async def extract(tab: Tab) -> Extraction:
    """Read all frames by structure. Raises ContextLost when the top document goes away meanwhile."""
    reports = await ask_frames(tab, await bind_frames(tab), "extract", {"chars": _TEXT_LIMIT}, _DECODER)
    ordered = [report for _, report in sorted(reports.items())]
    return Extraction(
        url=tab.url,
        title=reports[tab.frames.main.ordinal].title,
        groups=tuple(group for report in ordered for group in report.groups),
        pairs=tuple(pair for report in ordered for pair in report.pairs),
        texts=tuple(text for report in ordered for text in report.texts),
        next_page=next((report.next for report in ordered if report.next is not None), None),
    )
