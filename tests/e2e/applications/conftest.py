"""Whole tasks on real applications: the tasks of ``benchmarks/applications``, on one server."""

from collections.abc import Awaitable, Callable, Iterator, Sequence

import pytest
from benchmarks.applications.runner import Judged, open_applications, run, scripted_models
from benchmarks.applications.task import Task
from benchmarks.scripted import ScriptedServer
from tests.e2e.api.serving import ServerProcess, serving

from outrider.client import OutriderClient

#: Runs the tasks of an application among these, freshly started, on Scout or on this model.
Run = Callable[[str, Sequence[Task], ScriptedServer | None], Awaitable[list[Judged]]]


@pytest.fixture(scope="session")
def model() -> Iterator[ScriptedServer]:
    with ScriptedServer.serving({}) as model:
        yield model


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, model: ScriptedServer) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("applications") / "data", MODELS=scripted_models(model.url)) as server:
        yield server


@pytest.fixture
def run_all(server: ServerProcess, capsys: pytest.CaptureFixture[str]) -> Run:
    async def run_them(name: str, among: Sequence[Task], model: ScriptedServer | None) -> list[Judged]:
        tasks = [task for task in among if task.application == name]
        logged = len(server.lines)
        async with (
            OutriderClient(server.url, server.key) as client,
            open_applications([name], client) as applications,
        ):
            judged = [one async for one in run(tasks, client, applications, model)]
        assert [line for line in server.lines[logged:] if line.get("level") == "error"] == []
        with capsys.disabled():
            right, who = sum(one.outcome == "right" for one in judged), "the scripted model" if model else "scout"
            print(f"\n  {who} on the {name}: {right} of {len(judged)} right")
        return judged

    return run_them
