"""Hand-made pages: elements, texts, observations."""

from collections.abc import Callable

import pytest

from outrider.interfaces.pages import Box, Element, Observation, Text

MakeElement = Callable[..., Element]
MakeObservation = Callable[..., Observation]


@pytest.fixture
def element() -> MakeElement:
    """``element(1, "link", "Books", region="main")``."""

    def make(
        index: int,
        role: str,
        name: str = "",
        *,
        region: str = "main",
        context: str = "",
        hints: tuple[str, ...] = (),
        kind: str = "",
        value: str | None = None,
        states: frozenset[str] = frozenset(),
        href: str = "",
        options: tuple[str, ...] = (),
    ) -> Element:
        box = Box(0, 30.0 * index, 100, 20)
        return Element(
            index, role, name, role, kind, value, states, box, True, region, context, hints, href, options
        )  # fmt: skip

    return make


@pytest.fixture
def observation() -> MakeObservation:
    """``observation(elements, texts=[("heading1", "Books")])``."""

    def make(
        elements: list[Element],
        *,
        url: str = "http://shop.test/",
        title: str = "A shop",
        texts: list[tuple[str, str]] | None = None,
    ) -> Observation:
        blocks = tuple(Text("main", kind, text) for kind, text in texts or [])
        return Observation(url, title, tuple(elements), blocks, (), len(elements), None, 0, 800, 800)

    return make
