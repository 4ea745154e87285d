"""Outrider as its users meet it: ``outrider serve`` as a process, spoken to over HTTP."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.plan import Plan
from benchmarks.sides.wire import Wire
from outrider.client import OutriderClient
from outrider.config import Settings
from outrider.server.folder import running_server

__all__ = ["Server"]

_DEADLINE_SECONDS: Final = 90.0
#: The command that the interpreter's environment has installed.
_OUTRIDER: Final = Path(sys.executable).with_name("outrider")


class Server:
    """A running server, by its HTTP surface."""

    def __init__(self, client: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
        self._client = client
        self._process = process

    @property
    def pid(self) -> int:
        """Of the server's process."""
        return self._process.pid

    @classmethod
    @asynccontextmanager
    async def start(
        cls, plan: Plan, warm_browsers: int, data_dir: Path | None = None, **others: object
    ) -> AsyncIterator["Server"]:
        """Run a server until the block ends, with a data folder of its own; ``others`` are further settings."""
        data_dir = data_dir or plan.folder("server")
        settings = {
            "DATA_DIR": str(data_dir),
            "PORT": "0",
            "BROWSER_BINARY": str(plan.binary),
            "WARM_BROWSERS": str(warm_browsers),
            "LOG_LEVEL": "warning",
            "EGRESS_ALLOW": "localhost",
            **{name: str(value) for name, value in others.items()},
        }
        environment = {f"OUTRIDER_{name}": value for name, value in settings.items()}
        process = await asyncio.create_subprocess_exec(
            _OUTRIDER, "serve", env=os.environ | environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            url = await _ready(data_dir, process)
            async with httpx.AsyncClient(base_url=url, headers=_authorization(data_dir), timeout=30) as client:
                yield cls(client, process)
        finally:
            await _stop(process)

    async def kill(self) -> None:
        """``kill -9``; the end of the block finds it ended."""
        self._process.kill()
        await self._process.wait()

    def sdk(self) -> OutriderClient:
        """The product's own client, for whole tasks."""
        key = self._client.headers["Authorization"].removeprefix("Bearer ")
        return OutriderClient(str(self._client.base_url), key)

    async def create(self) -> str:
        """Make a session and wait until it is ready; gives its id."""
        session = await self.make({})
        while session["status"] == "initializing":
            session = await self._json("GET", f"/v1/sessions/{session['session_id']}")
        assert session["status"] == "ready", session
        return str(session["session_id"])

    async def make(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Make a session; gives the whole answer."""
        return await self._json("POST", "/v1/sessions", wanted)

    async def navigate(self, session_id: str, url: str) -> None:
        """Open an address in the session's browser."""
        await self._json("POST", f"/v1/sessions/{session_id}/navigate", {"url": url})

    async def send(self, session_id: str, message: str, start_url: str | None = None) -> None:
        """Send a message: a task, or an addition to the one that is under way."""
        body = {"message": message, "start_url": start_url}
        await self._json("POST", f"/v1/sessions/{session_id}/message", body)

    async def devtools_url(self, session_id: str) -> str:
        """Where a DevTools client of the session connects."""
        return str((await self._json("POST", f"/v1/sessions/{session_id}/devtools_tokens", {}))["url"])

    async def last_id(self, session_id: str) -> int:
        """The id of the latest message of the session's log."""
        body = await self._json("GET", f"/v1/sessions/{session_id}/messages?sanitize=false")
        return int(body["messages"][-1]["id"])

    async def pause(self, session_id: str) -> None:
        """Pause the session's task."""
        await self._json("POST", f"/v1/sessions/{session_id}/pause")

    async def delete(self, session_id: str, save: str = "none") -> None:
        """End the session, saving its environment in a mode."""
        await self._json("DELETE", f"/v1/sessions/{session_id}?save_snapshot_mode={save}")

    @asynccontextmanager
    async def stream(self, session_id: str) -> AsyncIterator[asyncio.StreamReader]:
        """The raw answer of the session's event stream, head included."""
        url = self._client.base_url
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            lines = (
                f"GET /v1/sessions/{session_id}/events HTTP/1.1",
                f"Host: {url.host}",
                f"Authorization: {self._client.headers['Authorization']}",
            )
            writer.write("\r\n".join([*lines, "", ""]).encode())
            yield reader
        finally:
            writer.close()

    @asynccontextmanager
    async def wire(self) -> AsyncIterator[Wire]:
        """A bare connection, for what is timed closely."""
        url = self._client.base_url
        async with Wire.open(
            url.host, url.port or 80, {"Authorization": self._client.headers["Authorization"]}
        ) as wire:
            yield wire

    async def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        response = await self._client.request(method, path, json=body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        answer: dict[str, Any] = response.json()
        return answer


def _authorization(data_dir: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {(data_dir / 'local.key').read_text().strip()}"}


async def _ready(data_dir: Path, process: asyncio.subprocess.Process) -> str:
    """Where the server listens, once it is ready."""
    async with asyncio.timeout(_DEADLINE_SECONDS), httpx.AsyncClient() as client:
        while True:
            if process.returncode is not None:
                raise RuntimeError(f"outrider serve ended with {process.returncode}")
            url = running_server(Settings(data_dir=data_dir))
            with suppress(httpx.TransportError):
                if url and (await client.get(f"{url}/readyz")).is_success:
                    return url
            await asyncio.sleep(0.05)


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
