"""Intentions about single things of a page: what has to be unfolded first, sliders, dates, texts that are carried over."""

from dataclasses import dataclass

from outrider.agents.scout.tasks.targets import Target

__all__ = ["Adjust", "Deed", "EnterAll", "EnterDate", "FindAndClick", "Focus", "FollowMenu", "LookThrough", "Pause", "Unfold"]


@dataclass(frozen=True, slots=True)
class FindAndClick:
    """Click an element that may be in what is still closed: sections, tabs, branches, further pages are opened."""

    target: Target


@dataclass(frozen=True, slots=True)
class Unfold:
    """Open what is closed: the section, the menu, the branch; ``name`` when the task names it."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FollowMenu:
    """Click the last entry of a way through a menu: "File > Export > PDF"."""

    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Focus:
    """Put the focus into a field."""

    target: Target


@dataclass(frozen=True, slots=True)
class LookThrough:
    """Says where something is to be looked for; nothing is done for this alone."""


@dataclass(frozen=True, slots=True)
class About:
    """What the next clicks are about: the entry that tells this name."""

    entry: str


@dataclass(frozen=True, slots=True)
class ActOn:
    """Click what is called by one of the names at an entry, or, when it is not there, on the page of the entry."""

    entry: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClickEach:
    """Click what is called so at several entries of a name; ``count`` 0 means all."""

    name: str
    entry: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Turn the pages until an entry of this name is shown."""

    name: str


@dataclass(frozen=True, slots=True)
class EnterDate:
    """Put a date or a time of day into a field, typed or by its calendar."""

    field: Target
    value: str


@dataclass(frozen=True, slots=True)
class EnterAll:
    """Put one value into all text fields; ``name`` is what the task calls the value."""

    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Adjust:
    """Bring sliders, spinners or the field of a colour to values, one each in their order."""

    values: tuple[str, ...]
    widget: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Let so many seconds pass."""

    seconds: str


Deed = (
    About
    | ActOn
    | ClickEach
    | Reach
    | FindAndClick
    | FollowMenu
    | LookThrough
    | Unfold
    | Focus
    | EnterDate
    | EnterAll
    | Adjust
    | Pause
)

