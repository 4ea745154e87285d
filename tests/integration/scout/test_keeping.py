"""What is sent, kept or removed is that and nothing else, and a page that refuses it is believed."""

import pytest
from tests.integration.scout.conftest import Driver

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("asks", ["", "page", "dialog"], ids=["at once", "after a page", "after a dialog"])
async def test_one_thing_is_removed_and_the_next_is_left_alone(run: Driver, asks: str) -> None:
    done = await run("Delete the page 'Gate', then read the status message.", f"/shelf?asks={asks}")
    assert done.answer == "Gate was deleted."
    assert [e.name for e in (await run.page.observe()).elements if e.name in ("Gate", "Fence")] == ["Fence"]


async def test_where_two_buttons_may_agree_none_is_pressed(run: Driver) -> None:
    done = await run("Delete the page 'Gate'.", "/shelf?asks=unclear")
    assert done.code == "TARGET_NOT_FOUND"
    assert "a question of the page on removing Gate" in str(done.error)
    assert (await run.page.observe()).url.endswith("/shelf/Gate?asks=unclear")


async def test_the_marks_of_the_next_form_are_no_refusal(run: Driver) -> None:
    task = "Enter Ann as name, send the form, enter Leeds as town, send the form, then read the status message."
    done = await run(task, "/steps")
    assert done.answer == "Received: Leeds", done


REFUSED = "The page does not take “A.” for Name (“Only Ann may enter”). What is to be entered?"


async def test_what_a_page_does_not_take_is_asked_about(run: Driver) -> None:
    task = "Enter 'A.' as name, send the form, enter Leeds as town, send the form, then read the status message."
    assert (await run(task, "/steps")).question == REFUSED
    assert (await run(task, "/steps", answers={REFUSED: "Ann"})).answer == "Received: Leeds"


async def test_it_is_asked_three_times_at_most(run: Driver) -> None:
    done = await run("Enter 'A.' as name and send the form.", "/steps", answers={"The page": "Bob"})
    assert done.code == "STEP_REFUSED"
    assert "Name (Only Ann may enter)" in str(done.error)


@pytest.mark.parametrize("sends", ["submit the form", "save it"])
async def test_what_a_form_needs_is_asked_for(run: Driver, sends: str) -> None:
    question = "The page asks for Title (“Please fill out this field.”). What is to be entered?"
    task = f"Give the 'Your stars' four stars, then {sends} and read the status message."
    assert (await run(task, "/stars")).question == question
    assert (await run(task, "/stars", answers={question: "Fine"})).answer == "Received: rate=4, title=Fine"
