"""The verbs of paying, as a table: pay, check out, buy, each with a payment token."""

import re
from dataclasses import replace
from typing import Final

from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import AddToBasket, Intention, PayWith
from outrider.agents.scout.tasks.language import Utterance
from outrider.agents.scout.tasks.phrases import Q
from outrider.agents.scout.tasks.shop_verbs import TO_CHECKOUT, add_named

#: How the text of a payment token begins.
_TOKEN: Final = re.compile(r"pt_\w+")
_BY_TOKEN: Final = (
    r"(?:with|by|using|via|through)\s+(?:(?:the|this|my|a|that|one)\s+)*(?:one-?time\s+)?(?:(?:payment[\s-])?token:?\s+)?"
    rf"(?P<token>pt_\w+|{Q})"
)
_AMOUNT: Final = r"(?P<amount>[^\s\w]?\d\S*(?: (?-i:[A-Z]{3})\b)?|(?-i:[A-Z]{3}) \d\S*)"
_DUE: Final = (
    r"(?:now|(?:for )?(?:it|them|that|this|everything|(?:the|my|this) (?:whole )?"
    r"(?:order|basket|cart|total|bill|invoice|amount|purchase)))"
)


def _pay(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    parts = found.groupdict()
    token = utterance.expand(parts["token"] or "")
    if token and not _TOKEN.fullmatch(token):
        return None
    return (PayWith(token, utterance.expand(parts.get("amount") or "")),)


def _check_out(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    paying = _pay(found, utterance)
    return paying and (TO_CHECKOUT, *paying)


def _buy(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Put into the basket, and pay; the way between the two goes without saying."""
    paying, steps = _pay(found, utterance), add_named(found, utterance)
    if not paying or not steps:
        return None
    return (*(replace(one, bought=True) if isinstance(one, AddToBasket) else one for one in steps), *paying)


PAY_VERBS: Final[tuple[Verb, ...]] = (
    Verb("pay", rf"(?:(?:{_AMOUNT}|{_DUE})\s*)?(?:{_DUE}\s*)?(?:{_BY_TOKEN})?(?:\s+now)?", _pay, alone=True),
    Verb(
        "(?:complete|make|finish|do|place) (?:the|my|this) (?:payment|purchase|order)", rf"(?:now )?{_BY_TOKEN}", _pay
    ),
    Verb("use|redeem", rf"(?:(?:the|this|my)\s+)?(?:payment\s+)?token\s+(?P<token>pt_\w+|{Q})(?: to pay)?", _pay),
    Verb(
        "(?:(?:go|proceed) to (?:the )?)?check-?out|check out",
        rf"(?:now |the basket |the cart )?{_BY_TOKEN}",
        _check_out,
    ),
    Verb("buy|purchase", rf"(?P<what>.+?)(?P<times>(?!))?(?P<twice> twice)?,? {_BY_TOKEN}", _buy),
)
