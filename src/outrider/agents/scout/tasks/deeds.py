"""Intentions about single things of a page: what is unfolded first, sliders, dates, texts that are carried over."""

from dataclasses import dataclass

from outrider.agents.scout.tasks.targets import Target

__all__ = [
    "About",
    "ActOn",
    "Adjust",
    "ClickEach",
    "Copy",
    "Deed",
    "DragTo",
    "EnterAll",
    "EnterCopied",
    "EnterDate",
    "EnterLabelled",
    "EnterNew",
    "EnterSuggested",
    "FindAndClick",
    "Focus",
    "FollowMenu",
    "LookThrough",
    "Pause",
    "PressOwn",
    "Reach",
    "ScrollIn",
    "SearchBy",
    "Unfold",
]


@dataclass(frozen=True, slots=True)
class FindAndClick:
    """Click an element that may be in what is still closed: sections, tabs, branches, further pages are opened."""

    target: Target


@dataclass(frozen=True, slots=True)
class Unfold:
    """Open what is closed: the section, the menu, the branch; ``name`` when the task names it."""

    kind: str
    name: str = ""
    #: All of them.
    every: bool = False


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


@dataclass(frozen=True, slots=True)
class Copy:
    """Take a value off the page: of a ``field``, a ``word`` of a text, the result of a ``sum`` or an ``equation``."""

    kind: str
    of: Target
    place: int = 0


@dataclass(frozen=True, slots=True)
class EnterCopied:
    """Put the value that was read last into a field."""

    field: Target


@dataclass(frozen=True, slots=True)
class EnterLabelled:
    """Put into each empty field the value that the page has under the field's label."""


@dataclass(frozen=True, slots=True)
class ScrollIn:
    """Scroll what is in a field or box to its end, or its beginning."""

    target: Target
    to_end: bool = True


@dataclass(frozen=True, slots=True)
class DragTo:
    """Drag something: in a ``direction``, in a list to a ``place``, or by so many places."""

    target: Target
    #: left, right, up, down; "" for a place.
    direction: str = ""
    #: How many places in that direction; 0: some way.
    steps: int = 0
    #: In a list, counted from 1; -1 is the last.
    place: int = 0
    #: In a grid: "top left", "center".
    corner: str = ""


@dataclass(frozen=True, slots=True)
class SearchBy:
    """Fill in a form that searches by several values: (what it is of, value); "" for the one that no word tells."""

    criteria: tuple[tuple[str, str], ...]
    #: The whole, where the page has one field for it.
    query: str


@dataclass(frozen=True, slots=True)
class EnterSuggested:
    """Enter the suggestion of a field that begins, and ends, with given letters."""

    begins: str
    ends: str = ""


@dataclass(frozen=True, slots=True)
class PressOwn:
    """Press what the chosen entry has by one of the names, if it has such a button, or where it is ``required``."""

    names: tuple[str, ...]
    #: What the entry is called, and its button perhaps: "Select train".
    noun: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class EnterNew:
    """Put the name of a new entry of a list into the field for that; ``list`` is what the task calls it."""

    name: str
    list: str = ""


Deed = (
    PressOwn
    | EnterNew
    | DragTo
    | ScrollIn
    | SearchBy
    | EnterSuggested
    | Copy
    | EnterCopied
    | EnterLabelled
    | About
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
