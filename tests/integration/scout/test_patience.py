"""Pages that answer some time after a click, without a request. Scout waits for that, and no clock takes it in."""

import pytest
from tests.integration.scout.conftest import Driver

from outrider.interfaces.actions import Wait

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("after", [20, 300, 1200], ids=["20 ms", "300 ms", "1.2 s"])
@pytest.mark.parametrize("answer", ["text", "alert", "dialog"])
async def test_a_form_that_is_answered_later_was_sent(run: Driver, after: int, answer: str) -> None:
    done = await run("Enter Ann as name and send the form.", f"/patience?as={answer}&after={after}")
    assert done.answer, done
    assert ("Thank you, Ann" in done.answer) == (answer == "alert"), done


async def test_a_form_that_is_refused_later_was_not_sent(run: Driver) -> None:
    done = await run("Enter Ann as name and send the form.", "/patience?as=refusal&after=300")
    assert (done.code, "Invalid name" in str(done.error)) == ("STEP_REFUSED", True), done


@pytest.mark.parametrize("clock", ["", "&clock=1"], ids=["nothing", "a clock"])
async def test_what_changes_nothing_is_told(run: Driver, clock: str) -> None:
    done = await run("Enter Ann as name and send the form.", f"/patience?as=nothing&after=0{clock}")
    assert done.code == "STEP_WITHOUT_EFFECT", done
    assert sum(action.at_least for action in done.actions if isinstance(action, Wait)) < 5


@pytest.mark.parametrize("after", [20, 300, 1200], ids=["20 ms", "300 ms", "1.2 s"])
async def test_the_page_is_read_when_it_has_answered(run: Driver, after: int) -> None:
    done = await run(
        "Enter Ann as name, click 'Send' and tell me what the page says.", f"/patience?as=text&after={after}"
    )
    assert "Thank you, Ann" in done.answer, done


@pytest.mark.parametrize("after", [0, 300])
@pytest.mark.parametrize("within", ["output", "p", "div"])
async def test_what_was_waited_for_is_read_and_not_what_was_before(run: Driver, after: int, within: str) -> None:
    task = "Click 'Count primes', wait until '168 primes' appears and tell me what the page says."
    done = await run(task, f"/counting?in={within}&after={after}")
    assert "168 primes" in done.answer, done
    assert "counting…" not in done.answer
    assert not done.missing


async def test_what_a_page_says_that_it_is_doing_is_waited_for(run: Driver) -> None:
    done = await run("Enter ann as user name, click 'Save' and tell me what the page says.", "/busy")
    assert "Your settings were saved." in done.answer
    assert "Saving…" not in done.answer
    done = await run("Click 'Check times', then click '21:00' and tell me what the page says.", "/busy")
    assert "Booked 21:00" in done.answer


async def test_a_page_that_says_so_for_ever_is_told_and_not_waited_for_twice(run: Driver) -> None:
    done = await run("Click 'Stay', then click 'Stay'.", "/busy")
    assert done.missing == ("what comes of “Saving…”",)
    assert sum(action.at_least for action in done.actions if isinstance(action, Wait)) < 15
