"""What an action has to work with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from outrider.browsers.downloads import Downloads
from outrider.browsers.tab import ContextLost, Tab
from outrider.browsers.tabs import Tabs
from outrider.config import Settings
from outrider.interfaces.pages import Extraction, Screenshot
from outrider.interfaces.vault import SessionVault
from outrider.problems import OutriderError
from outrider.screening.egress import EgressProxy

__all__ = ["Outcome", "Stage", "ask", "raise_problem"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One browser, as actions see it."""

    tabs: Tabs
    downloads: Downloads
    #: The session's own files, which may be uploaded.
    files: Path
    settings: Settings
    egress: EgressProxy
    #: What was put into pages and is not to be seen there: origin and value.
    concealed: set[tuple[str, str]] = field(default_factory=set)
    #: Keys scroll its pages bit by bit.
    scrolls_smoothly: bool = False
    #: Where the secrets of an action come from; None where there are none.
    vault: SessionVault | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action itself has to say, beside what it did to the page."""

    value: str | None = None
    extraction: Extraction | None = None
    screenshot: Screenshot | None = None


async def ask(tab: Tab, function: str, index: int, *arguments: object, action: str) -> dict[str, object]:
    """Call a function of ``inject/`` with the element ``index`` as its first argument.

    Raises ELEMENT_GONE, ELEMENT_COVERED or ELEMENT_NOT_ACTIONABLE when it answers with that problem.
    """
    frame, number = tab.frames.locate(index)
    if frame is None:
        raise OutriderError("ELEMENT_GONE", index=index)
    try:
        answer: dict[str, object] = await tab.call(function, number, *arguments, frame=frame)
    except ContextLost as error:
        raise OutriderError("ELEMENT_GONE", index=index) from error
    raise_problem(answer, index, action)
    return answer


def raise_problem(answer: Mapping[str, object], index: int, action: str) -> None:
    """Raise the problem that a function of ``inject/`` has answered with, if it has."""
    match answer.get("problem"):
        case "gone":
            raise OutriderError("ELEMENT_GONE", index=index)
        case "covered":
            raise OutriderError("ELEMENT_COVERED", index=index, cover=answer["detail"])
        case "unfit":
            raise OutriderError("ELEMENT_NOT_ACTIONABLE", index=index, action=action, reason=answer["detail"])
        case _:
            return
