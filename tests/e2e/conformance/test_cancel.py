"""Cancel and delete take effect within two seconds, whatever the session is in the middle of."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, ServerProcess, run_to_end, serving, stream
from tests.e2e.conformance.hanging import HangingSite
from tests.e2e.kill.remains import wait_until

from outrider.agents.owner import STOP_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CANCEL_SECONDS = 2.0
#: A cancel, a browser in place of one that let go of nothing any more, and a task.
USABLE_SECONDS = 8.0


def start(client: httpx.Client, session: str, message: str, url: str) -> None:
    assert client.post(f"{session}/message", json={"message": message, "start_url": url}).status_code == 200


def cancel(client: httpx.Client, session: str) -> None:
    """Cancel, and check that the task has ended by then and that the session works on."""
    started = time.monotonic()
    assert client.post(f"{session}/cancel").json()["message"] == "Session cancelled successfully"
    assert client.get(f"{session}/status").json() == {"status": "error"}
    last = client.get(f"{session}/messages").json()["messages"][-1]
    assert (last["type"], last["metadata"]["code"]) == ("ERROR", "TASK_CANCELLED")
    assert time.monotonic() - started < CANCEL_SECONDS
    assert run_to_end(client, session)[-1].event == "done"
    assert time.monotonic() - started < USABLE_SECONDS


@pytest.mark.parametrize(
    ("path", "task"),
    [
        ("/never", "Click Freeze."),
        ("/loading", "Click Freeze."),
        ("/script", "Click Freeze."),
        ("/dialogs", "Click Freeze."),
        ("/download", "Download Freeze."),
    ],
)
def test_cancel_in_a_page_that_hangs(
    client: httpx.Client, session: str, hanging: HangingSite, path: str, task: str
) -> None:
    start(client, session, task, hanging.url + path)
    assert hanging.began.wait(SECONDS)
    cancel(client, session)


@pytest.mark.parametrize("path", ["/never", "/link"])
def test_a_cancel_while_a_page_loads_keeps_the_browser(
    client: httpx.Client, session: str, hanging: HangingSite, path: str
) -> None:
    """And with it the log-ins: there is something to be saved."""
    start(client, session, "Click Freeze.", hanging.url + path)
    assert hanging.began.wait(SECONDS)
    assert client.post(f"{session}/cancel").status_code == 200
    assert client.delete(f"{session}?save_snapshot_mode=filesystem").json()["deleted"] is True


def test_a_cancel_does_not_touch_what_the_client_opens(
    client: httpx.Client, session: str, hanging: HangingSite
) -> None:
    with ThreadPoolExecutor() as threads:
        opening = threads.submit(client.post, f"{session}/navigate", json={"url": f"{hanging.url}/never"})
        assert hanging.began.wait(SECONDS)
        assert client.post(f"{session}/message", json={"message": "Read the title."}).status_code == 200
        assert client.post(f"{session}/cancel").status_code == 200
        assert not wait([opening], 1.5 * STOP_SECONDS).done, "a page that does not answer by then loses its browser"
        hanging.release.set()
        assert opening.result(SECONDS).json() == {"current_url": f"{hanging.url}/never"}


@pytest.mark.parametrize("path", ["/never", "/script"])
def test_delete_in_a_page_that_hangs(client: httpx.Client, session: str, hanging: HangingSite, path: str) -> None:
    start(client, session, "Click Freeze.", hanging.url + path)
    assert hanging.began.wait(SECONDS)
    started = time.monotonic()
    assert client.delete(session).json()["deleted"] is True
    assert client.get(f"{session}/status").status_code == 404
    assert time.monotonic() - started < CANCEL_SECONDS


def test_cancel_while_paused(client: httpx.Client, session: str, hanging: HangingSite) -> None:
    start(client, session, "Click Freeze.", f"{hanging.url}/never")
    assert hanging.began.wait(SECONDS)
    assert client.post(f"{session}/pause").status_code == 200
    cancel(client, session)


def test_cancel_while_a_question_waits(client: httpx.Client, session: str) -> None:
    with stream(client, session) as frames:
        client.post(f"{session}/message", json={"message": "Click Send."})
        assert any(frame.event == "question" for frame in frames)
    assert client.get(f"{session}/status").json() == {"status": "waiting_for_input"}
    cancel(client, session)


class SlowStart:
    """A server whose browsers never come up, and the session that is being created on it."""

    def __init__(self, server: ServerProcess) -> None:
        self.client = server.client()
        self.answer: httpx.Response | None = None
        self._creating = threading.Thread(target=self._create)
        self._creating.start()

    def _create(self) -> None:
        self.answer = self.client.post("/v1/sessions", json={})

    def session(self) -> str:
        found: list[dict[str, Any]] = []

        def is_there() -> bool:
            found[:] = self.client.get("/v1/sessions").json()
            return bool(found)

        wait_until(is_there, "the session to be listed")
        assert found[0]["status"] == "initializing"
        return f"/v1/sessions/{found[0]['session_id']}"

    def end(self) -> httpx.Response:
        self._creating.join(SECONDS)
        self.client.close()
        assert self.answer is not None
        return self.answer


@pytest.fixture
def never(tmp_path: Path) -> Path:
    """A browser that never comes up."""
    binary = tmp_path / "never"
    binary.write_text("#!/bin/sh\nexec sleep 60\n")
    binary.chmod(0o755)
    return binary


def test_delete_while_starting(tmp_path: Path, never: Path) -> None:
    with serving(tmp_path / "data", BROWSER_BINARY=never, WARM_BROWSERS=0) as server:
        starting = SlowStart(server)
        session = starting.session()
        started = time.monotonic()
        assert starting.client.delete(session).json()["deleted"] is True
        assert starting.end().status_code == 404
        assert time.monotonic() - started < CANCEL_SECONDS


def test_cancel_of_a_task_that_waits_for_the_start(tmp_path: Path, never: Path) -> None:
    with serving(tmp_path / "data", BROWSER_BINARY=never, WARM_BROWSERS=0) as server:
        starting = SlowStart(server)
        session = starting.session()
        assert starting.client.post(f"{session}/message", json={"message": "Reply with 'OK'"}).status_code == 200
        assert starting.client.get(f"{session}/status").json() == {"status": "running"}
        started = time.monotonic()
        assert "cancelled" in starting.client.post(f"{session}/cancel").json()["message"]
        assert starting.client.get(f"{session}/status").json() == {"status": "error"}
        assert time.monotonic() - started < CANCEL_SECONDS
        starting.client.delete(session)
        starting.end()


def test_a_start_that_does_not_end_is_ended_with_a_code(tmp_path: Path, never: Path) -> None:
    settings: dict[str, Any] = {"BROWSER_BINARY": never, "WARM_BROWSERS": 0, "SESSION_START_TIMEOUT_SECONDS": 1}
    with serving(tmp_path / "data", **settings) as server, server.client() as client:
        refused = client.post("/v1/sessions", json={})
        assert refused.json()["error"]["code"] in ("SESSION_START_TIMEOUT", "BROWSER_START_FAILED")
        assert client.get("/v1/sessions").json() == []
