"""``kill -9`` while an environment is saved: the old snapshot or the new one, never a torn one, and nothing is left."""

import random
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import Pages, serving
from tests.e2e.isolation.levels import LEVELS
from tests.e2e.kill.remains import browser_processes, folders, main_processes, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROUNDS = 5
MODES = ("filesystem", "memory")


def create(client: httpx.Client, **body: object) -> dict[str, Any]:
    answer = client.post("/v1/sessions", json=body)
    assert answer.status_code == 200, answer.text
    created: dict[str, Any] = answer.json()
    return created


def go(client: httpx.Client, session: dict[str, Any], url: str) -> None:
    assert client.post(f"/v1/sessions/{session['session_id']}/navigate", json={"url": url}).status_code == 200


def delete(client: httpx.Client, session: dict[str, Any], mode: str) -> httpx.Response:
    return client.delete(f"/v1/sessions/{session['session_id']}", params={"save_snapshot_mode": mode})


def page_of(client: httpx.Client, session: dict[str, Any]) -> str:
    return str(client.get(f"/v1/sessions/{session['session_id']}/screenshot").json()["url"])


def state_of(pid: int) -> str:
    """As the kernel names it: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.timeout(900)
def test_a_kill_while_saving_leaves_the_old_snapshot_or_the_new_one(tmp_path: Path, pages: Pages) -> None:
    chance = random.Random(7)  # noqa: S311 - moments of a kill
    with serving(tmp_path) as server, server.client() as client:
        first = create(client)
        go(client, first, f"{pages.url}/0")
        assert delete(client, first, "filesystem").json()["deleted"] is True
    latest = last = f"{pages.url}/0"
    for number in range(1, ROUNDS + 1):
        with serving(tmp_path, PARKED_FREE_BYTES=0) as server, server.client() as client:
            assert len(list((tmp_path / "snapshots").iterdir())) == 1
            session = create(client, restore_from_environment_id=first["environment_id"])
            assert session["restore"]["mode"] == "filesystem"
            shown = page_of(client, session)
            assert shown in (latest, last)
            if number == ROUNDS:
                break
            latest, last = shown, f"{pages.url}/{number}"
            go(client, session, last)
            killer = threading.Timer(chance.uniform(0.0, 0.15), server.process.kill)
            killer.start()
            with suppress(httpx.TransportError):
                if delete(client, session, MODES[number % 2]).status_code == 200:
                    latest = last  # acknowledged, so it counts
            killer.join()
            server.process.wait()
        wait_until(lambda: not browser_processes(tmp_path), "the browsers to end with their server")


@pytest.mark.parametrize("level", LEVELS)
def test_a_frozen_browser_ends_with_a_server_that_is_killed(tmp_path: Path, pages: Pages, level: str) -> None:
    settings: dict[str, Any] = {"PARKED_FREE_BYTES": 0, "WARM_BROWSERS": 0, "ISOLATION": level}
    with serving(tmp_path, **settings) as server, server.client() as client:
        session = create(client)
        go(client, session, f"{pages.url}/tea")
        assert delete(client, session, "memory").json()["deleted"] is True
        session = create(client, restore_from_session_id=session["session_id"])
        assert session["restore"]["mode"] == "memory"
        assert delete(client, session, "memory").json()["deleted"] is True
        assert {state_of(pid) for pid in browser_processes(tmp_path)} == {"T"}
        server.process.kill()
        server.process.wait()

        wait_until(lambda: not browser_processes(tmp_path), "the frozen browser to end with its server")

    with serving(tmp_path, WARM_BROWSERS=0) as server, server.client() as client:
        assert not folders(tmp_path)
        assert create(client, restore_from_session_id=session["session_id"])["restore"]["mode"] == "filesystem"


def test_a_server_that_is_stopped_leaves_no_parked_browser(tmp_path: Path, pages: Pages) -> None:
    with serving(tmp_path, PARKED_FREE_BYTES=0, WARM_BROWSERS=0) as server, server.client() as client:
        session = create(client)
        go(client, session, f"{pages.url}/tea")
        assert delete(client, session, "memory").json()["deleted"] is True
        assert main_processes(tmp_path)

    assert not browser_processes(tmp_path)
    assert not folders(tmp_path)
