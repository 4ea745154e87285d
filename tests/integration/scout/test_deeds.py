"""Single things of a page: what is closed, drawn, dragged, moved by keys, or carried from one place to another."""

from typing import Final

import pytest
from tests.integration.scout.conftest import Driver

from outrider.interfaces.actions import Click, Fill

pytestmark = pytest.mark.browser

#: Task -> what the page says of what was done to it.
SAID: Final = {
    "Expand the sections, to find and click on the link 'Send back'": "Send back",
    "Select File > Print": "menu: Print",
    "Find the message by Bob and click the star icon": "star Bob",
    "Delete the message from Ann": "trash Ann",
    "Drag 'Mend' to the first position": "Mend,Sweep,Paint",
    "Drag 'Sweep' down by one": "Paint,Sweep,Mend",
}
#: Task -> the value that a field has afterwards, by the field's id or place.
ENTERED: Final = {
    "Copy the text from the text area and paste it into the second text field": "Nine yellow boats",
    "Find the last word in the text area, type it into the second text field": "boats",
    "Enter the value of Weight into the second text field": "3 kg",
    "Solve the math problem and type your answer into the second text field": "19",
    "Type 'quiet' in upper case letters in the second text field": "QUIET",
}


async def test_the_page_says_that_it_was_done(run: Driver) -> None:
    for words, said in SAID.items():
        done = await run(words, "/workshop")
        texts = [text.text for text in (await run.page.observe()).texts if text.kind == "status"]
        assert (done.code, done.question, texts) == ("", "", [said]), words


async def test_values_are_carried_into_fields(run: Driver) -> None:
    for words, value in ENTERED.items():
        done = await run(words, "/workshop")
        assert (done.code, done.question) == ("", ""), words
        assert [one.text for one in done.actions if isinstance(one, Fill)] == [value], words
        assert value in {one.value for one in (await run.page.observe()).elements}, words


async def test_fields_take_values_in_their_own_way(run: Driver) -> None:
    done = await run(
        "Enter 05/20/2030 as the date, enter 9:37 PM as the time and click the third checkbox", "/workshop"
    )
    elements = (await run.page.observe()).elements
    assert done.code == ""
    assert [one.value for one in elements if one.kind in ("date", "time")] == ["2030-05-20", "21:37"]
    assert ["checked" in one.states for one in elements if one.role == "checkbox"] == [False, False, True]


async def test_a_slider_is_moved_by_as_many_steps_as_it_takes(run: Driver) -> None:
    assert (await run("Select 31 with the slider", "/workshop")).code == ""
    assert "31" in [text.text for text in (await run.page.observe()).texts]
    # It goes in steps of two.
    assert (await run("Select 8 with the slider", "/workshop")).code == "STEP_WITHOUT_EFFECT"


async def test_what_is_not_there_is_not_replaced(run: Driver) -> None:
    for words in (
        "Delete the message from Cid",
        "Drag 'Wash' to the first position",
        "Find and click on the link 'Gone'",
    ):
        missing = await run(words, "/workshop")
        assert missing.code == "TARGET_NOT_FOUND", words
        texts = [text.text for text in (await run.page.observe()).texts if text.kind == "status"]
        assert texts == [], words


async def test_a_click_without_effect_counts_only_when_more_is_to_be_done(run: Driver) -> None:
    assert (await run("Click 'Ring'", "/workshop")).code == "STEP_WITHOUT_EFFECT"
    done = await run("Click 'Ring', then click the first checkbox", "/workshop")
    assert done.code == ""
    assert sum(isinstance(one, Click) for one in done.actions) == 1


async def test_values_that_only_point_somewhere_are_not_entered(run: Driver) -> None:
    for words in ("Type the text below into the second text field", "Paste it into the second text field"):
        assert (await run(words, "/workshop")).code == "TASK_NOT_UNDERSTOOD", words
