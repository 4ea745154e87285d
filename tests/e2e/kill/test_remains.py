"""200 sessions, created and ended in every way there is: no process, folder or port may be left."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import httpx
import pytest
from tests.e2e.api.serving import Pages, ServerProcess, serving
from tests.e2e.kill.remains import (
    browser_processes,
    folders,
    is_listening,
    kill_browser,
    listening_ports,
    main_processes,
    wait_until,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SESSIONS = 200
AT_ONCE = 5


def create(client: httpx.Client) -> str:
    created = client.post("/v1/sessions", json={})
    assert created.status_code == 200, created.text
    return f"/v1/sessions/{created.json()['session_id']}"


def delete(server: ServerProcess, client: httpx.Client, sessions: list[str], pages: Pages) -> None:
    """Deleted while the page works on something."""
    del server
    for session in sessions:
        client.post(f"{session}/navigate", json={"url": pages.url})
        client.delete(session)


def crash(server: ServerProcess, client: httpx.Client, sessions: list[str], pages: Pages) -> None:
    """The browser process killed from outside."""
    del pages
    for pid in main_processes(server.data_dir):
        kill_browser(pid)
    for session in sessions:
        client.delete(session)


def cancel(server: ServerProcess, client: httpx.Client, sessions: list[str], pages: Pages) -> None:
    """Cancelled in the middle of a hung navigation, then deleted."""
    del server
    for session in sessions:
        client.post(f"{session}/message", json={"message": "Read the price", "start_url": f"{pages.url}/slow"})
    for session in sessions:
        assert client.post(f"{session}/cancel").status_code == 200
        client.delete(session)


def kill_server(server: ServerProcess, client: httpx.Client, sessions: list[str], pages: Pages) -> None:
    """The server killed with its sessions open."""
    del client, sessions, pages
    server.process.kill()
    server.process.wait()


def has_no_port_too_many(server: ServerProcess) -> bool:
    """Its own port, and one for each browser that is alive."""
    return len(listening_ports(server.process.pid)) == 1 + len(main_processes(server.data_dir))


WAYS: Mapping[str, Callable[[ServerProcess, httpx.Client, list[str], Pages], None]] = {
    "delete": delete,
    "crash of the browser": crash,
    "cancel": cancel,
    "kill -9 of the server": kill_server,
}


@pytest.mark.timeout(900)
def test_nothing_is_left_of_200_sessions_however_they_end(
    tmp_path: Path, pages: Pages, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = []
    urls = []
    rounds = SESSIONS // len(WAYS) // AT_ONCE
    for way, end in WAYS.items():
        started = time.monotonic()
        lives = rounds if end is kill_server else 1
        for _ in range(lives):
            with serving(tmp_path, MAX_SESSIONS=AT_ONCE * 2) as server, server.client() as client:
                urls.append(server.url)
                for _ in range(rounds // lives):
                    end(server, client, [create(client) for _ in range(AT_ONCE)], pages)
                if end is not kill_server:
                    wait_until(partial(has_no_port_too_many, server), "the browsers' ways out to be closed")
        lines.append(f"{way:<24} {rounds * AT_ONCE} sessions in {time.monotonic() - started:5.1f} s")
    wait_until(lambda: not browser_processes(tmp_path), "all browsers to end")
    with serving(tmp_path) as server:  # removes the folders that the last kill left
        urls.append(server.url)

    left = (len(browser_processes(tmp_path)), len(folders(tmp_path)), sum(map(is_listening, urls)))
    with capsys.disabled():
        print("", *lines, sep="\n  ")
        print(f"  left: {left[0]} processes, {left[1]} folders, {left[2]} ports")
    assert left == (0, 0, 0)
