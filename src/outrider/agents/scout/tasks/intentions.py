"""What a clause of a task means: frozen values, one for each thing that can be wanted."""

from dataclasses import dataclass

from outrider.agents.scout.tasks.criteria import Condition, Selection
from outrider.agents.scout.tasks.deeds import Deed
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import (
    ConfirmRemoval,
    Each,
    Gather,
    Keep,
    MakeNew,
    NameIt,
    Note,
    OpenHit,
    PickNoted,
    PlaceOrder,
    ReadDeed,
    Take,
    ToOwn,
    When,
)


@dataclass(frozen=True, slots=True)
class Open:
    """Open an address."""

    url: str


@dataclass(frozen=True, slots=True)
class ClickOn:
    """Click an element."""

    target: Target


@dataclass(frozen=True, slots=True)
class GoTo:
    """Be on the page that a description names: nothing to do when it is already shown."""

    target: Target
    #: A page with a form to fill will do.
    optional: bool = False


@dataclass(frozen=True, slots=True)
class TurnTo:
    """Be on the page of the list with this number, counted from 1."""

    page: int


@dataclass(frozen=True, slots=True)
class SearchFor:
    """Search the site."""

    query: str
    #: Nothing to do on a site that can't be searched.
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Seek:
    """Be on a page that lists something: the shown one, a category, or the results of a search if that may be done."""

    what: str
    search: bool = True
    #: The value to choose by, where it is not one that any list may show.
    column: str = ""


@dataclass(frozen=True, slots=True)
class Enter:
    """Put a value into a field, whatever kind of field it is."""

    field: Target
    value: str
    #: Nothing to do when there is no such field.
    optional: bool = False
    #: What to enter instead when the page says that the value is taken.
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose an option, of a named field or of any."""

    option: str
    field: Target | None = None
    #: It filters a list: what the form of filters needs to take effect is pressed, too.
    filters: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Bring a checkbox or radio button into a state."""

    target: Target
    checked: bool = True
    #: As of ``Choose``.
    filters: bool = False


@dataclass(frozen=True, slots=True)
class Submit:
    """Send the form that was worked on; ``button`` describes its button when the task does."""

    button: str = ""
    #: The field that gets another value when the page says that the first is taken.
    amended: Enter | None = None


@dataclass(frozen=True, slots=True)
class LogIn:
    """Log in. Without a password, with a log-in of the vault that fits; what is missing then is asked for."""

    #: The user name, or what a log-in of the vault is called.
    user: str = ""
    password: str = ""
    #: Address of the site, where the task names one.
    site: str = ""
    #: The task says that it is one of the vault.
    stored: bool = False
    #: The task only mentions it, wherever that is: it comes before all else.
    beforehand: bool = False


@dataclass(frozen=True, slots=True)
class PayWith:
    """Pay with a payment token. An empty one is asked for; an ``amount`` has to be what the page asks for."""

    token: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """Choose entries of the list on the page; ``again``: of the list that was gone through before."""

    selection: Selection
    again: bool = False
    #: How many pages of the list count; 0: all.
    pages: int = 0
    #: How many are chosen one by one in all: of equal ones among these, each gets its turn.
    total: int = 0


@dataclass(frozen=True, slots=True)
class OpenPick:
    """Open the page of the chosen entry; where nothing was chosen, stay if it is ``optional``."""

    optional: bool = False


@dataclass(frozen=True, slots=True)
class Locate:
    """Be on the page of a thing with this name: the shown one, a link to it, else by searching."""

    name: str
    #: A page that mentions it will do, and so will one that does not when there is no way to look.
    optional: bool = False


@dataclass(frozen=True, slots=True)
class AddToBasket:
    """Put the product on the page into the basket."""

    quantity: int = 1
    #: The task said "buy"; putting it into the basket may follow as a clause of its own.
    bought: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """Read values: of the chosen entry, of the page, or of the entry that ``subject`` names."""

    fields: tuple[str, ...]
    subject: str = ""
    #: What is asked of the only value: whether it meets this.
    test: Condition | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Tell what a search has found under this name: the entries that are called so, or the page of the thing."""

    name: str


@dataclass(frozen=True, slots=True)
class Collect:
    """List entries with the named values; ``pages`` 0 means all, 1 the shown one."""

    fields: tuple[str, ...]
    selection: Selection
    pages: int = 0
    #: Further values, listed where the entries have them.
    also: tuple[str, ...] = ()
    #: Words of the heading or caption above the list, where the task names it.
    heading: str = ""
    #: The list has to be a table.
    tabular: bool = False
    #: The task calls it "the result": where the page has no list, its one result is meant.
    or_result: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Say how many entries there are; ``pages`` as in ``Collect``."""

    selection: Selection
    pages: int = 0
    #: The question is only whether there are any.
    asks: bool = False


@dataclass(frozen=True, slots=True)
class GoBack:
    """Go back one page."""


@dataclass(frozen=True, slots=True)
class ScrollPage:
    """Scroll by viewports (negative: up)."""

    viewports: float


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Wait until a text is shown; without one until the page has settled."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class PressKey:
    """Press a key or a chord."""

    keys: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """Download what an element leads to."""

    target: Target


@dataclass(frozen=True, slots=True)
class Capture:
    """Take a screenshot."""


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with given words."""

    text: str


Intention = (
    Open
    | ClickOn
    | GoTo
    | TurnTo
    | SearchFor
    | Seek
    | Enter
    | Choose
    | Tick
    | Submit
    | Keep
    | ConfirmRemoval
    | MakeNew
    | NameIt
    | ToOwn
    | OpenHit
    | ReadDeed
    | PlaceOrder
    | Gather
    | Each
    | When
    | Take
    | Note
    | PickNoted
    | LogIn
    | PayWith
    | Pick
    | OpenPick
    | Locate
    | AddToBasket
    | Read
    | Found
    | Collect
    | Count
    | GoBack
    | ScrollPage
    | WaitFor
    | PressKey
    | Fetch
    | Capture
    | Say
    | Deed
)


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """The form of answer that the task asks for; ``keys`` name the members of a JSON object."""

    json: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a task asks for, in order."""

    intentions: tuple[Intention, ...]
    format: AnswerFormat = AnswerFormat()
