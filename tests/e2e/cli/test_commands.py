"""The other commands as processes."""

import json
import signal
from pathlib import Path

import pytest
from tests.e2e.api.serving import SECONDS, serving
from tests.e2e.cli.conftest import Outrider


@pytest.mark.browser
def test_sessions_of_a_running_server(outrider: Outrider) -> None:
    with serving(outrider.data_dir):
        session_id = json.loads(outrider("run", "Reply with 'OK'", "--keep", "--json").stdout)["session_id"]

        assert outrider("sessions", "list").stdout.startswith(f"{session_id}  ready  agi-0  ")
        assert "task_status:         finished" in outrider("sessions", "show", session_id).stdout
        log = outrider("sessions", "messages", session_id).stdout.splitlines()
        assert log[0].split(maxsplit=2) == ["1", "USER", "Reply with 'OK'"]
        assert log[-1].split(maxsplit=2)[1:] == ["DONE", "OK"]
        last = json.loads(outrider("sessions", "messages", session_id, "--after", len(log) - 1, "--json").stdout)
        assert [(message["id"], message["content"]) for message in last] == [(len(log), "OK")]
        saved = outrider("sessions", "delete", session_id, session_id, "--save", "filesystem", "--as-default")
        assert (saved.returncode, saved.stdout) == (0, f"{session_id}: Session deleted successfully\n"), saved.stderr
        assert outrider("sessions", "delete", session_id).returncode == 1  # not there any more
        assert (listed := outrider("sessions", "list")).stdout == ""
        assert listed.stderr == "There are no sessions.\n"


@pytest.mark.browser
def test_a_kept_session_can_be_read_without_a_running_server(outrider: Outrider) -> None:
    session_id = json.loads(outrider("run", "Reply with 'OK'", "--keep", "--json").stdout)["session_id"]

    assert "DONE      OK" in outrider("sessions", "messages", session_id).stdout
    assert outrider("sessions", "delete", session_id, "--as-default").returncode == 2
    unsaved = outrider("sessions", "delete", session_id, "--save", "filesystem")
    assert unsaved.returncode == 1
    assert "[SNAPSHOT_FAILED]" in unsaved.stderr  # its browser ended with the server of the first command
    assert outrider("sessions", "delete", "--all").returncode == 0
    gone = outrider("sessions", "show", session_id, "--json")
    assert gone.returncode == 1
    assert "[SESSION_NOT_FOUND]" in gone.stderr


def test_serve_shows_a_new_key_once_and_stops_on_ctrl_c(outrider: Outrider) -> None:
    shown = []
    for _ in range(2):
        with outrider.started("serve", "--port", "0", "--warm-browsers", "0") as process:
            assert process.stdout is not None
            shown.append([process.stdout.readline() for _ in range(4)])
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=SECONDS)
        assert process.returncode == 0

    key = (outrider.data_dir / "local.key").read_text().strip()
    assert shown[0][0].startswith("Outrider answers at http://127.0.0.1:")
    assert "/docs" in shown[0][1]
    assert key in shown[0][2]
    assert key not in shown[1][2]
    assert str(outrider.data_dir / "local.key") in shown[1][2]


def test_a_second_server_is_told_who_holds_the_folder_and_the_port(outrider: Outrider, tmp_path: Path) -> None:
    with serving(outrider.data_dir, WARM_BROWSERS=0) as server:
        same_folder = outrider("serve", "--port", "0")
        same_port = outrider("serve", "--port", server.url.rpartition(":")[2], "--data-dir", tmp_path / "other")

    assert same_folder.returncode == same_port.returncode == 2
    assert f"talk to it at {server.url}" in same_folder.stderr
    assert "[PORT_IN_USE]" in same_port.stderr
