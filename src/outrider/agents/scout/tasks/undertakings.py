"""What is undertaken beyond one page: things made and kept, several things in turn, a search's hit, an order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from outrider.agents.scout.tasks.criteria import Condition, Order, Selection

if TYPE_CHECKING:
    from outrider.agents.scout.tasks.intentions import Intention
from outrider.agents.scout.tasks.targets import Target

#: Name of a value: the version of a thing's documentation since which it is there.
ADDED_IN: Final = "added in version"


@dataclass(frozen=True, slots=True)
class Keep:
    """Send the form in which something was changed, by the button that it has for that; nothing where it has none."""


@dataclass(frozen=True, slots=True)
class ConfirmRemoval:
    """Agree to what a page asks before it removes the thing of this name; nothing where it does not ask."""

    name: str


@dataclass(frozen=True, slots=True)
class MakeNew:
    """Be on the form for a new thing of a kind: "issue", "user"."""

    kind: str


@dataclass(frozen=True, slots=True)
class NameIt:
    """Put the name of a new thing of a kind into the field for it."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ToOwn:
    """Be on the page of the user's own account that has a field."""

    field: "Target"


@dataclass(frozen=True, slots=True)
class OpenHit:
    """Open the page that a search tells of first."""

    query: str


@dataclass(frozen=True, slots=True)
class ReadDeed:
    """Read in a sentence what it says about something that was done: "mending the roof"."""

    deed: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Order what is in the basket, by the pages of the checkout that are left."""


@dataclass(frozen=True, slots=True)
class Gather:
    """Find all entries of the list on the page that are selected, for ``Each``."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class Each:
    """Do these with every entry that was gathered, one after the other."""

    steps: tuple["Intention", ...]


@dataclass(frozen=True, slots=True)
class When:
    """Do these when the thing on the page meets a condition, else the others."""

    condition: Condition
    then: tuple["Intention", ...]
    otherwise: tuple["Intention", ...] = ()


@dataclass(frozen=True, slots=True)
class Take:
    """Go on with the entry at this place of what was gathered at this time, both counted from 0."""

    place: int
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Keep values of the page under the name of a thing: to compare it with others, or to list them."""

    fields: tuple[str, ...]
    subject: str = ""
    #: They are part of the answer.
    told: bool = False


@dataclass(frozen=True, slots=True)
class PickNoted:
    """Choose among the noted things."""

    order: Order
    #: The choice and its value are the answer.
    told: bool = False
