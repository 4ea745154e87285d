"""Opening an address beside what loads already: a task that begins meanwhile, an earlier call, a task's own page."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, problem_of, serving, stream
from tests.e2e.conformance.hanging import HangingSite

pytestmark = pytest.mark.browser


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def navigate(client: httpx.Client, session: str, url: str) -> httpx.Response:
    return client.post(f"{session}/navigate", json={"url": url})


def test_a_task_that_begins_while_a_page_loads(
    tmp_path: Path, hanging: HangingSite, threads: ThreadPoolExecutor
) -> None:
    """It waits for the page, for longer than a page has to answer."""
    settings: dict[str, Any] = {"ACTION_TIMEOUT_SECONDS": 0.5, "HEARTBEAT_SECONDS": 0.2}
    with serving(tmp_path / "data", **settings) as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
        opening = threads.submit(navigate, client, session, f"{hanging.url}/never")
        assert hanging.began.wait(SECONDS)
        with stream(client, session) as frames:
            assert client.post(f"{session}/message", json={"message": "Read the title."}).status_code == 200
            beats = 0
            for frame in frames:
                beats += frame.event == "heartbeat"
                if beats == 6:
                    hanging.release.set()
                last = frame
        assert (last.event, last.json()["text"]) == ("done", "Hanging")
        assert opening.result(SECONDS).json() == {"current_url": f"{hanging.url}/never"}


def test_a_later_call_takes_the_place_of_an_earlier_one(
    client: httpx.Client, session: str, hanging: HangingSite, pages: Pages, threads: ThreadPoolExecutor
) -> None:
    earlier = threads.submit(navigate, client, session, f"{hanging.url}/never")
    assert hanging.began.wait(SECONDS)
    assert navigate(client, session, pages.url).json() == {"current_url": f"{pages.url}/"}
    assert problem_of(earlier.result(SECONDS), 409, "NAVIGATION_REPLACED")["retryable"] is False


def test_a_call_takes_the_place_of_what_a_task_loads(
    client: httpx.Client, session: str, hanging: HangingSite, pages: Pages
) -> None:
    """The task goes on there."""
    with stream(client, session) as frames:
        task = {"message": "Read the title.", "start_url": f"{hanging.url}/never"}
        assert client.post(f"{session}/message", json=task).status_code == 200
        assert hanging.began.wait(SECONDS)
        assert navigate(client, session, pages.url).json() == {"current_url": f"{pages.url}/"}
        last = [frame for frame in frames if frame.event != "heartbeat"][-1]
    assert (last.event, last.json()["text"]) == ("done", "Tea")


def test_a_call_takes_the_place_of_an_address_that_a_task_names(
    client: httpx.Client, session: str, hanging: HangingSite, pages: Pages
) -> None:
    """What it was to read is not on the other page."""
    with stream(client, session) as frames:
        task = f"Open {hanging.url}/never and read the title."
        assert client.post(f"{session}/message", json={"message": task}).status_code == 200
        assert hanging.began.wait(SECONDS)
        assert navigate(client, session, pages.url).json() == {"current_url": f"{pages.url}/"}
        last = [frame for frame in frames if frame.event != "heartbeat"][-1]
    assert last.event == "error"
    assert "Another address was opened" in last.json()["text"]
