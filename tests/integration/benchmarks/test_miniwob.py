"""Scout on some tasks of the public benchmark, by the benchmark's own code; and what that code makes of failures."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from benchmarks.miniwob.episode import Episode, Player, Start
from benchmarks.miniwob.naming import UNNAMED, is_named
from benchmarks.miniwob.report import figures_of, lines
from benchmarks.miniwob.runner import open_arena, play_all, tasks_in
from benchmarks.plan import CACHE, Plan
from benchmarks.sides.devtools import find_binary

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

#: One of each kind of thing that is done, none that is known to be hard on a slow machine.
TASKS = (
    "click-tab-2-hard", "click-checkboxes-large", "choose-list", "enter-date", "use-slider", "email-inbox-delete",
    "social-media-all", "copy-paste", "simple-arithmetic", "drag-items",
)  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    binary = find_binary()
    assert binary is not None
    return Plan(binary=binary, cache=CACHE, work=tmp_path_factory.mktemp("miniwob"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def players(plan: Plan) -> AsyncIterator[tuple[Player, ...]]:
    async with open_arena(plan, players=2) as ready:
        yield ready


async def test_scout_does_tasks_that_others_wrote(players: tuple[Player, ...]) -> None:
    episodes = await play_all(players, [Start(task, 0) for task in TASKS])
    assert {one.start.task: one.said for one in episodes if one.failure} == {}
    assert all(one.reward > 0 for one in episodes)


async def test_a_failure_has_its_class(players: tuple[Player, ...]) -> None:
    player = players[0]
    refused, asked, wrong = [
        await player.play(start)
        for start in (Start("tic-tac-toe", 0), Start("click-button", 0), Start("form-sequence-2", 0))
    ]
    assert (refused.failure, refused.reward) == ("TASK_NOT_UNDERSTOOD", 0)
    assert asked.failure == "QUESTION"
    assert wrong.failure == "WRONG RESULT"  # its words do not say that the form is to be sent
    # The session is as good as new after each of them.
    assert (await player.play(Start("click-test", 1))).failure == ""


async def test_all_tasks_are_there_and_each_has_its_list(plan: Plan) -> None:
    tasks = await asyncio.to_thread(tasks_in, plan)
    assert len(tasks) == 130
    listed = [task for some in UNNAMED.values() for task in some]
    assert set(listed) < set(tasks)
    assert len(set(listed)) == len(listed)


async def test_the_report_counts_by_task_and_by_class() -> None:
    def episode(task: str, seed: int, failure: str, seconds: float) -> Episode:
        return Episode(Start(task, seed), "…", 0.0 if failure else 1.0, failure, (), seconds)

    episodes = [
        episode("click-link", 0, "", 0.1),
        episode("click-link", 1, "QUESTION", 0.3),
        episode("drag-cube", 0, "TASK_NOT_UNDERSTOOD", 0.2),
    ]
    assert is_named("click-link")
    assert not is_named("drag-cube")
    assert [line.split() for line in lines(episodes)][1:] == [
        ["click-link", "*", "1/2", "200", "QUESTION", "1"],
        ["drag-cube", "0/1", "200", "TASK_NOT_UNDERSTOOD", "1"],
        ["failures:", "QUESTION", "1,", "TASK_NOT_UNDERSTOOD", "1"],
    ]
    medians = {(one.benchmark, one.candidate): round(one.series.median, 1) for one in figures_of(episodes)}
    assert medians["miniwob: all tasks", "failed"] == 66.7
    assert medians["miniwob: tasks that name what to do", "failed"] == 50.0
