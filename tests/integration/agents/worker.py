"""A worker with everything real but the model: Chromium, SQLite, the embedded engine, a site on loopback."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from outrider.agents.owner import run_worker
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings, load_settings
from outrider.engine import EmbeddedEngine
from outrider.environments.environments import Environments
from outrider.identities.sealing import Sealer
from outrider.interfaces.models import Decision, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.screening import AuditStore
from outrider.interfaces.sessions import Change, Entry, Message, MessageType, SessionSpec, State
from outrider.server.environments import open_environments
from outrider.server.screening import Screening
from outrider.server.vault import open_vault
from outrider.sessions.lifecycle import RESTING
from outrider.storage import Database, SqlJobStore, SqlSessionStore, SqlSnapshotStore

Decide = Callable[[Task, Observation, Sequence[Step]], Decision]
DEADLINE_SECONDS = 20.0

HOME = """<!doctype html><title>Home</title><h1>Home</h1>
<a href="/next">Next page</a> <a href="/never">Wait</a>
<button onclick="this.textContent = 'Done'">Do it</button> <button>Dead</button>
<label>Name <input name="name"></label> <label>Password <input type="password" name="password"></label>"""
BUSY = "<!doctype html><title>Busy</title><button onclick='for(;;){}'>Freeze</button>"


class _Site(BaseHTTPRequestHandler):
    """Two small pages, one that freezes, and one that never answers."""

    stop: threading.Event

    def do_GET(self) -> None:
        if self.path == "/never":
            self.stop.wait(60)
            return
        body = (BUSY if self.path == "/busy" else HOME).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        del arguments


@pytest.fixture
def site() -> Iterator[str]:
    stop = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (_Site,), {"stop": stop}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


class ScriptedModel:
    """Decides what a test says."""

    name = "scripted"
    observed_elements = 300

    def __init__(self, decide: Decide) -> None:
        self._decide = decide

    async def decide(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        return self._decide(task, observation, history)


@dataclass
class Worker:
    """One session, and what a client can do with it."""

    engine: EmbeddedEngine
    store: SqlSessionStore
    session_id: str
    audit: AuditStore
    environments: Environments

    async def say(self, text: str, **body: Any) -> int:
        change = Change("message", (Entry(MessageType.USER, text),), ("message", {"text": text, **body}))
        _, (message,) = await self.engine.send(self.session_id, change)
        return message.id

    async def steer(self, event: str) -> None:
        await self.engine.send(self.session_id, Change(event, command=(event, {})))

    async def state(self) -> State:
        return (await self.store.get(self.session_id)).state

    async def until(self, wanted: Callable[[Message], bool], after: int = 0) -> list[Message]:
        """The messages up to the first one that is wanted."""
        seen: list[Message] = []
        async with asyncio.timeout(DEADLINE_SECONDS):
            async for message in self.engine.tail(self.session_id, after):
                if isinstance(message, Message):
                    seen.append(message)
                    if wanted(message):
                        return seen
        raise AssertionError("the log ended")

    async def end(self, after: int = 0) -> list[Message]:
        """The messages up to the task's DONE or ERROR."""
        return await self.until(lambda message: message.type in (MessageType.DONE, MessageType.ERROR), after)

    async def rested(self) -> State:
        record = await self.engine.wait_state(
            self.session_id, leave=frozenset(set(State) - RESTING), timeout=DEADLINE_SECONDS
        )
        return record.state


Open = Callable[..., Any]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """``async with opened(decide, **settings) as worker``: a session that is ready, decided for by ``decide``."""

    @asynccontextmanager
    async def open_worker(decide: Decide, *, max_steps: int = 20, **given: Any) -> AsyncIterator[Worker]:
        settings: Settings = load_settings(data_dir=tmp_path, warm_browsers=0, **given)
        models: Mapping[str, ScriptedModel] = {"scripted": ScriptedModel(decide)}
        async with await Database.open(settings.database_path) as database, BrowserPool(settings) as browsers:
            store = SqlSessionStore(database)
            engine = EmbeddedEngine(store, SqlJobStore(database), max_sessions=settings.max_sessions)
            snapshots = SqlSnapshotStore(database)
            sealer = Sealer([b"k" * 32])
            vault = open_vault(database, sealer)
            screening = Screening.of(database, engine, settings)
            async with open_environments(snapshots, sealer, browsers, engine, settings) as environments, engine:
                working = asyncio.create_task(
                    run_worker(engine, environments, models, vault.use, screening.screener, settings)
                )
                spec = SessionSpec(str(uuid4()), "o-1", str(uuid4()), "scripted", "scripted", max_steps=max_steps)
                await engine.create(spec)
                await engine.wait_state(spec.id, leave=frozenset({State.INITIALIZING}), timeout=DEADLINE_SECONDS)
                yield Worker(engine, store, spec.id, screening.audit, environments)
            async with asyncio.timeout(DEADLINE_SECONDS):
                await working

    return open_worker


def browsers_of(folder: Path) -> list[int]:
    """Main processes of the browsers whose profile lies in the folder; in namespaces, what holds these together."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                leads = os.getpgid(int(entry.name)) == int(entry.name)
            except OSError:
                continue
            if leads and f"--user-data-dir={folder}" in command and "--type=" not in command:
                found.append(int(entry.name))
    return found


async def until_true(condition: Callable[[], bool]) -> None:
    """Wait for something outside this process, which sends no event."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not condition():  # noqa: ASYNC110 - the process table can only be polled
            await asyncio.sleep(0.01)
