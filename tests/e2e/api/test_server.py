"""The process: one per data folder, stopped with reasons, killed without loss, started again on what is there."""

import os
import signal
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from tests.e2e.api.serving import COMMAND, SECONDS, Pages, ServerProcess, problem_of, run_to_end, serving, stream

from outrider.config import load_settings
from outrider.server import running_server

pytestmark = pytest.mark.browser


def start_task(client: httpx.Client, pages: Pages) -> str:
    """A session whose task waits for a slow page."""
    session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
    task = {"message": "Read the price.", "start_url": f"{pages.url}/slow"}
    assert client.post(f"{session}/message", json=task).status_code == 200
    assert pages.asked.wait(SECONDS)
    return session


def refused_start(data_dir: Path, **settings: object) -> str:
    """What a second server says before it gives up."""
    given = {"OUTRIDER_DATA_DIR": data_dir, **{f"OUTRIDER_{name}": value for name, value in settings.items()}}
    environment = os.environ | {name: str(value) for name, value in given.items()}
    ended = subprocess.run(
        [COMMAND, "serve"], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode not in (0, -signal.SIGKILL)
    return ended.stderr


def browsers_of(data_dir: Path) -> list[int]:
    """Processes whose command line names the folder of the server's browsers."""
    folder = f"{data_dir}/browsers/".encode()
    return [int(entry.parent.name) for entry in Path("/proc").glob("[0-9]*/cmdline") if folder in _read(entry)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # ended meanwhile
        return b""


def test_the_data_folder_is_private(server: ServerProcess) -> None:
    assert server.data_dir.stat().st_mode & 0o777 == 0o700
    for name in ("local.key", "outrider.db", "server.lock"):
        assert (server.data_dir / name).stat().st_mode & 0o077 == 0


def test_a_second_server_on_the_same_folder_is_told_where_the_first_is(server: ServerProcess) -> None:
    said = refused_start(server.data_dir, PORT=0)
    assert "DATA_FOLDER_IN_USE" in said
    assert str(server.process.pid) in said
    assert server.url in said
    assert running_server(load_settings(data_dir=server.data_dir)) == server.url


def test_a_port_that_is_taken(server: ServerProcess, tmp_path: Path) -> None:
    assert "PORT_IN_USE" in refused_start(tmp_path, PORT=server.url.rpartition(":")[2])


def test_an_address_that_is_not_ours(tmp_path: Path) -> None:
    assert "CONFIG_INVALID" in refused_start(tmp_path, HOST="192.0.2.1", PORT=0)


def test_a_folder_that_can_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused_start(tmp_path / "file" / "data", PORT=0)
    assert "[DATA_FOLDER_UNUSABLE]" in said
    assert "retry: no" in said


@pytest.mark.parametrize("name", ["outrider.db", "local.key"])
def test_a_folder_whose_files_can_not_be_used(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    said = refused_start(tmp_path, PORT=0)
    assert f"“{tmp_path}” can't be used: " in said
    assert "[DATA_FOLDER_UNUSABLE]" in said


def test_stopping_interrupts_tasks_with_a_reason_and_leaves_nothing_behind(tmp_path: Path, pages: Pages) -> None:
    with serving(tmp_path) as first, first.client() as client:
        key = first.key
        session = start_task(client, pages)
        with stream(client, session) as frames:
            assert next(frames).event == "user"
            first.process.send_signal(signal.SIGTERM)
            last = [frame for frame in frames if frame.event != "heartbeat"][-1]
        assert (last.event, last.json()["code"]) == ("error", "SESSION_INTERRUPTED")
        assert first.process.wait(5) == 0
    assert browsers_of(tmp_path) == []
    assert list((tmp_path / "browsers").iterdir()) == []
    assert running_server(load_settings(data_dir=tmp_path)) is None

    pages.release.set()
    with serving(tmp_path) as second, second.client() as client:
        assert second.key == key
        assert client.get(f"{session}/status").json() == {"status": "error"}
        messages = client.get(f"{session}/messages").json()["messages"]
        assert [m["id"] for m in messages if m["type"] == "ERROR"] == [last.id]
        assert run_to_end(client, session)[-1].event == "done"


def test_a_stream_at_rest_is_ended_when_the_server_stops(tmp_path: Path) -> None:
    with serving(tmp_path, HEARTBEAT_SECONDS=0.1) as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
        with stream(client, session) as frames:
            assert next(frames).event == "heartbeat"
            server.process.send_signal(signal.SIGINT)
            last = [frame for frame in frames if frame.event != "heartbeat"][-1]
        assert (last.event, last.json()["code"]) == ("error", "SERVER_STOPPING")
        assert server.process.wait(5) == 0


def test_clients_that_do_not_read_or_do_not_ask_hold_up_no_stop(tmp_path: Path, pages: Pages) -> None:
    with serving(tmp_path) as server, server.client() as client, ExitStack() as connections:
        session = start_task(client, pages)
        for _ in range(300):  # more than the sockets' buffers hold
            client.post(f"{session}/message", json={"message": "x" * 10_000})
        head = f"GET {session}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
        for request in (f"{head}\r\n", head, ""):
            host, port = server.url.removeprefix("http://").split(":")
            connection = connections.enter_context(socket.create_connection((host, int(port)), timeout=SECONDS))
            connection.sendall(request.encode())
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(8) == 0
        cut_off = server.logged(lambda line: line["event"] == "connections cut off")
        assert cut_off["count"] == 1
        assert [line for line in server.lines if line.get("level") == "error"] == []


def test_a_killed_server_loses_no_message_and_leaves_no_browser(tmp_path: Path, pages: Pages) -> None:
    with serving(tmp_path) as first, first.client() as client:
        session = start_task(client, pages)
        seen = client.get(f"{session}/messages").json()["messages"]
        first.process.kill()
        first.process.wait(SECONDS)
    assert running_server(load_settings(data_dir=tmp_path)) is None

    pages.release.set()
    with serving(tmp_path, WARM_BROWSERS=0) as second, second.client() as client:
        body = client.get(f"{session}/messages").json()
        assert body["messages"][: len(seen)] == seen
        reasons = [m["metadata"]["code"] for m in body["messages"] if m["type"] == "ERROR"]
        assert (body["status"], reasons) == ("error", ["SESSION_INTERRUPTED"])
        assert browsers_of(tmp_path) == []
        assert run_to_end(client, session)[-1].event == "done"


def test_without_a_browser_the_server_says_so_and_keeps_no_session(tmp_path: Path) -> None:
    with serving(tmp_path, BROWSER_BINARY="/nonexistent/chromium") as server, server.client() as client:
        assert client.get("/healthz").status_code == 200
        error = problem_of(client.get("/readyz"), 503, "NOT_READY")
        assert "BROWSER_NOT_INSTALLED" in error["details"]["checks"]["browser"]
        assert error["details"]["checks"]["database"] == "ok"
        error = problem_of(client.post("/v1/sessions", json={}), 503, "BROWSER_NOT_INSTALLED")
        assert "/nonexistent/chromium" in error["cause"]
        assert client.get("/v1/sessions").json() == []
