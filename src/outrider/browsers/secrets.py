"""Actions that put secrets of the vault into a page, each into one field of one document, after asking who that is."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from outrider.browsers import pointer
from outrider.browsers.card_forms import FORMS
from outrider.browsers.cdp import CdpError
from outrider.browsers.frames import Frame
from outrider.browsers.keyboard import key_events
from outrider.browsers.stage import Outcome, Stage, raise_problem
from outrider.browsers.tab import ContextLost, Tab
from outrider.interfaces.actions import Click, FillSecret, Pay
from outrider.interfaces.vault import Part
from outrider.problems import OutriderError

__all__ = ["conceal", "fill_secret", "pay"]

_CONCEALED: Final = frozenset({"number", "cvc"})
_QUIET_SECONDS: Final = 1.0
#: The public part of a token.
_TOKEN_CHARACTERS: Final = 16


@dataclass(frozen=True, slots=True)
class _Place:
    """A field in one document: when that is replaced, nothing can be put there any more."""

    tab: Tab
    frame: Frame
    index: int
    number: int
    #: The document's isolated world.
    context: str
    #: The document's origin, which no script of the page can change.
    origin: str
    #: It takes a password, which would be readable in any other field.
    needs_password: bool = False

    @classmethod
    async def find(cls, tab: Tab, index: int, action: str, *, needs_password: bool = False) -> "_Place":
        """Raises ELEMENT_GONE, and ELEMENT_NOT_ACTIONABLE for what takes no secret."""
        frame, number = tab.frames.locate(index)
        if frame is None:
            raise OutriderError("ELEMENT_GONE", index=index)
        try:
            await tab.ensure_world(frame)
            context = frame.context
            answer = await tab.hand(frame, context, "fitsSecret", number, needs_password)
        except ContextLost as error:
            raise OutriderError("ELEMENT_GONE", index=index) from error
        raise_problem(answer, index, action)
        return cls(tab, frame, index, number, context, answer["origin"], needs_password)

    async def put(self, stage: Stage, forms: Sequence[str], action: str, *, conceals: bool) -> None:
        """Raises ELEMENT_GONE and ELEMENT_NOT_ACTIONABLE."""
        if conceals:
            stage.concealed.add((self.origin, forms[0]))
        arguments = self.number, list(forms), conceals, self.needs_password
        try:
            answer = await self.tab.hand(self.frame, self.context, "putSecret", *arguments)
        except ContextLost as error:
            raise OutriderError("ELEMENT_GONE", index=self.index) from error
        raise_problem(answer, self.index, action)


async def fill_secret(stage: Stage, action: FillSecret) -> Outcome:
    """Put a secret into a field. Raises SECRET_NOT_FOUND, SECRET_ORIGIN_REFUSED and what filling raises."""
    if stage.vault is None:
        raise OutriderError("SECRET_NOT_FOUND", secret=action.secret)
    tab = await stage.tabs.current()
    part = action.secret.rpartition(".")[2]
    place = await _Place.find(tab, action.index, "fill_secret", needs_password=part == Part.PASSWORD)
    value = await stage.vault.reveal(action.secret, place.origin)
    await place.put(stage, (value,), "fill_secret", conceals=part != Part.USER_NAME)
    if action.submit:
        await tab.input("Input.dispatchKeyEvent", key_events("Enter"))
    return Outcome(value=f"‹{action.secret}›")


async def pay(stage: Stage, action: Pay) -> Outcome:
    """Check all that can be checked, redeem the token, and only then put the card into the page.

    Raises what ``SessionVault.redeem`` and clicking do, and PAYMENT_AMOUNT_UNREADABLE when the page does not show the
    amount.
    """
    tab = await stage.tabs.current()
    places = {name: await _Place.find(tab, index, "pay") for name, index in _fields(action).items()}
    origin = _only_origin(action, places.values())
    await _require_shown(tab, action.amount)
    if stage.vault is None:
        raise OutriderError("PAYMENT_TOKEN_NOT_FOUND", token=_public(action))
    card = await stage.vault.redeem(action, origin)
    for name, place in places.items():
        await place.put(stage, FORMS[name](card), "pay", conceals=name in _CONCEALED)
    if action.button is not None:
        await pointer.click(stage, Click(action.button))
    await stage.vault.settle(action)
    return Outcome()


async def conceal(stage: Stage, tab: Tab) -> None:
    """Mask what was put into pages wherever a document of the same origin has it in a field again."""
    if stage.concealed:
        await asyncio.gather(*(_conceal_in(stage, tab, frame) for frame in tab.frames if frame.context))


async def _conceal_in(stage: Stage, tab: Tab, frame: Frame) -> None:
    context = frame.context
    try:
        async with asyncio.timeout(_QUIET_SECONDS):
            origin = await tab.hand(frame, context, "origin")
            values = [value for bound, value in stage.concealed if bound == origin]
            if values:
                await tab.hand(frame, context, "conceal", values)
    except (TimeoutError, ContextLost, CdpError, OutriderError):
        return  # it went away, or hangs


def _fields(action: Pay) -> Mapping[str, int]:
    """The fields that the action names, in the order in which they are filled."""
    return {name: index for name in FORMS if (index := getattr(action, name)) is not None}


def _only_origin(action: Pay, places: Iterable[_Place]) -> str:
    """Raises PAYMENT_ORIGIN_REFUSED when the fields are in frames of several."""
    origins = {place.origin for place in places}
    if len(origins) > 1:
        shown = " and ".join(sorted(origins))
        raise OutriderError("PAYMENT_ORIGIN_REFUSED", token=_public(action), origin=shown)
    return str(origins.pop())


def _public(action: Pay) -> str:
    """What of a token may be shown."""
    return action.token[:_TOKEN_CHARACTERS]


async def _require_shown(tab: Tab, amount: str) -> None:
    """Raise PAYMENT_AMOUNT_UNREADABLE unless a frame shows the amount: a model may be mistaken, or talked into it."""
    shown = await asyncio.gather(*(_shows(tab, frame, amount) for frame in tab.frames if frame.context))
    if not any(shown):
        raise OutriderError("PAYMENT_AMOUNT_UNREADABLE", reason="The page does not show the amount that was named.")


async def _shows(tab: Tab, frame: Frame, amount: str) -> bool:
    try:
        answer = await tab.call("showsAmount", amount, frame=frame)
    except (ContextLost, CdpError):
        return False
    return bool(answer["shown"])
