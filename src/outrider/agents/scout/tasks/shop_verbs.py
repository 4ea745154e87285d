"""The verbs of shops, as a table: put into the basket, take out, see the basket, check out."""

import re
from dataclasses import replace
from typing import Final

from outrider.agents.scout.amounts import count_word, ordinal
from outrider.agents.scout.synonyms import stem
from outrider.agents.scout.tasks.criteria import Selection
from outrider.agents.scout.tasks.grammar import Verb, always
from outrider.agents.scout.tasks.intentions import (
    AddToBasket,
    Choose,
    ClickOn,
    GoTo,
    Intention,
    Locate,
    OpenPick,
    Pick,
    Submit,
)
from outrider.agents.scout.tasks.language import Utterance, has_quotation, items, like, without_article
from outrider.agents.scout.tasks.phrases import IT, pairs, picked
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import ConfirmRemoval

BASKET: Final = r"(?:the |my |your )?(?:shopping )?(?:basket|cart|bag|trolley)(?: page)?"
TO_BASKET: Final = GoTo(Target("basket", frozenset({"link", "button"})))
TO_CHECKOUT: Final = GoTo(Target("checkout"))

_PRODUCT: Final = "(?:product|item|book|article|entry|record)s?"
_COUNTED: Final = like(
    r"(?P<count>\w+)\s*(?:(?:\s(?:cop(?:y|ies)|pieces?|units?|items?|times)|x|×)\s+(?:of\s+)?|\s+of\s+"
    r"|\s+(?=[\ue000-\uf8ff]|it\b|them\b))"
    r"(?P<what>.+)"
)
#: "two brass lamps"; "Twelve Angry Men" is a name, and so may "2 Minute Noodles" be.
_SEVERAL: Final = like(
    r"(?-i:(?P<count>two|three|four|five|six|seven|eight|nine|ten|\d+(?= [a-z])))\s+"
    r"(?P<name>(?:(?!(?:of|and|or|with|from|in|cheapest|best|most|first|last|dearest|newest)\b)[^\s,]+ )*)"
    r"(?P<kind>(?-i:[a-z]+))"
)
_KIND: Final = like(rf"^(?:{_PRODUCT})\s+(?:named |called |titled )?")
_PLACED: Final = like(rf"(?P<place>\w+) (?:{_PRODUCT}|one|line|row)")


def add_named(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Put ``what`` into the basket, as often as ``times`` or ``twice`` say."""
    if counted_each := _each_counted(found["what"], utterance):
        return counted_each
    what = found["what"]
    quantity = _times(found["times"] or found["twice"])
    if (counted := _COUNTED.fullmatch(what)) and (number := count_word(counted["count"])):
        utterance.worded.append(what[: counted.start("what")])
        what, quantity = counted["what"], number
    elif (plural := _SEVERAL.fullmatch(what)) and stem(plural["kind"]) != plural["kind"]:
        quantity = count_word(plural["count"]) or 1
        what = f"{plural['name']}{stem(plural['kind'])}"
    if like(rf"{IT}(?: there)?").fullmatch(what):
        utterance.worded.append(what)
        return (AddToBasket(quantity),)
    if chosen := picked(what, utterance):
        return _each(chosen, quantity)
    several = items(what)
    apart = all(map(utterance.is_quoted, several)) or all(like(r"the\b").match(one) for one in several)
    names = several if apart else (what,)
    return tuple(step for one in names for step in (Locate(_name(one, utterance)), AddToBasket(quantity)))


def _each_counted(what: str, utterance: Utterance) -> tuple[Intention, ...] | None:
    """Several quoted things, each with its number: "two of the 'Tea pot' and one 'Tray'"."""
    parts = [_NUMBERED.fullmatch(one) for one in items(what)]
    if len(parts) < 2 or not all(parts):
        return None
    steps: list[Intention] = []
    for part in parts:
        if part is None or not (count := count_word(part["count"])):
            return None
        utterance.take(part)
        utterance.worded.append(part["count"])
        steps += [Locate(utterance.expand(part["what"])), AddToBasket(count)]
    return tuple(steps)


_NUMBERED: Final = like("(?P<count>\\w+)(?: copies| pieces| x)?(?: of)?(?: the)? (?P<what>[\ue000-\uf8ff])")


def _buy(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Put into the basket what the task wants bought, where it says itself how far to go."""
    if not _HOW_FAR.search(utterance.masked):
        return None
    steps = add_named(found, utterance)
    return steps and tuple(replace(one, bought=True) if isinstance(one, AddToBasket) else one for one in steps)


#: Buying ends in the basket, at the checkout, or with a payment by token: a task that says none of them means more.
_HOW_FAR: Final = like(r"\b(?:basket|cart|bag|trolley|check ?-?out|pay)\b")


def _times(words: str | None) -> int:
    """How many: "twice", "3 times"; 1 when not said."""
    said = (words or "once").split()[0].lower()
    return {"once": 1, "twice": 2}.get(said) or count_word(said) or 1


def _each(chosen: tuple[Intention, ...], quantity: int) -> tuple[Intention, ...]:
    """Open and add every entry that was picked: "the first three products"."""
    *way, pick = chosen
    selection = pick.selection if isinstance(pick, Pick) else Selection()
    if not selection.count:
        return (*chosen, OpenPick(), AddToBasket(quantity))
    first = selection.position or 1
    last = first + selection.count - 1 if selection.order else 0
    steps: list[Intention] = list(way)
    for place in range(first, first + selection.count):
        steps += [Pick(replace(selection, count=0, position=place), place > first, total=last), OpenPick()]
        steps.append(AddToBasket(quantity))
    return tuple(steps)


def _as_guest(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Check out without an account, with what the form for guests asks for."""
    way = () if found["verb"] in ("continue", "proceed") else (TO_CHECKOUT,)
    entries = pairs(found["pairs"], utterance) if found["pairs"] else ()
    return None if entries is None else (*way, Choose("guest"), *entries, *([Submit("continue")] if entries else []))


def _remove(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    if like(r"(?:everything|all\b.*)").fullmatch(found["what"]):
        return None
    utterance.worded.append(found["basket"] or "")
    way = (TO_BASKET,) if found["basket"] else ()
    placed = _PLACED.fullmatch(without_article(found["what"]))
    if placed and (position := ordinal(placed["place"])):
        utterance.take(placed)
        return (*way, ClickOn(Target("remove", position=position)))
    near = "" if like(IT).fullmatch(found["what"]) else _name(found["what"], utterance)
    if not near:
        utterance.worded.append(found["what"])
    asked = (ConfirmRemoval(near),) if has_quotation(found["what"]) and not way else ()
    return (*way, ClickOn(Target("remove", near=near)), *asked)


def _name(phrase: str, utterance: Utterance) -> str:
    """The name of a product without "the product called"."""
    return utterance.expand(utterance.without(_KIND, without_article(phrase)))


SHOP_VERBS: Final[tuple[Verb, ...]] = (
    Verb(
        "(?P<verb>check-?out|check out|continue|proceed|go to (?:the )?checkout)",
        r"as (?:an? )?guest(?: (?:user|customer))?(?:,? (?:with|using)(?: the)? (?P<pairs>.+))?",
        _as_guest,
    ),
    Verb(
        "(?:go|proceed|continue) to (?:the )?check-?out|check-?out|check out",
        r"(?:now|the basket|the cart)?",
        always(TO_CHECKOUT),
        alone=True,
    ),
    Verb("go to|open|view|show(?: me)?|visit|see", BASKET, always(TO_BASKET)),
    Verb(
        "add|put|place|drop|move",
        rf"(?P<what>.+?)\s+(?:to|in|into|inside)\s+{BASKET}(?: (?P<times>\w+) times| (?P<twice>twice))?",
        add_named,
    ),
    Verb("buy|purchase", r"(?P<what>.+?)(?P<times>(?!))?(?P<twice> twice)?", _buy),
    Verb("remove|delete", rf"(?P<what>.+?)(?:\s+(?:from|out of)\s+(?P<basket>{BASKET}))?", _remove),
    Verb("take", rf"(?P<what>.+?)\s+(?:from|out of)\s+(?P<basket>{BASKET})", _remove),
    Verb("take", r"(?P<what>.+?)\s+(?:back )?out(?: again)?(?P<basket>(?!))?", _remove),
)
