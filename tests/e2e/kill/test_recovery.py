"""``kill -9`` of the server: what a client has read stays, what was under way ends with a reason, no browser stays."""

import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, run_to_end, serving, stream
from tests.e2e.kill.remains import browser_processes, folders, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROUNDS = 4


def create(client: httpx.Client) -> str:
    created = client.post("/v1/sessions", json={})
    assert created.status_code == 200, created.text
    return f"/v1/sessions/{created.json()['session_id']}"


def log_of(client: httpx.Client, session: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = client.get(f"{session}/messages", params={"sanitize": "false"}).json()["messages"]
    return messages


def test_every_session_is_usable_or_says_why_not_after_a_kill(tmp_path: Path, pages: Pages) -> None:
    with serving(tmp_path) as server, server.client() as client:
        idle, finished, running = create(client), create(client), create(client)
        run_to_end(client, finished)
        client.post(f"{running}/message", json={"message": "Read the price", "start_url": f"{pages.url}/slow"})
        assert pages.asked.wait(SECONDS)
        before = {session: log_of(client, session) for session in (idle, finished, running)}
        server.process.kill()
        server.process.wait()

        wait_until(lambda: not browser_processes(tmp_path), "the browsers to end with their server")

    with serving(tmp_path) as server, server.client() as client:
        assert len(client.get("/v1/sessions").json()) == 3
        for session, read in before.items():
            assert log_of(client, session)[: len(read)] == read
        assert client.get(f"{idle}/status").json()["status"] == "ready"
        assert client.get(f"{finished}/status").json()["status"] == "finished"
        assert client.get(f"{running}/status").json()["status"] == "error"
        last = log_of(client, running)[-1]
        assert last["type"] == "ERROR"
        assert last["metadata"]["code"] == "SESSION_INTERRUPTED"
        for session in before:
            assert run_to_end(client, session)[-1].event == "done"


def test_a_stopped_server_says_so_in_the_log_of_its_tasks(tmp_path: Path, pages: Pages) -> None:
    with serving(tmp_path) as server, server.client() as client:
        running = create(client)
        client.post(f"{running}/message", json={"message": "Read the price", "start_url": f"{pages.url}/slow"})
        assert pages.asked.wait(SECONDS)
        started = time.monotonic()
        server.process.terminate()
        assert server.process.wait(SECONDS) == 0
        assert time.monotonic() - started < 8
        assert not browser_processes(tmp_path)
        assert not folders(tmp_path)

    with serving(tmp_path) as server, server.client() as client:
        (error,) = (message for message in log_of(client, running) if message["type"] == "ERROR")
        assert error["metadata"]["code"] == "SESSION_INTERRUPTED"


def test_nothing_that_a_client_has_read_is_lost_whenever_the_kill_comes(tmp_path: Path, pages: Pages) -> None:
    chance = random.Random(20)  # noqa: S311 - moments of a kill
    read: dict[str, dict[int, str]] = {}
    for _ in range(ROUNDS):
        with serving(tmp_path, MAX_SESSIONS=ROUNDS + 1) as server, server.client() as client:
            for session, messages in read.items():
                kept = {message["id"]: message["content"] for message in log_of(client, session)}
                assert {number: kept.get(number) for number in messages} == messages
            session = create(client)
            read[session] = {}
            client.post(f"{session}/message", json={"message": "Read the price", "start_url": f"{pages.url}/slow"})
            reader = threading.Thread(target=_read_on, args=(server.client(), session, read[session]))
            reader.start()
            killer = threading.Timer(chance.uniform(0.1, 0.6), server.process.kill)
            killer.start()
            _talk_on(client, session)
            server.process.wait()
            reader.join()
            killer.join()
            assert read[session]


def _read_on(client: httpx.Client, session: str, read: dict[int, str]) -> None:
    """Keep what the stream gives until the connection breaks."""
    try:
        with client, stream(client, session) as frames:
            for frame in frames:
                if frame.id is not None:
                    read[frame.id] = frame.json()["text"]
    except httpx.TransportError:
        return


def _talk_on(client: httpx.Client, session: str) -> None:
    """Add to the running task until the server is gone."""
    try:
        for number in range(10_000):
            client.post(f"{session}/message", json={"message": f"And read the text {number}"})
    except httpx.TransportError:
        return
