"""Fields called as something that forms have hide that from scripts, and nothing from who uses the page."""

import pytest
from tests.integration.browsers.conftest import Finder, Open

from outrider.interfaces.actions import Click, Extract, Fill, Select

pytestmark = pytest.mark.browser

BUTTONS = ["Buy Cup", "Buy Pot", "Buy Jug", "Weigh Tin", "Weigh Urn", "Weigh Vat"]


async def test_forms_with_such_fields_are_read_and_used_as_any(goto: Open, find: Finder) -> None:
    page = await goto("clashing.html")
    seen = await page.observe()
    assert [e.name for e in seen.elements] == [*BUTTONS, "Word", "Size", "Press it", "Send", "Agree", "Deep"]
    assert "Said in it" in [text.text for text in seen.texts]
    extraction = (await page.act(Extract())).extraction
    assert extraction
    groups = [[record.fields[0].text for record in group.records] for group in extraction.groups]
    assert ["Cup", "Pot", "Jug"] in groups
    assert ["Tin", "Urn", "Vat"] in groups
    for name, told in (("Press it", "pressed"), ("Send", "sent")):
        assert (await page.act(Click((await find(name)).index))).alerts == (told,)
    assert (await page.act(Fill((await find("Word")).index, "tea"))).value == "tea"
    assert (await page.act(Select((await find("Size")).index, "Large"))).value == "Large"
    for name in ("Agree", "Deep", "Buy Pot", "Weigh Urn"):
        await page.act(Click((await find(name)).index))
    assert "sent" in [text.text for text in (await page.observe()).texts]
