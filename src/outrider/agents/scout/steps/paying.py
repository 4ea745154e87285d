"""Paying with a payment token: find the form for the card and the total, redeem, and see what the page says to it."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from outrider.agents.scout.pages.grounding import Candidate, describe
from outrider.agents.scout.steps.attempts import attempt, failure, reacted, refused, uncover, which
from outrider.agents.scout.steps.card_form import CardForm, card_form, frame_of, totals
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical
from outrider.agents.scout.tasks.intentions import PayWith
from outrider.interfaces.actions import Action, Check, Click, Pay, Wait
from outrider.interfaces.models import Ask, Step
from outrider.interfaces.pages import Effect, Element
from outrider.problems import OutriderError
from outrider.vault.amounts import read_amount

_TOKEN: Final = re.compile(r"\bpt_live_\w+")
#: The public part of a token.
_SHOWN_CHARACTERS: Final = 16
_QUESTION: Final = (
    "Which payment token shall I pay with? Create one for this session with POST /v1/payment_tokens, and send it."
)


def pay_with(wanted: PayWith, now: Situation) -> Outcome:
    """Put the card into the form by ``actions.Pay``, which sends it; a token is redeemed once, so nothing is repeated.

    Raises what ``Pay`` does, TARGET_NOT_FOUND without a form, a button or the total that the task names,
    PAYMENT_AMOUNT_UNREADABLE, STEP_WITHOUT_EFFECT for a form that lacks something else, and STEP_REFUSED with what the
    page says.
    """
    if now.taken("pay"):
        return _paid(now)
    token = wanted.token or _asked(now)
    if isinstance(token, Ask):
        return token
    form = card_form(now.observation)
    if form is None:
        return _to_form(now)
    if closing := _uncovered(form, now):
        return closing
    button = _complete(form, now)
    amount = _amount(wanted, form, now)
    if isinstance(amount, Ask):
        return amount
    thought = f"Paying {amount} with the payment token “{token[:_SHOWN_CHARACTERS]}…”"
    return Move(Pay(amount, token, **form.indices, button=button.index), thought, "pay", {"amount": amount})


def _asked(now: Situation) -> str | Ask:
    reply = now.answer(_QUESTION)
    if reply is None:
        return Ask(_QUESTION)
    if (found := _TOKEN.search(reply)) is None:
        unknown = "…"  # what was sent instead may be anything
        raise OutriderError("PAYMENT_TOKEN_NOT_FOUND", token=unknown)
    return found.group()


# --- before


def _to_form(now: Situation) -> Outcome:
    """Choose to pay by card, or go on to the payment, as the page offers it."""

    def act(element: Element) -> Action:
        return Check(element.index) if element.role == "radio" else Click(element.index)

    return attempt(
        now,
        "a form for a card",
        lambda: _ways(now),
        act,
        lambda effect: False,
        lambda element: f"Going to the form for the card by {describe(element)}",
    )


def _ways(now: Situation) -> Sequence[Candidate]:
    """Ways of paying that are a card, then what leads to the payment and pays nothing by itself."""
    cards = [e for e in now.observation.elements if e.role in ("radio", "tab") and _is_card(e)]
    leading = [e for e in now.observation.elements if e.role in ("link", "button") and _leads(e)]
    return [Candidate(element, 1.0) for element in (*cards, *leading)]


def _is_card(element: Element) -> bool:
    words = set(canonical(element.name))
    return "card" in words and not words & {"gift", "saved", "loyalty"} and not element.states & {"checked", "selected"}


def _leads(element: Element) -> bool:
    words = set(canonical(element.name))
    return "payment" in words and not words & _PAYS and element.region not in ("contentinfo", "banner", "navigation")


_PAYS: Final = frozenset({"pay", "confirm", "place", "complete", "submit", "order", "buy", "make", "history", "remove"})


def _uncovered(form: CardForm, now: Situation) -> Move | None:
    """Close what may lie over the button: when the click fails, the token is used up already."""
    if now.uncovered or form.fields["number"].region == "dialog":
        return None
    return uncover(now, dialogs_only=True)


def _complete(form: CardForm, now: Situation) -> Element:
    """The button that sends the form, which lacks nothing but the card."""
    if form.lacking:
        names = ", ".join(element.name or describe(element) for element in form.lacking)
        raise OutriderError("STEP_WITHOUT_EFFECT", action=f"pay (required and empty: {names})")
    if form.button is None:
        raise OutriderError("TARGET_NOT_FOUND", description="a button that pays", url=now.observation.url)
    return form.button


def _amount(wanted: PayWith, form: CardForm, now: Situation) -> str | Ask:
    """The total, as the page shows it; a question when it shows several."""
    shown = totals(now.observation, form.button)
    if wanted.amount:
        asked = _value(wanted.amount)
        shown = tuple(text for text in shown if _value(text) == asked)
        if not shown:
            description = f"a total of {wanted.amount}"
            raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)
    if not shown:
        raise OutriderError("PAYMENT_AMOUNT_UNREADABLE", reason="The page shows no total.")
    chosen = which(now, "the total to pay", shown) if len(shown) > 1 else 0
    return chosen if isinstance(chosen, Ask) else shown[chosen]


def _value(text: str) -> Decimal:
    return read_amount(text).value


# --- after


def _paid(now: Situation) -> Outcome:
    """What came of it; an order that has to be placed on a page of its own is placed."""
    last, paid = now.steps[-1], now.taken("pay")[-1]
    if last.effect is None:
        raise failure(last, "pay", now)
    if why := refused(last.effect) or _declined(now):
        raise OutriderError("STEP_REFUSED", action="pay", said=why)
    form = card_form(now.observation)
    if form is not None and (last.effect.navigated or _is_same(form, paid)):
        return _still_asked(form, last.effect, now)
    if not now.taken("place") and (button := _placing(now)) is not None:
        _require_same(str(paid.memory["notes"]["amount"]), button, now)
        return Move(Click(button.index), f"Placing the order with {describe(button)}", "place")
    if not reacted(last.effect) and now.phase != "wait":
        raise OutriderError("STEP_WITHOUT_EFFECT", action="pay")
    return Done()


def _is_same(form: CardForm, paid: Step) -> bool:
    """Where the page itself stayed, another frame's form is none that was paid by."""
    return isinstance(paid.action, Pay) and frame_of(form.indices["number"]) == frame_of(paid.action.number)


def _declined(now: Situation) -> str:
    """What the page says when the payment was not taken."""
    told = (text.text for text in now.observation.texts if text.kind.startswith(("heading", "alert", "status")))
    return "; ".join(text for text in (*told, now.observation.title) if _DECLINED.search(text))[:300]


_DECLINED: Final = re.compile(
    r"\b(?:declined|rejected|refused|refusal|fail(?:ed|ure)|denied|insufficient|unsuccessful"
    r"|(?:not|n['’]t)(?: be)? (?:accept|process|authori[sz]|complet|charg)\w*)",
    re.IGNORECASE,
)


def _still_asked(form: CardForm, effect: Effect, now: Situation) -> Outcome:
    """The form for the card is there again, or still: it may be at work, for a while."""
    if not effect.navigated and not now.taken("wait"):
        return Move(Wait(), "Waiting for the payment", "wait")
    faults = [element.name for element in (*form.fields.values(), *form.lacking) if "invalid" in element.states]
    said = f"it does not take: {', '.join(faults)}" if faults else "it shows the form for the card again"
    raise OutriderError("STEP_REFUSED", action="pay", said=said)


def _placing(now: Situation) -> Element | None:
    """The button of a page that asks for a last word before the order is placed."""
    buttons = [e for e in now.observation.elements if e.role == "button" and e.region in ("main", "form", "dialog", "")]
    return next((e for e in buttons if _PLACES.search(e.name) and "disabled" not in e.states), None)


_PLACES: Final = re.compile(
    r"^(?:(?:place|confirm|complete|submit|finish)(?: and \w+)?(?: (?:the|my|your))? (?:order|payment|purchase|booking)"
    r"|(?:pay|buy|order) now\b|pay \S*\d)",
    re.IGNORECASE,
)


def _require_same(amount: str, button: Element, now: Situation) -> None:
    """The last word is for what the token was redeemed for. Raises STEP_REFUSED."""
    shown = totals(now.observation, button)
    if shown and all(_value(text) != _value(amount) for text in shown):
        said = f"it now asks for {' or '.join(shown)}, the token was redeemed for {amount}"
        raise OutriderError("STEP_REFUSED", action="pay", said=said)
