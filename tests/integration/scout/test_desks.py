"""What newcomers have asked of small applications, where everything comes some time later."""

import pytest
from tests.integration.scout.conftest import Driver, Run

from outrider.interfaces.actions import Click

pytestmark = pytest.mark.browser


async def ask(run: Driver, task: str) -> tuple[Run, list[str]]:
    """What came of a task, and what the page says then."""
    path, _, text = task.partition(" ")
    done = await run(text, path)
    return done, [text.text for text in (await run.page.observe()).texts]


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ("/tickets Mute HH-2.", "Muted HH-2"),
        ("/hotels Select the cheapest hotel.", "Select room: Alfama"),
        ("/job Create a new card with the title 'Flour'.", "Made Flour"),
        (
            "/wizard Enter Ann as first name, click Continue, enter 4 as years of experience, click Continue,"
            " submit the application and tell me the reference.",
            "Submitted",
        ),
        ("/wizard First name: Ann. Click Continue. Enter 4 as years of experience and submit it.", "Submitted"),
    ],
)
async def test_it_is_done(run: Driver, task: str, told: str) -> None:
    done, shown = await ask(run, task)
    assert done.answer, done
    assert told in shown, done


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("/tickets How many tickets have the status Open?", "2"),
        ("/tickets List all tickets with status Open.", "HH-1 – Printer offline – Open\nHH-3 – Refund – Open"),
        ("/hotels Filter by Pool and tell me how many hotels there are.", "2"),
        ("/hotels Tick Pool and tell me the cheapest hotel.", "name: Alfama\nprice: €90"),
        ("/hotels Filter by Spa and tell me how many hotels there are.", "1"),
        ("/ledger How many transactions are there?", "7"),
        ("/ledger Which transaction is the most expensive?", "name: Shop G\nprice: £7.50"),
        ("/courses How many online courses are there?", "2"),
        ("/courses What is the cheapest online course?", "name: Python\nprice: £80"),
        ("/courses Which course is the cheapest?", "name: Sourdough\nprice: Free"),
        ("/courses List the courses with Certificate No and Online No.", "Sourdough – Free"),
        ("/courses What is the closing date?", "30 September 2030"),
    ],
)
async def test_it_is_answered(run: Driver, task: str, answer: str) -> None:
    done, _ = await ask(run, task)
    assert done.answer == answer, done


@pytest.mark.parametrize(
    ("task", "code", "missing"),
    [
        ("/hotels Select a room at Verde.", "TARGET_NOT_FOUND", ""),
        ("/hotels Select the most expensive hotel.", "", "that “Verde” is selected"),
        ("/job Apply for this job.", "TARGET_NOT_FOUND", ""),
        ("/tickets Delete 'No sound'.", "TARGET_NOT_FOUND", ""),
        ("/wizard Enter Ann as first name and submit the form.", "", "that it is sent: the form goes on"),
        ("/wizard Click Continue.", "STEP_REFUSED", ""),
        ("/courses List the courses with a certificate under £150.", "RESULT_NOT_FOUND", ""),
    ],
)
async def test_what_is_not_done_is_told(run: Driver, task: str, code: str, missing: str) -> None:
    done, shown = await ask(run, task)
    assert (done.code, any(missing in one for one in done.missing)) == (code, bool(missing)), done
    assert not any(word in text for text in shown for word in ("Saved", "Deleted", "Submitted", "wishlist:"))


async def test_no_button_of_an_entry_applies_a_filter(run: Driver) -> None:
    done, _ = await ask(run, "/hotels Filter by Pool and list the hotels.")
    assert not any(isinstance(action, Click) for action in done.actions), done
