"""What entries have of their own: buttons that are called by the verb of the task, values that say yes or no."""

import pytest
from tests.integration.scout.conftest import Driver

from outrider.interfaces.actions import Click, Wait

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ("/trains Select the cheapest train.", "Select 09:15 – 09:58"),
        ("/trains Choose the second train.", "Select 09:15 – 09:58"),
        ("/trains Sort by price and select the first train.", "Select 09:15 – 09:58"),
        ("/trains Select the train that leaves at 10:20.", "Select 10:20 – 11:10"),
        ("/fares Select the cheapest train.", "Select £8.90"),
        ("/phones Book the cheapest phone over £95.", "Book Pixel"),
        ("/phones Find the dearest phone and book it.", "Book Pixel 8"),
        ("/loans Renew Moby Dick.", "Renew Moby Dick"),
        ("/loans Join the Poetry club.", "Join Poetry club"),
        ("/loans Book the Attic.", "Book Attic"),
        ("/loans Book the cheapest room.", "Book Cellar"),
        ("/loans Post 'Hello'.", "Posted Hello"),
        ("/loans Add Butter to the list.", "Added Butter"),
        ("/loans Add the item 'Rye bread'.", "Added Rye bread"),
        ("/loans Enter 21 into the A field and 5 into the B field and press 'Add up'.", "Sum 26"),
        ("/loans Fill in A with 21 and B with 5 and press 'Add up'.", "Sum 26"),
    ],
)
async def test_what_the_verb_says_is_pressed_at_the_entry(run: Driver, task: str, told: str) -> None:
    path, _, text = task.partition(" ")
    done = await run(text, path)
    assert done.answer, done
    shown = [text.text for text in (await run.page.observe()).texts]
    assert told in shown, (done, shown)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("Reserve the cheapest room.", "reserve “Cellar”"),
        ("Who is the host?", "name of host"),
        ("Search for boats.", "a field to search for boats"),
    ],
)
async def test_what_is_not_there_is_told_in_the_words_of_the_task(run: Driver, task: str, said: str) -> None:
    done = await run(task, "/loans")
    assert said in str(done.error), done
    assert not done.actions or done.code == "RESULT_NOT_FOUND" or "cheapest" in task


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("List all laptops with Touchscreen No.", "Basic 15 – €449\nCore 14 – €649"),
        ("List all laptops without a touchscreen.", "Basic 15 – €449\nCore 14 – €649"),
        ("List the laptops with a touchscreen and their weight.", "Aero 13 – 1.1 kg\nDuo 12 – 0.9 kg"),
        ("Which is the lightest laptop without a touchscreen?", "name: Core 14\nweight: 1.4 kg"),
        ("How many laptops have no touchscreen?", "2"),
        ("List the laptops with a price.", "Aero 13 – €899\nBasic 15 – €449\nCore 14 – €649\nDuo 12 – €1,099"),
        ("List the laptops with a fingerprint reader.", None),
    ],
)
async def test_a_column_that_says_yes_or_no_chooses(run: Driver, task: str, answer: str | None) -> None:
    done = await run(task, "/laptops")
    assert (done.answer, done.code) == (answer, "" if answer else "RESULT_NOT_FOUND"), done


async def test_a_list_is_read_when_it_was_drawn_anew(run: Driver) -> None:
    done = await run("Sort by price and list the trains.", "/trains")
    assert done.answer == "09:15 – 09:58 – £8.90\n08:05 – 09:02 – £12.40\n10:20 – 11:10 – £15.00"


@pytest.mark.parametrize(
    ("task", "code"),
    [("Select the cheapest phone.", ""), ("Book the cheapest phone.", "TARGET_NOT_FOUND")],
)
async def test_what_is_called_otherwise_is_not_pressed(run: Driver, task: str, code: str) -> None:
    done = await run(task, "/phones")
    assert done.code == code, done
    assert not any(isinstance(action, Click) for action in done.actions)


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("How many issues have no label?", "2"),
        ("List the issues without a label.", "Door – Unassigned – no Label\nRoof – no Assignee – none"),
        ("List the issues with an assignee.", "Lamp – ann\nWall – ben"),
        ("List the issues without a label or an assignee.", "Door – Unassigned – no Label\nRoof – no Assignee – none"),
    ],
)
async def test_what_is_empty_or_says_so_has_none(run: Driver, task: str, answer: str) -> None:
    assert (await run(task, "/issues")).answer == answer


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("Tell me the second train.", "09:15 – 09:58 – £8.90"),
        ("Sort by price and tell me the first train.", "09:15 – 09:58 – £8.90"),
        ("Tell me the first name.", None),
    ],
)
async def test_an_entry_is_told_by_its_place(run: Driver, task: str, answer: str | None) -> None:
    done = await run(task, "/trains")
    assert (done.answer, done.code) == (answer, "" if answer else "RESULT_NOT_FOUND"), done


async def test_all_of_a_list_under_a_heading_is_read(run: Driver) -> None:
    assert (await run("What is trending?", "/loans")).answer == "Wooden boats\nKnots"


async def test_a_list_that_stays_as_it_is_is_not_waited_for_for_long(run: Driver) -> None:
    await run("Sort by price and list the trains.", "/trains")
    done = await run("Sort by price and list the trains.", path=None)
    assert done.answer.startswith("09:15"), done
    assert sum(action.at_least for action in done.actions if isinstance(action, Wait)) < 3


@pytest.mark.parametrize(
    ("task", "missing"),
    [
        ("Turn off push alerts.", ("that it is saved (the page says “You have unsaved changes”)",)),
        ("Turn off push alerts and save.", ()),
    ],
)
async def test_what_a_page_says_is_not_saved_is_missing(run: Driver, task: str, missing: tuple[str, ...]) -> None:
    done = await run(task, "/alerts")
    assert done.missing == missing, done
