"""Forms for cards as pages make them: the fields by purpose or name, the button, and the totals."""

import pytest
from tests.unit.agents.scout.conftest import MakeElement, MakeObservation

from outrider.agents.scout.steps.card_form import card_form, totals
from outrider.interfaces.pages import Element


def names(elements: list[Element], observation: MakeObservation) -> dict[str, int]:
    form = card_form(observation(elements))
    return dict(form.indices) if form else {}


@pytest.mark.parametrize(
    ("labels", "fields"),
    [
        (
            ("Name on card", "Card number", "Expiry date (MM/YY)", "CVC"),
            {"holder": 0, "number": 1, "expiry": 2, "cvc": 3},
        ),
        (
            ("Credit card number", "Expiration month", "Expiration year", "Security code", "Cardholder name"),
            {"number": 0, "expiry_month": 1, "expiry_year": 2, "cvc": 3, "holder": 4},
        ),
        (("Card No.", "Valid thru", "CVV2", "Month", "Year"), {"number": 0, "expiry": 1, "cvc": 2}),
        (("Gift card number", "Card number", "Card number"), {"number": 1}),
        (("Card verification value", "Expiry"), {}),
        (("Loyalty card number", "Name"), {}),
    ],
)
def test_fields_by_their_names(
    labels: tuple[str, ...], fields: dict[str, int], element: MakeElement, observation: MakeObservation
) -> None:
    assert names([element(n, "textbox", label) for n, label in enumerate(labels)], observation) == fields


def test_fields_by_their_purpose(element: MakeElement, observation: MakeObservation) -> None:
    purposes = ("billing cc-name", "cc-number", "cc-exp-month", "cc-exp-year", "cc-csc")
    fields = [element(n, "combobox" if n in (2, 3) else "textbox", "?", hints=(p,)) for n, p in enumerate(purposes)]
    assert names(fields, observation) == {"holder": 0, "number": 1, "expiry_month": 2, "expiry_year": 3, "cvc": 4}


def test_the_frame_with_the_form_is_preferred_to_a_single_field(
    element: MakeElement, observation: MakeObservation
) -> None:
    framed = [element(100_001 + n, "textbox", name) for n, name in enumerate(("Card number", "Expiry", "CVC"))]
    own = element(1, "textbox", "Card number")
    assert names([own, *framed], observation) == {"number": 100_001, "expiry": 100_002, "cvc": 100_003}
    apart = [element(n * 100_000, "textbox", name) for n, name in enumerate(("Card number", "Expiry", "CVC"), start=1)]
    assert names(apart, observation) == {"number": 100_000, "expiry": 200_000, "cvc": 300_000}


def test_the_button_and_what_is_lacking(element: MakeElement, observation: MakeObservation) -> None:
    required = frozenset({"required"})
    page = [
        element(1, "button", "Search", region="search"),
        element(2, "textbox", "Voucher", states=required, value=""),
        element(3, "textbox", "Card number", states=required, value=""),
        element(4, "textbox", "Postcode", states=required, value=""),
        element(5, "checkbox", "I agree to the terms", states=required),
        element(6, "button", "What is this?"),
        element(7, "button", "Pay now", states=frozenset({"disabled"})),
        element(8, "textbox", "Newsletter", states=required, value=""),
    ]
    form = card_form(observation(page))
    assert form is not None
    assert form.button == page[6]
    assert form.lacking == (page[3], page[4])


@pytest.mark.parametrize(
    ("button", "texts", "found"),
    [
        ("Pay £23.50", ["Total: £20.00"], ("£23.50",)),
        ("Pay", ["Item £2.00", "Subtotal: £22.00", "Total: £23.50", "Total items: 3"], ("£23.50",)),
        ("Pay now", ["Order total", "€ 1.234,50", "Delivery", "€ 4,90"], ("€ 1.234,50",)),
        ("Pay", ["Total", "£23.50", "Grand total: £23.50", "Amount due £23.50"], ("£23.50",)),
        ("Pay", ["Total: £20.00", "Total to pay: £23.50"], ("£20.00", "£23.50")),
        ("Pay", ["Total", "Thank you for shopping with us, £5 off your next order"], ()),
        ("Pay", ["Total £5 or £6"], ()),
    ],
)
def test_totals(
    button: str, texts: list[str], found: tuple[str, ...], element: MakeElement, observation: MakeObservation
) -> None:
    page = observation([element(1, "button", button)], texts=[("paragraph", text) for text in texts])
    assert totals(page, page.elements[0]) == found
