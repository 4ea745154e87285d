"""Sessions in a browser that the caller runs: a tab of their own, and nothing else is touched."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.e2e.api.serving import Pages, ServerProcess, problem_of, run_to_end, stream
from tests.e2e.kill.remains import wait_until
from tests.e2e.live.callers import CallersBrowser, callers_browser
from tests.e2e.live.viewer import log_of, view_url, watching
from tests.pages.server import serve_pages

from outrider.browsers.external import ExternalBrowser
from outrider.config import Settings
from outrider.interfaces.actions import Navigate, Press, Wait
from outrider.screening.egress import Egress


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[CallersBrowser]:
    with callers_browser(tmp_path / "profile") as browser:
        yield browser


def attached(client: httpx.Client, **body: object) -> httpx.Response:
    return client.post("/v1/sessions", json={"agent_session_type": "externalcdp", **body})


async def test_a_key_has_scrolled_when_it_is_over(browser: CallersBrowser, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", egress_allow=["localhost", "127.0.0.1"])
    callers = await ExternalBrowser.attach(browser.url, Egress.of(settings), settings)
    with serve_pages() as site:
        try:
            await callers.page.act(Navigate(f"{site.url}/other.html"))
            await callers.page.act(Press("End"))  # this browser does it bit by bit
            there = (await callers.page.observe()).scroll_y
            await callers.page.act(Wait(at_least=0.5))
            assert there == (await callers.page.observe()).scroll_y > 0
        finally:
            await callers.close()


def codes_of(client: httpx.Client, session: str, kind: str) -> list[str]:
    """Of the log's messages of one kind that tell of a problem."""
    messages = (message for message in log_of(client, session) if message["type"] == kind)
    return [message["metadata"]["code"] for message in messages if "code" in message["metadata"]]


@pytest.mark.parametrize(("field", "form"), [("cdp_url", "url"), ("cdp_url", "http_url"), ("cdp_ws_url", "url")])
def test_a_task_runs_in_a_tab_of_its_own(
    client: httpx.Client, browser: CallersBrowser, pages: Pages, field: str, form: str
) -> None:
    browser.open(f"{pages.url}/?mine")
    mine = browser.tabs
    made = attached(client, **{field: getattr(browser, form)})
    assert made.status_code == 200, made.text
    assert made.json()["agent_session_type"] == "external-cdp"
    session = f"/v1/sessions/{made.json()['session_id']}"
    run_to_end(client, session, f"Open {pages.url}/?7 and read the price.")
    done = log_of(client, session)[-1]
    assert (done["type"], "7" in str(done["content"])) == ("DONE", True)
    assert browser.tabs == sorted([*mine, f"{pages.url}/?7"])
    assert client.get(f"{session}/screenshot").json()["screenshot"].startswith("data:image/jpeg")
    browser.open(f"{pages.url}/?later")
    assert client.delete(session).json()["deleted"] is True
    wait_until(lambda: f"{pages.url}/?7" not in browser.tabs, "the end of the session's tab")
    assert browser.tabs == sorted([*mine, f"{pages.url}/?later"])
    assert browser.process.poll() is None


def test_what_belongs_to_the_caller_is_refused_as_that(
    client: httpx.Client, browser: CallersBrowser, pages: Pages
) -> None:
    session = f"/v1/sessions/{attached(client, cdp_url=browser.url).json()['session_id']}"
    client.post(f"{session}/message", json={"message": "Read the price.", "start_url": f"{pages.url}/slow"})
    assert pages.asked.wait(15)
    for mode in ("filesystem", "memory", "auto", "always"):
        for default in ("false", "true"):
            saved = client.delete(session, params={"save_snapshot_mode": mode, "save_as_default": default})
            problem_of(saved, 422, "EXTERNAL_BROWSER_UNFIT")
    problem_of(client.post(f"{session}/devtools_tokens", json={}), 422, "EXTERNAL_BROWSER_UNFIT")
    assert client.get(f"{session}/status").json() == {"status": "running"}, "a refusal touches nothing"
    with stream(client, session) as frames:
        pages.release.set()
        assert [frame.event for frame in frames][-1] == "done"

    for task in ("download the file 'Report file'", "click 'Report file'"):
        run_to_end(client, session, f"Open {pages.url}/offer and {task}")
        last = log_of(client, session)[-1]
        assert (last["type"], last["metadata"]["code"]) == ("ERROR", "EXTERNAL_BROWSER_UNFIT"), last
        assert "Fetching what a page downloads" in last["content"]
    assert client.get(f"{session}/files").json() == {"files": []}
    client.delete(session)


async def test_it_can_be_watched(client: httpx.Client, browser: CallersBrowser) -> None:
    made = await asyncio.to_thread(attached, client, cdp_url=browser.url)
    session = f"/v1/sessions/{made.json()['session_id']}"
    async with watching(view_url(client, session)) as viewer:
        await viewer.until(lambda: bool(viewer.pictures))
        browser.kill()
        assert await viewer.closed() == (4502, "EXTERNAL_BROWSER_UNREACHABLE")
    await asyncio.to_thread(client.delete, session)


def test_a_browser_that_goes_ends_the_task_with_a_reason(
    client: httpx.Client, browser: CallersBrowser, pages: Pages
) -> None:
    session = f"/v1/sessions/{attached(client, cdp_url=browser.url).json()['session_id']}"
    client.post(f"{session}/message", json={"message": "Read the price.", "start_url": f"{pages.url}/slow"})
    assert pages.asked.wait(15)
    browser.kill()
    problem_of(client.get(f"{session}/screenshot"), 502, "EXTERNAL_BROWSER_UNREACHABLE")
    wait_until(lambda: codes_of(client, session, "ERROR") != [], "the end of the task")
    assert codes_of(client, session, "ERROR") == ["EXTERNAL_BROWSER_UNREACHABLE"]
    client.delete(session)


def test_a_browser_that_goes_between_tasks_is_named_as_what_it_was(
    client: httpx.Client, browser: CallersBrowser, pages: Pages
) -> None:
    session = f"/v1/sessions/{attached(client, cdp_url=browser.url).json()['session_id']}"
    run_to_end(client, session, f"Open {pages.url}/?7 and read the price.")
    browser.kill()
    wait_until(lambda: codes_of(client, session, "LOG") != [], "the entry that says so")
    assert codes_of(client, session, "LOG") == ["EXTERNAL_BROWSER_UNREACHABLE"]
    client.delete(session)


def test_addresses_that_lead_nowhere(client: httpx.Client, server: ServerProcess, pages: Pages) -> None:
    secret = "very-secret"
    for url, status, code in (
        (f"ws://127.0.0.1:1/devtools/browser/x?token={secret}", 502, "EXTERNAL_BROWSER_UNREACHABLE"),
        (f"http://user:{secret}@127.0.0.1:1", 502, "EXTERNAL_BROWSER_UNREACHABLE"),
        (f"{pages.url}/?{secret}", 502, "EXTERNAL_BROWSER_UNREACHABLE"),
        (f"{pages.url.replace('http', 'ws')}/?{secret}", 502, "EXTERNAL_BROWSER_UNREACHABLE"),
        (f"ws://10.0.0.1:9222/{secret}", 403, "ADDRESS_REFUSED"),
        (f"ws://169.254.169.254/{secret}", 403, "ADDRESS_REFUSED"),
        (f"{server.url.replace('http', 'ws')}/{secret}", 403, "ADDRESS_RESERVED"),
        (f"file:///{secret}", 422, "CDP_URL_INVALID"),
        (f"ws://[{secret}", 422, "CDP_URL_INVALID"),
        (f"ws:///{secret}", 422, "CDP_URL_INVALID"),
        ("", 422, "CDP_URL_INVALID"),
    ):
        answer = attached(client, cdp_url=url)
        problem_of(answer, status, code)
        assert secret not in answer.text
    assert secret not in str(server.lines)
    stored = b"".join(path.read_bytes() for path in server.data_dir.glob("outrider.db*"))
    assert secret.encode() not in stored, "the address is stored sealed"
    assert client.get("/v1/sessions").json() == []
