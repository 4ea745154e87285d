"""Intentions about single things of a page: what has to be unfolded first, sliders, dates, texts that are carried over."""

from dataclasses import dataclass

from outrider.agents.scout.tasks.targets import Target

__all__ = ["Adjust", "Deed", "EnterAll", "EnterDate", "FindAndClick", "Focus", "LookThrough", "Pause", "Unfold"]


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
class Focus:
    """Put the focus into a field."""

    target: Target


@dataclass(frozen=True, slots=True)
class LookThrough:
    """Says where something is to be looked for; nothing is done for this alone."""


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


Deed = FindAndClick | LookThrough | Unfold | Focus | EnterDate | EnterAll | Adjust | Pause
