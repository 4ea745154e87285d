"""Everything at once, in random order: the server keeps to its contract, and the session is usable afterwards."""

import asyncio
import random
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, problem_of, run_to_end, serving
from tests.e2e.kill.remains import browser_processes, wait_until

from outrider.protocol.schemas import ExecutionStatus, SessionStatus

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CLIENTS = 6
OPERATIONS = 20
#: Sessions that the server of these tests has room for.
PLACES = 4
#: What a request may meet besides success, whatever else is going on.
REFUSALS = {"SERVER_STOPPING"}
#: What the page may answer while another request has it.
OF_THE_PAGE = {"NAVIGATION_FAILED", "NAVIGATION_REPLACED", "PAGE_UNRESPONSIVE", "BROWSER_CRASHED"}

Operation = Callable[["Storm"], Awaitable[None]]


class Storm:
    """One client of a session, who checks each answer."""

    def __init__(self, client: httpx.AsyncClient, session: str, site: str, chance: random.Random) -> None:
        self.client = client
        self.session = session
        self.site = site
        self.chance = chance

    async def request(self, method: str, path: str = "", *, may: set[str] = REFUSALS, **body: Any) -> Any:
        """What the server answers; None for a failure that may be."""
        response = await self.client.request(method, f"{self.session}{path}", json=body or None)
        answer = response.json()
        assert response.headers["x-request-id"].startswith("req_")
        if response.status_code == 200:
            return answer
        error = answer["error"]
        assert error["requestId"] == response.headers["x-request-id"]
        assert error["code"] in may, answer
        return None

    async def message(self) -> None:
        words = self.chance.choice(["Reply with 'OK'", "Read the price.", "Frobnicate.", "Log in."])
        await self.request("POST", "/message", message=words, start_url=self.chance.choice([None, self.site]))

    async def steer(self) -> None:
        await self.request("POST", self.chance.choice(["/pause", "/resume", "/cancel"]))

    async def look(self) -> None:
        status = await self.request("GET", "/status")
        assert status is None or status["status"] in get_args(ExecutionStatus)
        shown = await self.request("GET")
        assert shown is None or shown["status"] in get_args(SessionStatus)
        log = await self.request("GET", "/messages")
        if log is not None:
            assert [message["id"] for message in log["messages"]] == list(range(1, len(log["messages"]) + 1))

    async def navigate(self) -> None:
        await self.request("POST", "/navigate", may=REFUSALS | OF_THE_PAGE, url=self.site)

    async def screenshot(self) -> None:
        await self.request("GET", "/screenshot", may=REFUSALS | OF_THE_PAGE)

    async def watch(self) -> None:
        """Begin to read the events, and go away."""
        async with self.client.stream("GET", f"{self.session}/events") as response:
            assert response.status_code in (200, 404)
            async for _ in response.aiter_raw():
                return

    async def run(self) -> None:
        for _ in range(OPERATIONS):
            await self.chance.choice(STORMY)(self)


STORMY: tuple[Operation, ...] = (
    Storm.message,
    Storm.message,
    Storm.steer,
    Storm.steer,
    Storm.look,
    Storm.navigate,
    Storm.screenshot,
    Storm.watch,
)


def clients_of(server: ServerProcess) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {server.key}"}
    return httpx.AsyncClient(base_url=server.url, headers=headers, timeout=SECONDS)


async def storm(server: ServerProcess, sessions: Sequence[str], site: str, seed: int) -> list[BaseException | None]:
    """How each client ended."""
    async with clients_of(server) as client:
        clients = [
            Storm(client, session, site, random.Random(f"{seed} {number}"))  # noqa: S311 - an order of requests
            for session in sessions
            for number in range(CLIENTS)
        ]
        return await asyncio.gather(*(client.run() for client in clients), return_exceptions=True)


@pytest.mark.parametrize("seed", range(2))
def test_a_session_survives_a_storm(
    server: ServerProcess, client: httpx.Client, session: str, pages: Pages, seed: int
) -> None:
    assert asyncio.run(storm(server, [session], pages.url, seed)) == [None] * CLIENTS
    client.post(f"{session}/cancel")
    assert run_to_end(client, session)[-1].json()["text"] == "OK"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_sessions_survive_a_server_that_ends_in_a_storm(tmp_path: Path, pages: Pages, number: signal.Signals) -> None:
    with serving(tmp_path) as server, server.client() as client:
        sessions = [f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}" for _ in range(3)]
        killer = threading.Thread(target=_end_after_a_navigation, args=(server, number))
        killer.start()
        ends = asyncio.run(storm(server, sessions, pages.url, number))
        killer.join()
        assert {type(end) for end in ends if not isinstance(end, httpx.TransportError)} <= {type(None)}
        server.process.wait(8)
        if number is signal.SIGTERM:
            assert server.process.returncode == 0
            assert not browser_processes(tmp_path)
        wait_until(lambda: not browser_processes(tmp_path), "the browsers to end with their server")

    with serving(tmp_path) as server, server.client() as client:
        for session in sessions:
            assert client.get(f"{session}/status").json()["status"] in {"ready", "finished", "error"}
            assert run_to_end(client, session)[-1].json()["text"] == "OK"


def _end_after_a_navigation(server: ServerProcess, number: signal.Signals) -> None:
    server.logged(lambda line: str(line.get("path")).endswith("/navigate"))
    server.process.send_signal(number)


async def test_creations_and_deletions_at_the_limit(server: ServerProcess) -> None:
    async with clients_of(server) as client:
        await client.delete("/v1/sessions")
        answers = await asyncio.gather(*(client.post("/v1/sessions") for _ in range(30)))
        created = {answer.json()["session_id"] for answer in answers if answer.status_code == 200}
        refused = [answer for answer in answers if answer.status_code != 200]
        assert len(created) == PLACES
        assert {problem_of(answer, 429, "SESSION_LIMIT_REACHED")["retryAfterSeconds"] for answer in refused} == {10}
        assert {shown["session_id"] for shown in (await client.get("/v1/sessions")).json()} == created

        gone = await asyncio.gather(*(client.delete(f"/v1/sessions/{known}") for known in created for _ in range(3)))
        assert sum(answer.json()["deleted"] for answer in gone) == PLACES
        assert (await client.get("/v1/sessions")).json() == []
        again = (await client.post("/v1/sessions")).json()["session_id"]
        await client.delete(f"/v1/sessions/{again}")
