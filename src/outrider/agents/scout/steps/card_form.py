"""The form for a card: its fields, the button that pays, and the totals that the page shows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from outrider.agents.scout.amounts import money
from outrider.agents.scout.pages.grounding import CHOSEN, TICKED, TYPED
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.interfaces.pages import Element, Observation
from outrider.problems import OutriderError
from outrider.vault.amounts import read_amount

#: ``autocomplete`` by https://html.spec.whatwg.org/#autofill, and the field of ``actions.Pay``.
_PURPOSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cc-number": "number", "cc-exp": "expiry", "cc-exp-month": "expiry_month", "cc-exp-year": "expiry_year",
        "cc-csc": "cvc", "cc-name": "holder",
    }
)  # fmt: skip
_EXPIRES: Final = r"\b(?:exp|expiry|expires|expiration|valid (?:thru|through|until|to))\b"
#: What fields are called, in words; the first that fits wins.
_NAMES: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("", r"\b(?:gift|loyalty|member|membership|library|student|customer|bonus|voucher)\b"),
        ("cvc", r"\b(?:cvc|cvv|cvn|csc|cvc2|cvv2)\b|\b(?:security|verification|card) (?:code|value)\b"),
        ("holder", r"\bname on (?:the |your )?(?:credit |debit )?card\b|\bcard ?holder|^cc ?name$"),
        ("number", r"\bcard ?(?:number|num|nr|no)\b|^cc ?(?:number|num|no)$|^card$"),
        ("expiry", r"\bmm yy(?:yy)?\b|\bmonth (?:and )?year\b"),
        ("expiry_month", rf"{_EXPIRES}.*\b(?:month|mm)$|^(?:exp(?:iry|iration)? )?(?:month|mm)$"),
        ("expiry_year", rf"{_EXPIRES}.*\b(?:year|yy|yyyy)$|^(?:exp(?:iry|iration)? )?(?:year|yy|yyyy)$"),
        ("expiry", _EXPIRES),
    )
)
_HALVES: Final = ("expiry_month", "expiry_year")
#: Frames number their elements in hundred thousands.
_OF_FRAME: Final = 100_000
_PAYS: Final = re.compile(r"\b(?:pay|payment|buy|order|purchase|checkout|complete|confirm|submit|next|donate|book)\b")
_ASIDE: Final = frozenset({"search", "banner", "navigation", "contentinfo"})

#: What a total is called, and sums beside it that are none.
_DUE: Final = re.compile(
    r"\b(?:total|amount due|amount to pay|to pay|balance due|amount payable|total payable|you pay)\b", re.IGNORECASE
)
_NOT_DUE: Final = re.compile(
    r"\b(?:sub-? ?total|items?|savings?|saved|discounts?|tax(?:es)? total|total (?:tax|vat|savings?|discounts?|items?)"
    r"|excl\w*|before|without|delivery|shipping|points)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CardForm:
    """``fields``: the elements by the names of the fields of ``actions.Pay``, in page order; a number is among them."""

    fields: Mapping[str, Element]
    #: The button that sends them.
    button: Element | None
    #: Fields between them that have to be filled in or ticked, and are not.
    lacking: tuple[Element, ...]

    @property
    def indices(self) -> Mapping[str, int]:
        """As ``actions.Pay`` takes them."""
        return {name: element.index for name, element in self.fields.items()}


def card_form(observation: Observation) -> CardForm | None:
    """The form for a card, or None where the page has none."""
    elements = observation.elements
    found = _in_one_place([(name, e) for e in elements if (name := _field_of(e))])
    fields = dict(reversed(found))  # of several of one name the first
    if "number" not in fields:
        return None
    if "expiry" in fields:
        fields = {name: e for name, e in fields.items() if name not in _HALVES}
    places = sorted(elements.index(e) for e in fields.values())
    ordered = {name: e for place in places for name, e in fields.items() if e is elements[place]}
    button = _button(elements[places[-1] + 1 :])
    end = elements.index(button) if button else places[-1]
    between = elements[places[0] : end]
    lacking = tuple(e for e in between if _is_lacking(e) and e not in tuple(fields.values()))
    return CardForm(MappingProxyType(ordered), button, lacking)


def frame_of(index: int) -> int:
    """The ordinal of the frame that an element is in."""
    return index // _OF_FRAME


def _in_one_place(found: Sequence[tuple[str, Element]]) -> Sequence[tuple[str, Element]]:
    """Those of the frame with the most of them, when it has the number; where each has a frame of its own, all."""
    frames = [frame_of(e.index) for _, e in found]
    numbered = [frame_of(e.index) for name, e in found if name == "number"]
    best = max(numbered, key=frames.count, default=None)
    if best is None or frames.count(best) == 1:
        return found
    return [(name, e) for name, e in found if frame_of(e.index) == best]


def _field_of(element: Element) -> str:
    """Which field of a card it is, or ""."""
    if element.role not in TYPED | CHOSEN or element.states & {"disabled", "readonly"}:
        return ""
    for hint in element.hints:
        if purpose := next((_PURPOSES[word] for word in hint.split() if word in _PURPOSES), ""):
            return purpose
    for text in (element.name, *element.hints):
        words = " ".join(plain_words(text))
        if (name := next((name for name, pattern in _NAMES if pattern.search(words)), None)) is not None:
            return name
    return ""


def _button(after: Sequence[Element]) -> Element | None:
    """The first button that sounds like paying; one that is still disabled only where there is no other."""
    buttons = [e for e in after if e.role == "button" and e.region not in _ASIDE]
    paying = [e for e in buttons if e.kind == "submit" or _PAYS.search(" ".join(canonical(e.name)))]
    return min(paying, key=lambda e: "disabled" in e.states, default=None)


def _is_lacking(element: Element) -> bool:
    if "required" not in element.states or element.region in _ASIDE:
        return False
    if element.role in TICKED:
        return "checked" not in element.states and element.role != "radio"
    return element.role in TYPED | CHOSEN and not element.value


def totals(observation: Observation, button: Element | None) -> tuple[str, ...]:
    """What is to be paid, as the page writes it: what the button says, else every sum that is called a total."""
    if button is not None and (said := _sum(button.name)):
        return (said,)
    shown: dict[object, str] = {}
    for text in filter(None, _named_sums(observation)):
        amount = read_amount(text)
        if amount.value not in shown or not read_amount(shown[amount.value]).currencies:
            shown[amount.value] = text
    return tuple(shown.values())


def _named_sums(observation: Observation) -> Iterator[str]:
    """Sums with a total's name: in one text, or in the one after it."""
    texts = [text.text for text in observation.texts if text.region not in _ASIDE]
    for text, following in pairwise([*texts, ""]):
        if not _DUE.search(text) or _NOT_DUE.search(text):
            continue
        if any(map(str.isdigit, text)):
            yield _sum(text)
        elif not re.search(r"[^\W\d_]{4}", following):
            yield _sum(following)


def _sum(text: str) -> str:
    """The one amount of money in a text, with its currency, or ""."""
    found = money(text)
    try:
        read_amount(text)
    except OutriderError:
        return ""
    return found.text if found else ""
