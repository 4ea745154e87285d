"""What a page shows, what an action did to it, and the contracts of page, browser and pool.

Coordinates are CSS pixels relative to the viewport of the top page. Values that a page has by the hundred are
``array_like``: they are decoded as they come from the browser, the fields in their order here.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from outrider.interfaces.actions import Action
from outrider.interfaces.environments import BrowserState
from outrider.interfaces.live import Inspectable
from outrider.interfaces.vault import SessionVault
from outrider.problems import OutriderError


class Box(Struct, frozen=True, array_like=True):
    """A rectangle in CSS pixels, relative to the viewport of the top page."""

    x: float
    y: float
    width: float
    height: float


#: As many options of a select as an observation tells (OPTIONS_LIMIT of ``inject/``).
MOST_OPTIONS: Final = 50


class Element(Struct, frozen=True, array_like=True):
    """One interactive element of an observation."""

    #: Stable for as long as the element lives in its document. Frame ordinal times 100,000 plus a number.
    index: int
    #: ARIA role, explicit or implied: button, link, textbox, searchbox, checkbox, radio, combobox, option, …
    role: str
    #: Accessible name: aria-labelledby, aria-label, label, alt, content, title, placeholder.
    name: str
    tag: str
    #: ``type`` of an input; empty for other tags.
    kind: str
    #: Current value of a field; None where the element has none. A password is shown as bullets.
    value: str | None
    #: checked, disabled, expanded, collapsed, selected, pressed, required, readonly, focused, invalid, multiple
    states: frozenset[str]
    box: Box
    in_view: bool
    #: Landmark it lies in: main, navigation, banner, contentinfo, complementary, search, form, dialog, or "".
    region: str
    #: What it belongs to: nearest heading, legend, table row or list item; at most 120 characters.
    context: str = ""
    #: Other words about it: placeholder, title, name attribute, id, autocomplete.
    hints: tuple[str, ...] = ()
    href: str = ""
    #: Labels of the options of a select; at most ``MOST_OPTIONS``.
    options: tuple[str, ...] = ()
    #: Of an input in a form: index of the button that Enter in it presses, which may be hidden.
    presses: int | None = None
    #: Of a field that is marked as invalid: what the page, or else the browser, says is wrong with it.
    complaint: str = ""


class Text(Struct, frozen=True, array_like=True):
    """One block of visible text."""

    region: str
    #: heading1 … heading6, paragraph, item, cell, label, alert, status
    kind: str
    text: str


class Tab(Struct, frozen=True):
    """One tab of the session's browser."""

    number: int
    url: str
    title: str
    current: bool


class Suspicion(Struct, frozen=True):
    """A passage of a page that speaks to the agent instead of to people, as screening found it."""

    #: Id of the rule.
    rule: str
    excerpt: str


class Observation(Struct, frozen=True):
    """What the current page shows, bounded in size."""

    url: str
    title: str
    elements: tuple[Element, ...]
    texts: tuple[Text, ...]
    tabs: tuple[Tab, ...]
    #: How many interactive elements the page has in all; more than given means: ask again with ``offset``.
    total_elements: int
    #: ``offset`` of the next part, or None at the end.
    next_offset: int | None
    scroll_y: float
    page_height: float
    viewport_height: float
    suspicious: tuple[Suspicion, ...] = ()


class Field(Struct, frozen=True, array_like=True):
    """One piece of a record: a link, a heading, a price, a cell."""

    text: str
    #: heading, link, image, cell, rating, button, text
    kind: str
    #: Column header, ``itemprop``, ``aria-label`` or the like; "" where the page gives none.
    label: str = ""
    href: str = ""
    #: Index of the interactive element, where the piece is one.
    index: int | None = None
    #: Class and data words, lower case, for what text does not say (``star-rating three``).
    hint: str = ""


class Record(Struct, frozen=True, array_like=True):
    """One of several blocks of the same structure: a product, a search hit, a table row."""

    fields: tuple[Field, ...]
    #: Of a row: the heading that spans the table above it.
    section: str = ""


class RecordGroup(Struct, frozen=True):
    """Records that repeat one structure on the page, in page order."""

    records: tuple[Record, ...]
    region: str
    #: Nearest heading or caption above the group.
    heading: str
    #: The summed area of the records in square pixels: the main list of a page is large.
    area: float


class Pair(Struct, frozen=True, array_like=True):
    """A labelled value: ``<th>UPC</th><td>123</td>``, ``<dt>/<dd>``, ``Price: £3``."""

    label: str
    value: str


class Extraction(Struct, frozen=True):
    """What a page says, by structure."""

    url: str
    title: str
    groups: tuple[RecordGroup, ...]
    pairs: tuple[Pair, ...]
    texts: tuple[Text, ...]
    #: Index of the link or button that leads to the next page of the list, if the page has one.
    next_page: int | None


class Screenshot(Struct, frozen=True):
    """A picture of the viewport as baseline JPEG, with where it was taken."""

    jpeg: bytes
    url: str
    title: str


class Dialog(Struct, frozen=True):
    """A JavaScript dialog that was answered."""

    kind: str
    message: str
    accepted: bool


class Effect(Struct, frozen=True):
    """What an action did to the page: the evidence by which a step is checked."""

    url: str
    title: str
    #: The top document was replaced, or its address changed (``pushState``).
    navigated: bool
    #: Something that a user can see or read changed: nodes, values, states, focus excluded.
    changed: bool
    #: Read back after fill, select and check.
    value: str | None = None
    #: Text of alerts and status messages that appeared with the action.
    alerts: tuple[str, ...] = ()
    dialogs: tuple[Dialog, ...] = ()
    #: Names of files that finished downloading.
    downloads: tuple[str, ...] = ()
    #: A new tab was opened and is now the current one.
    opened_tab: bool = False
    extraction: Extraction | None = None
    screenshot: Screenshot | None = None
    milliseconds: float = 0.0
    #: The top document was replaced: no element of the one before is there any more.
    replaced: bool = False


class Page(Protocol):
    """The page that a session is looking at; follows the current tab.

    Calls may come from several tasks; input actions are serialised inside. Every call has a deadline of its own
    and ends with an ``OutriderError`` (PAGE_UNRESPONSIVE, PAGE_CRASHED, BROWSER_CRASHED, ELEMENT_…, NAVIGATION_…)
    rather than hang. Cancelling a call leaves the page usable.
    """

    async def observe(self, *, offset: int = 0, limit: int = 300) -> Observation:
        """Interactive elements ``offset`` to ``offset + limit`` in reading order, and the visible text.

        Of the next document, when one was asked for: raises NAVIGATION_TIMEOUT when it does not come.
        """
        ...

    async def watch(self, action: Action) -> None:
        """Note what the page is like, for the account of an action that is about to come; never raises.

        Without it ``act`` does so first. With it that can be done while something else is waited for.
        """
        ...

    async def act(self, action: Action, vault: SessionVault | None = None) -> Effect:
        """Carry out one action of ``interfaces.actions.ACTIONS`` and wait until the page has settled.

        ``vault`` gives the secrets that an action names. They are masked in the page from then on, as a look tells it
        and in pictures; what the page says of them elsewhere is the caller's to mask.
        """
        ...

    async def halt(self) -> None:
        """Stop a script that does not end, and a document that was asked for and has not come.

        As long as there is one of them, nothing in the page can be asked.
        """
        ...

    async def open(self, url: str) -> Effect:
        """Open an address, as somebody does who types it into the browser: what is loading is given up for it.

        A navigation under way, and every action that has not begun, ends with NAVIGATION_REPLACED; an action that has
        is carried out, without the page that it leads to.
        """
        ...

    async def screenshot(self) -> Screenshot:
        """The viewport now, also before the first navigation and on error pages."""
        ...


class Browser(Protocol):
    """One browser process with a profile folder of its own; it belongs to one session and is never reused."""

    @property
    def page(self) -> Page:
        """The current page."""
        ...

    @property
    def inspection(self) -> Inspectable:
        """For people who watch, and for their tools."""
        ...

    @property
    def profile(self) -> Path:
        """The folder in which the browser keeps what it stores."""
        ...

    @property
    def downloaded(self) -> tuple[Path, ...]:
        """The files that its pages have downloaded whole, in order; who keeps one may take it away."""
        ...

    async def until_downloaded(self, seen: int) -> None:
        """Wait until ``downloaded`` has more than ``seen`` files; for ever when it never has."""
        ...

    @property
    def uploads(self) -> Path:
        """The folder whose files the upload action gives to pages."""
        ...

    @property
    def has_ended(self) -> bool:
        """The process is gone."""
        ...

    async def capture(self, expected: BrowserState | None = None) -> BrowserState:
        """Cookies, tabs, and what the origins in them keep. Bounded (10 s); pages that hang are left out.

        Pages that showed a logged-in user in ``expected`` are given a moment to do so again.
        """
        ...

    async def reopen(self, state: BrowserState, seconds: float) -> tuple[str, ...]:
        """Put cookies and tabs of a captured state into this fresh browser, each tab within ``seconds``.

        Returns what failed, in sentences.
        """
        ...

    async def leave(self) -> None:
        """End the browser by its own means, so that its files are complete; ``close`` is still to be called.

        Raises PAGE_UNRESPONSIVE when it has not ended after 10 s.
        """
        ...

    async def freeze(self) -> None:
        """Send viewers and DevTools clients away, stop all processes, and remove the session's down- and uploads.

        Nothing runs, no file changes and no call is answered until ``thaw``.
        """
        ...

    def thaw(self) -> None:
        """Let a frozen browser go on."""
        ...

    async def ended(self) -> OutriderError:
        """Wait until it has ended, and say how: BROWSER_CRASHED, or EXTERNAL_BROWSER_UNREACHABLE for a caller's own.

        Returns at once when it already has.
        """
        ...

    async def close(self) -> None:
        """End the process group and remove the folder. Bounded (3 s), idempotent, never raises."""
        ...


#: Puts files into the empty profile folder of a browser that is about to be launched.
Fill = Callable[[Path], Awaitable[None]]


class BrowserPool(Protocol):
    """Where sessions get their browsers. Keeps some launched ahead."""

    @property
    def open_browsers(self) -> int:
        """Browsers that are not closed: given out, or launched ahead."""
        ...

    async def acquire(self, fill: Fill | None = None) -> Browser:
        """A fresh browser; with ``fill``, one that is launched for it.

        Raises BROWSER_NOT_INSTALLED, BROWSER_START_FAILED, SERVER_STOPPING, or what ``fill`` raises.
        """
        ...

    async def close(self) -> None:
        """End every browser that the pool ever gave out or holds ready."""
        ...
