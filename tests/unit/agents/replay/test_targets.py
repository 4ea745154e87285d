"""Which element a description means on a page that has changed, and when it means none."""

import msgspec
import pytest

from outrider.agents.replay.targets import described, locate, spoken
from outrider.interfaces.actions import Click, Pay
from outrider.interfaces.pages import Box, Element, Observation

BOX = Box(0, 0, 10, 10)


def element(index: int, name: str, role: str = "button", **given: object) -> Element:
    plain = Element(index, role, name, "button", "", None, frozenset(), BOX, True, "main")
    return msgspec.structs.replace(plain, **given)


def page(*elements: Element) -> Observation:
    return Observation("http://x.example/", "", elements, (), (), len(elements), None, 0, 0, 0)


def found(recorded: tuple[Element, ...], now: tuple[Element, ...], which: int = 0) -> int | None:
    """Index of the element that one of the recorded ones is now."""
    (target,) = described(Click(recorded[which].index), page(*recorded)).values()
    place = locate(target, page(*now))
    return place.element.index if place else None


SAVE = element(1, "Save")


@pytest.mark.parametrize(
    ("recorded", "now", "index"),
    [
        ((SAVE,), (element(7, "Cancel"), element(8, "Save")), 8),
        ((SAVE,), (element(8, "Save", region="dialog", context="Profile"),), 8),
        ((SAVE,), (element(8, "Store"), element(9, "Cancel")), 8),  # the same word for interfaces
        ((SAVE,), (element(8, "Save to disk and send to all"),), None),
        ((SAVE,), (element(8, "Save", states=frozenset({"disabled"})),), 8),  # the page says why not
        ((SAVE,), (element(8, "Save"), element(9, "Save")), None),
        ((SAVE,), (), None),
        ((element(1, "Save", hints=("save-1",)),), (element(8, "Keep it", hints=("save-1",)), element(9, "Go")), 8),
        (
            (element(1, "Cart", "link", href="http://x.example/cart"),),
            (element(8, "Bag (2)", "link", href="https://y.example/cart"),),
            8,
        ),
        (
            (element(1, "", hints=("icon-trash",)),),
            (element(8, "", hints=("icon-pen",)), element(9, "", hints=("icon-trash",))),
            9,
        ),
        (
            (element(1, "E-mail", "textbox"),),
            (element(8, "Your e-mail address", "textbox"), element(9, "Name", "textbox")),
            8,
        ),
        ((element(1, "E-mail", "textbox"),), (element(8, "E-mail", "link"),), None),
    ],
)
def test_the_only_one_of_its_name(recorded: tuple[Element, ...], now: tuple[Element, ...], index: int | None) -> None:
    assert found(recorded, now) == index


def rows(*names: str, start: int = 1, what: str = "Delete") -> tuple[Element, ...]:
    return tuple(element(start + at, what, context=f"{name} 12 pieces {what}") for at, name in enumerate(names))


@pytest.mark.parametrize(
    ("now", "index"),
    [
        (rows("Tin", "Iron", "Clay", start=5), 7),  # in another order
        (rows("Clay", start=5), 5),
        (rows("Tin", "Iron", start=5), None),  # never another one's
        (rows("Tin", start=5), None),
        (rows("Clay", "Clay", start=5), None),
        (rows("Tin", "Clay", start=5, what="Remove"), 6),
        (rows("Tin", "Iron", start=5, what="Remove"), None),
    ],
)
def test_one_of_several_is_told_by_what_is_around_it(now: tuple[Element, ...], index: int | None) -> None:
    assert found(rows("Clay", "Tin", "Iron"), now) == index


def test_where_nothing_tells_them_apart_their_order_does_as_long_as_there_are_as_many() -> None:
    three = tuple(element(at, "Day") for at in (1, 2, 3))
    assert found(three, tuple(element(at, "Day") for at in (7, 8, 9)), which=1) == 8
    assert found(three, tuple(element(at, "Day") for at in (7, 8)), which=1) is None


def test_a_payment_is_about_several_elements() -> None:
    pay = Pay("£3", "pt_live_x", number=1, expiry=2, button=4)
    seen = page(element(1, "Number", "textbox"), element(2, "Expiry", "textbox"), element(4, "Pay"))
    targets = described(pay, seen)
    assert {name: spoken(target) for name, target in targets.items()} == {
        "number": "textbox “Number”",
        "expiry": "textbox “Expiry”",
        "button": "button “Pay”",
    }
