"""A server for people who watch, and local pages for its sessions."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, PageHandler, Pages, ServerProcess, serving

_FORM = b"""<!doctype html><meta charset="utf-8"><title>Form</title>
<style>body { margin: 0 } input { height: 300px; width: 600px }</style>
<form action="/typed"><input name="q"></form>"""
_MOVING = b"""<!doctype html><title>Moving</title><body style="height: 100000px; background:
repeating-linear-gradient(red 0 40px, white 0 90px)"><script>
const go = () => { scrollBy(0, 7); requestAnimationFrame(go); }; go();</script>"""
_LISTS = b"""<!doctype html><meta charset="utf-8"><title>Lists</title><style>
body { margin: 0 } select, input, iframe { border: 0; display: block; height: 150px; margin: 0; width: 600px }</style>
<form action="/typed"><select name="q" aria-label="Tea">
<option value="g">Green<option value="b">Black<optgroup label="None left"><option disabled>White</optgroup></select>
<input type="date" name="d" aria-label="Day"><button hidden></button></form><script>
const other = {'127.0.0.1': 'localhost', 'localhost': '127.0.0.1'}[location.hostname];
document.write(`<iframe src="http://${other}:${location.port}/inner"></iframe>`)</script>"""
_OFFER = b"""<!doctype html><title>Offer</title><a href="/report">Report file</a>"""
_INNER = b"""<!doctype html><meta charset="utf-8"><title>Inner</title>
<style>body { margin: 0 } select { height: 150px; width: 600px }</style>
<select aria-label="Cup" onchange="top.location = '/typed?q=' + value"><option>Small<option>Large</select>"""


class _Handler(PageHandler):
    """Also ``/form``, whose field fills the upper left, ``/moving``, which scrolls for ever, and ``/lists``: three
    fields of which browsers draw lists and calendars, the last one in a frame of another site; ``/offer`` has a file.
    """

    def do_GET(self) -> None:
        if self.path == "/report":
            self.send_response(200)
            self.send_header("Content-Disposition", "attachment; filename=report.zip")
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"report")
            return
        body = {"/offer": _OFFER, "/form": _FORM, "/moving": _MOVING, "/lists": _LISTS, "/inner": _INNER}.get(self.path)
        if body is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server") / "data"
    limits: dict[str, Any] = {"MAX_VIEWERS": 3, "MAX_DEVTOOLS_CLIENTS": 2, "MAX_SESSIONS": 6}
    with serving(folder, BODY_TIMEOUT_SECONDS=1, TAKEOVER_GRACE_SECONDS=1, LOG_LEVEL="debug", **limits) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="session")
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def session(client: httpx.Client) -> Iterator[str]:
    """The path of a new session."""
    created = client.post("/v1/sessions", json={})
    assert created.status_code == 200, created.text
    path = f"/v1/sessions/{created.json()['session_id']}"
    yield path
    client.delete(path)


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages.serving() as server:
        server.RequestHandlerClass = _Handler
        yield server


@pytest.fixture
def busy(client: httpx.Client, session: str, pages: Pages) -> str:
    """The path of a session whose task waits for a slow page."""
    task = {"message": "Read the price.", "start_url": f"{pages.url}/slow"}
    assert client.post(f"{session}/message", json=task).status_code == 200
    assert pages.asked.wait(SECONDS)
    return session
