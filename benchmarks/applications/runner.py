"""Opens the applications, hands each task to a server of our own, and judges what came of it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.applications.application import Application, changes
from benchmarks.applications.docs import open_docs
from benchmarks.applications.scripted import script_of
from benchmarks.applications.shop import open_shop
from benchmarks.applications.task import Outcome, Task, judge
from benchmarks.applications.tracker import open_tracker
from benchmarks.applications.wiki import open_wiki
from benchmarks.scout_tasks.case import ANY_QUESTION, Ending
from benchmarks.scripted import ScriptedServer
from outrider.client import Event, OutriderClient

__all__ = ["APPLICATIONS", "Judged", "open_applications", "run", "scripted_models"]

APPLICATIONS: Final[Mapping[str, Callable[[], AbstractAsyncContextManager[Application]]]] = {
    "wiki": open_wiki,
    "docs": open_docs,
    "shop": open_shop,
    "tracker": open_tracker,
}
_DEADLINE_SECONDS: Final = 90.0
#: What the scripted model is called in the configuration.
SCRIPTED: Final = "scripted"


def scripted_models(url: str) -> str:
    """The setting ``models`` for a server whose language model is the scripted one at this address."""
    model = {"provider": "openai", "model": "scripted-1", "base_url": url, "api_key": "sk-scripted-0123456789"}
    return json.dumps({SCRIPTED: model | {"retries": 0}})


@dataclass(frozen=True, slots=True)
class Judged:
    """A task with what came of it."""

    task: Task
    outcome: Outcome
    ending: Ending
    faults: tuple[str, ...]
    seconds: float


@asynccontextmanager
async def open_applications(names: Iterable[str], client: OutriderClient) -> AsyncIterator[dict[str, Application]]:
    """These applications for the duration, started together, their log-ins in the vault."""
    async with AsyncExitStack() as stack:
        opened = {name: await stack.enter_async_context(APPLICATIONS[name]()) for name in sorted(set(names))}
        for application in opened.values():
            for login in application.logins:
                await client.vault.create_credential(
                    login.name, user_name=login.user_name, password=login.password, origins=[application.url]
                )
                stack.push_async_callback(client.vault.delete_credential, login.name)
        yield opened


async def run(
    tasks: Iterable[Task],
    client: OutriderClient,
    applications: Mapping[str, Application],
    model: ScriptedServer | None = None,
) -> AsyncIterator[Judged]:
    """One after another, each in a session of its own; on Scout, or on the scripted model of ``scripted_models``."""
    for task in tasks:
        application = applications[task.application]
        before, started = application.look(), time.perf_counter()
        check = task.answer(application) if task.answer else None
        expected = tuple(task.writes(application))
        if model is not None:
            model.add(task.words, script_of(task.name, application.url))
        ending = await _ending(task, client, application, {"agent_name": SCRIPTED} if model else {})
        seconds = time.perf_counter() - started
        outcome, faults = judge(ending, check, expected, changes(before, application.look()))
        yield Judged(task, outcome, ending, tuple(faults), seconds)


async def _ending(task: Task, client: OutriderClient, application: Application, session: Mapping[str, str]) -> Ending:
    session_id = (await client.create_session(**session))["session_id"]
    try:
        await client.send_message(session_id, task.words, start_url=f"{application.url}{task.start}")
        async with asyncio.timeout(_DEADLINE_SECONDS):
            return _read(await _last_event(client, session_id))
    except TimeoutError:
        return Ending("error", f"no end within {_DEADLINE_SECONDS:g} s", "no end")
    finally:
        await client.delete_session(session_id)


async def _last_event(client: OutriderClient, session_id: str) -> Event:
    async with aclosing(client.stream_events(session_id, event_types=["question", "done", "error"])) as events:
        async for event in events:
            return event
    raise RuntimeError("the stream ended without a last event")


def _read(event: Event) -> Ending:
    data = event.data
    text = str(data.get("text", ""))
    if event.event == "done":
        return Ending("done", text, missing=tuple(map(str, data.get("metadata", {}).get("missing", ()))))
    if event.event == "question":
        return Ending("question", text, ANY_QUESTION)
    return Ending("error", text, str(data.get("code", "")))
