"""Whole tasks on real applications: the tasks of ``benchmarks/applications``, one application a file."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from benchmarks.applications.runner import Judged, open_applications, run
from benchmarks.applications.tasks import TASKS
from tests.e2e.api.serving import serving

from outrider.client import OutriderClient

#: Runs all tasks of an application.
Run = Callable[[str], Awaitable[list[Judged]]]


@pytest.fixture
def run_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    async def run_them(name: str) -> list[Judged]:
        tasks = [task for task in TASKS if task.application == name]
        with serving(tmp_path / "data") as server:
            async with (
                OutriderClient(server.url, server.key) as client,
                open_applications([name], client) as applications,
            ):
                judged = [one async for one in run(tasks, client, applications)]
            assert [line for line in server.lines if line.get("level") == "error"] == []
        with capsys.disabled():
            print(f"\n  scout on the {name}: {sum(one.outcome == 'right' for one in judged)} of {len(judged)} right")
        return judged

    return run_them
