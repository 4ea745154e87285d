"""The one table of what an agent can do on a page: name, arguments, risk, how a person would say it.

An action is a frozen value; ``browsers`` carries it out, a model chooses it, the log records it. ``index`` is the
index of an element in the latest observation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Final


class Risk(StrEnum):
    """What an action may cost, for screening."""

    NONE = "none"
    #: Leaves the page or the site.
    LEAVES = "leaves"
    #: May change something on the site.
    CHANGES = "changes"
    #: Brings files in or hands files out.
    FILES = "files"
    #: Puts a secret of the vault into the page.
    SECRETS = "secrets"
    #: Pays.
    PAYS = "pays"


@dataclass(frozen=True, slots=True)
class Navigate:
    """Open an address."""

    risk: ClassVar[Risk] = Risk.LEAVES
    url: str


@dataclass(frozen=True, slots=True)
class Click:
    """Click an element in the middle of its visible part."""

    risk: ClassVar[Risk] = Risk.CHANGES
    index: int


@dataclass(frozen=True, slots=True)
class Hover:
    """Move the pointer onto an element and leave it there: menus that open by themselves."""

    risk: ClassVar[Risk] = Risk.NONE
    index: int


@dataclass(frozen=True, slots=True)
class Drag:
    """Drag an element with the mouse: onto the middle of another, or as far as ``right`` and ``down`` say, in pixels.

    With both, that far from the middle of the other.
    """

    risk: ClassVar[Risk] = Risk.CHANGES
    index: int
    onto: int | None = None
    right: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class Fill:
    """Replace the content of a text field; ``submit`` presses Enter afterwards."""

    risk: ClassVar[Risk] = Risk.CHANGES
    index: int
    text: str
    submit: bool = False


@dataclass(frozen=True, slots=True)
class FillSecret:
    """Put a secret of the vault into a field, by its name: ``shop-login.password``."""

    risk: ClassVar[Risk] = Risk.SECRETS
    index: int
    secret: str
    submit: bool = False


@dataclass(frozen=True, slots=True)
class Pay:
    """Redeem a payment token, put its card into fields, and press the button that pays, if one is named.

    All but the number may be None; the date is one field or two. ``amount`` is the total as the page shows it, with
    its currency where it shows that. A token is used up as soon as it is redeemed, whatever becomes of the page.
    """

    risk: ClassVar[Risk] = Risk.PAYS
    amount: str
    token: str
    number: int
    expiry: int | None = None
    expiry_month: int | None = None
    expiry_year: int | None = None
    cvc: int | None = None
    holder: int | None = None
    button: int | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """Choose an option of a select by its label, else by its value."""

    risk: ClassVar[Risk] = Risk.CHANGES
    index: int
    option: str


@dataclass(frozen=True, slots=True)
class Check:
    """Bring a checkbox, switch or radio button into a state."""

    risk: ClassVar[Risk] = Risk.CHANGES
    index: int
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key or a chord (``Enter``, ``Escape``, ``Control+a``), on an element or where the focus is, so often."""

    risk: ClassVar[Risk] = Risk.CHANGES
    keys: str
    index: int | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Scroll:
    """Scroll by a share of the viewport's height (negative: up), or bring an element into view."""

    risk: ClassVar[Risk] = Risk.NONE
    viewports: float = 0.8
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until a text is on the page, or without one until the page has settled; ``at_least`` so many seconds."""

    risk: ClassVar[Risk] = Risk.NONE
    text: str = ""
    seconds: float = 10.0
    at_least: float = 0.0


@dataclass(frozen=True, slots=True)
class Back:
    """Go back one page."""

    risk: ClassVar[Risk] = Risk.LEAVES


@dataclass(frozen=True, slots=True)
class SwitchTab:
    """Make another tab the current one."""

    risk: ClassVar[Risk] = Risk.NONE
    number: int


@dataclass(frozen=True, slots=True)
class Upload:
    """Give files of the session to a file field."""

    risk: ClassVar[Risk] = Risk.FILES
    index: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Download:
    """Click an element that starts a download, and wait until the file is there."""

    risk: ClassVar[Risk] = Risk.FILES
    index: int


@dataclass(frozen=True, slots=True)
class Extract:
    """Read the page by structure: records, labelled values, text."""

    risk: ClassVar[Risk] = Risk.NONE


@dataclass(frozen=True, slots=True)
class TakeScreenshot:
    """Take a picture of the viewport."""

    risk: ClassVar[Risk] = Risk.NONE


Action = (
    Navigate
    | Click
    | Hover
    | Drag
    | Fill
    | FillSecret
    | Pay
    | Select
    | Check
    | Press
    | Scroll
    | Wait
    | Back
    | SwitchTab
    | Upload
    | Download
    | Extract
    | TakeScreenshot
)

#: Action type by the name that models and logs use.
ACTIONS: Final[Mapping[str, type[Action]]] = MappingProxyType(
    {
        "navigate": Navigate,
        "click": Click,
        "hover": Hover,
        "drag": Drag,
        "fill": Fill,
        "fill_secret": FillSecret,
        "pay": Pay,
        "select": Select,
        "check": Check,
        "press": Press,
        "scroll": Scroll,
        "wait": Wait,
        "back": Back,
        "tab": SwitchTab,
        "upload": Upload,
        "download": Download,
        "extract": Extract,
        "screenshot": TakeScreenshot,
    }
)
NAMES: Final[Mapping[type[Action], str]] = MappingProxyType({kind: name for name, kind in ACTIONS.items()})


def action_to_json(action: Action) -> dict[str, Any]:
    """The action as the log keeps it: ``{"name": "click", "index": 7}``."""
    return {"name": NAMES[type(action)]} | {f.name: getattr(action, f.name) for f in fields(action)}
