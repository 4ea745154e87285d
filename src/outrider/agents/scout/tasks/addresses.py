"""Postal addresses as people write them, and what they are for: "sent to Mr John Carter, 5 Station Road, Leeds, …".

Each part becomes a field of the form that asks for addresses; one with a part of no known kind is not understood.
"""

import re
from typing import Final

from outrider.agents.scout.tasks.enumerations import enumerated_fields
from outrider.agents.scout.tasks.grammar import Verb
from outrider.agents.scout.tasks.intentions import Choose, Enter, GoTo, Intention, Submit
from outrider.agents.scout.tasks.language import Utterance, like
from outrider.agents.scout.tasks.phrases import pairs
from outrider.agents.scout.tasks.shop_verbs import TO_BASKET, TO_CHECKOUT, add_named
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import Keep, MakeNew, PlaceOrder

__all__ = ["ADDRESS_VERBS", "in_address", "postal"]

_TITLE: Final = r"(?:(?P<title>Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?"
_PERSON: Final = re.compile(rf"{_TITLE}(?P<first>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*) (?P<last>[A-Z][\w'’-]+)")
_STREET: Final = re.compile(r"\d+\w? [\w'’. -]+|[\w'’. -]+ \d+\w?")
#: British, German and French, Dutch, American codes.
_POSTCODE: Final = r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d{2} [A-Z\d]{4}|\d{4} ?[A-Z]{2}|\d{5}(?:-\d{4})?|\d{4}"
_POST: Final = re.compile(_POSTCODE)
_CITY_POST: Final = re.compile(
    rf"(?P<city>[A-Z][\w'’. -]+) (?P<code>{_POSTCODE})|(?P<code2>{_POSTCODE}) (?P<city2>[A-Z][\w'’. -]+)"
)
_PLACE: Final = re.compile(r"[A-Z][\w'’.-]+(?: (?:[A-Z]|of|the|upon|am|sur)[\w'’.-]*)*")


def postal(said: str) -> tuple[Enter, ...] | None:
    """The fields of an address: person, street, further line, town, postcode, country, phone; None when it is none."""
    parts = [part.strip() for part in said.split(",")]
    person = _PERSON.fullmatch(parts[0]) if len(parts) >= _FEWEST else None
    if person is None or not _STREET.fullmatch(parts[1]):
        return None
    fields = [("first name", person["first"]), ("last name", person["last"]), ("first line of address", parts[1])]
    places: list[str] = []
    for part in parts[2:]:
        if both := _CITY_POST.fullmatch(part):
            places.append(both["city"] or both["city2"])
            fields.append(("postcode", both["code"] or both["code2"]))
        elif _POST.fullmatch(part):
            fields.append(("postcode", part))
        elif phone := re.fullmatch(r"(?:phone|tel\.?|telephone)(?: number)?:? (?P<number>[+\d][\d ()/-]+)", part):
            fields.append(("phone", phone["number"]))
        elif _PLACE.fullmatch(part):
            places.append(part)
        else:
            return None
    if len(places) not in (1, 2) or "postcode" not in dict(fields):
        return None
    fields += zip(("city", "country"), places, strict=False)
    title = [Enter(Target("title"), person["title"], optional=True)] if person["title"] else []
    return (*title, *(Enter(Target(name), value) for name, value in fields))


_FEWEST: Final = 4


def _send_to(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Check out as far as the address, and fill it in."""
    address = postal(utterance.expand(found["address"]))
    return address and (*address, Submit("continue"))


def _add_address(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    address = postal(utterance.expand(found["address"]))
    return address and (GoTo(Target("address book")), MakeNew("address"), *address, Keep())


def _buy_as_guest(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...] | None:
    """Into the basket, and to the checkout with what the form for guests asks for."""
    told = found["pairs"]
    fields = (pairs(told, utterance) or enumerated_fields(told, utterance)) if told else ()
    basket = add_named(found, utterance)
    if fields is None or basket is None:
        return None
    return (*basket, TO_BASKET, TO_CHECKOUT, Choose("guest"), *fields, Submit("continue"))


def _place(found: re.Match[str], utterance: Utterance) -> tuple[Intention, ...]:
    utterance.worded.append(found["verb_"])
    return (PlaceOrder(),)


_GUEST: Final = (
    r"(?:as (?:a )?guest|without (?:(?:opening|creating|making|setting up|having|needing) )?an account"
    r"|without (?:registering|signing up|logging in))"
)
ADDRESS_VERBS: Final[tuple[Verb, ...]] = (
    Verb("have", r"(?:it|them|everything|the order) (?:sent|delivered|shipped) to (?P<address>.+)", _send_to),
    Verb("send|deliver|ship", r"(?:it|them|everything|the order) to (?P<address>.+)", _send_to),
    Verb(
        "add|enter|save|put|store|keep|have",
        r"(?:an?|the|this|my|his|her|their)(?: [a-z]+['’]s)? (?:new )?address (?:to|in|into) (?:the|my) address book: "
        r"(?P<address>.+)",
        _add_address,
    ),
    Verb(
        "buy|order|purchase",
        rf"(?P<what>.+?)(?P<times>(?!))?(?P<twice> twice)?,? {_GUEST}(?:,? (?:with|using)(?: the)? (?P<pairs>.+))?",
        _buy_as_guest,
    ),
    Verb("place|submit|complete|confirm", "(?:the|my|this) order", _place),
)


def in_address(before: str, rest: str) -> bool:
    """Whether what follows a comma still belongs to an address: a phone number is no instruction."""
    return bool(_ADDRESSED.match(before) and _PHONE.match(rest))


_ADDRESSED: Final = like(r"(?:have|send|deliver|ship|add|enter|save|put|store|keep)\b.*(?: to |: )")
_PHONE: Final = like(r"(?:phone|tel)\b")
