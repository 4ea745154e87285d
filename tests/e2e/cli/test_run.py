"""``outrider run`` as a process: answers, exit codes, what it prints where, and what it leaves behind."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, serving
from tests.e2e.cli.conftest import Outrider
from tests.e2e.kill.remains import browser_processes, wait_until

pytestmark = [pytest.mark.browser]


def remains(outrider: Outrider) -> list[object]:
    """Processes and folders of servers that were opened for a command."""
    left = outrider.data_dir / "for-now"
    found = [*left.iterdir()] if left.is_dir() else []
    return [*found, *(pid for folder in found for pid in browser_processes(folder))]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with another data folder than the command's."""
    with serving(tmp_path_factory.mktemp("elsewhere") / "data") as server:
        yield server


def test_the_answer_goes_to_standard_output_and_the_steps_to_standard_error(outrider: Outrider) -> None:
    done = outrider("run", "Reply with 'OK'")

    assert (done.returncode, done.stdout) == (0, "OK\n")
    steps = done.stderr.splitlines()
    assert steps[0].startswith("Session ")
    assert steps[1].endswith("task    Reply with 'OK'")
    assert steps[-1].endswith("done    OK")
    assert remains(outrider) == []


def test_json_has_result_evidence_and_screenshot(outrider: Outrider, pages: Pages, tmp_path: Path) -> None:
    picture = tmp_path / "page.jpg"

    done = outrider(
        "run", "Report the price as JSON", "--start-url", f"{pages.url}/", "--json", "--screenshot", picture
    )

    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["status"] == "finished"
    assert shown["result"] == {"price": "3 EUR"}
    assert shown["evidence"][0]["url"] == f"{pages.url}/"
    assert shown["steps"] >= 1
    assert shown["error"] is None
    assert picture.read_bytes().startswith(b"\xff\xd8")


def test_an_answer_fits_the_schema_that_was_given(outrider: Outrider, pages: Pages, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    properties = {"price": {"type": "number"}}
    schema.write_text(json.dumps({"type": "object", "properties": properties, "required": ["price"]}))

    done = outrider("run", "Report the price", "--start-url", f"{pages.url}/", "--output-schema", schema)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"price": 3}


def test_a_failed_task_ends_with_its_code(outrider: Outrider) -> None:
    done = outrider("run", "Ponder the meaning of tea")

    assert (done.returncode, done.stdout) == (1, "")
    assert "[TASK_NOT_UNDERSTOOD]" in done.stderr
    assert "  fix:   Say it in steps" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_question_that_nobody_can_be_asked_ends_with_a_code_of_its_own(outrider: Outrider) -> None:
    done = outrider("run", "Report the price", "--json")

    assert done.returncode == 4
    shown = json.loads(done.stdout)
    assert (shown["status"], shown["result"]) == ("waiting_for_input", None)
    assert shown["question"]


def test_a_task_that_takes_too_long_is_given_up(outrider: Outrider, pages: Pages) -> None:
    done = outrider("run", "Report the price", "--start-url", f"{pages.url}/slow", "--timeout", "1.5", "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "TASK_TIMEOUT"
    assert remains(outrider) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_cancels_the_task_and_cleans_up(outrider: Outrider, pages: Pages, number: signal.Signals) -> None:
    with outrider.started("run", "Report the price", "--start-url", f"{pages.url}/slow") as process:
        assert pages.asked.wait(SECONDS)
        process.send_signal(number)
        output, errors = process.communicate(timeout=SECONDS)

    assert (process.returncode, output) == (130, "")
    assert errors.endswith("interrupted: the task was cancelled\n")
    assert "Traceback" not in errors
    assert remains(outrider) == []


def test_what_a_killed_command_left_is_removed_by_the_next(outrider: Outrider, pages: Pages) -> None:
    with outrider.started("run", "Report the price", "--start-url", f"{pages.url}/slow") as process:
        assert pages.asked.wait(SECONDS)
        folder = outrider.data_dir / "for-now" / str(process.pid)
        process.kill()

    wait_until(lambda: browser_processes(folder) == [], "the browser's end")
    assert outrider("run", "Reply with 'OK'").returncode == 0
    assert remains(outrider) == []


def test_a_running_server_is_found_by_its_data_folder(outrider: Outrider) -> None:
    with serving(outrider.data_dir) as server:
        done = outrider("run", "Reply with 'OK'", "--keep", "--json")
        assert done.returncode == 0, done.stderr
        session_id = json.loads(done.stdout)["session_id"]
        with server.client() as client:
            assert [session["session_id"] for session in client.get("/v1/sessions").json()] == [session_id]


def test_a_named_server_is_used_and_its_session_ended(outrider: Outrider, elsewhere: ServerProcess) -> None:
    done = outrider("run", "Reply with 'OK'", "--server", elsewhere.url, "--key", elsewhere.key)
    assert (done.returncode, done.stdout) == (0, "OK\n")
    assert f"at {elsewhere.url}" in done.stderr
    with elsewhere.client() as client:
        assert client.get("/v1/sessions").json() == []
    assert not outrider.data_dir.exists()


def test_a_wrong_key_is_a_matter_of_configuration(outrider: Outrider, elsewhere: ServerProcess) -> None:
    done = outrider("run", "Reply with 'OK'", OUTRIDER_SERVER=elsewhere.url, OUTRIDER_KEY="ok_live_wrong")
    assert done.returncode == 2
    assert "[UNAUTHORIZED]" in done.stderr
    assert "  request: " in done.stderr


def test_a_server_that_is_not_there_has_a_code_of_its_own(outrider: Outrider) -> None:
    done = outrider("run", "Reply with 'OK'", "--server", "http://127.0.0.1:1", "--key", "k", "--json")

    assert done.returncode == 3
    shown = json.loads(done.stdout)
    assert (shown["session_id"], shown["error"]["code"]) == (None, "SERVER_UNREACHABLE")


def test_the_kept_key_is_not_sent_to_another_machine(outrider: Outrider) -> None:
    done = outrider("run", "Reply with 'OK'", "--server", "http://192.0.2.1:8470")

    assert done.returncode == 2
    assert "use --key or OUTRIDER_KEY" in done.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        ("{", "it is not JSON"),
        ('{"description": "\\ud800"}', "it is not JSON"),
        ('{"maximum": NaN}', "it is not JSON"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "it is not JSON"),
        ("[]", "a JSON Schema is a JSON object"),
    ],
)
def test_an_unusable_schema_file_is_named(outrider: Outrider, tmp_path: Path, content: str | None, reason: str) -> None:
    schema = tmp_path / "schema.json"
    if content is not None:
        schema.write_text(content)

    done = outrider("run", "Reply with 'OK'", "--output-schema", schema, "--json")

    assert done.returncode == 2
    assert reason in json.loads(done.stdout)["error"]["message"]


def test_a_task_that_is_no_text_is_refused(outrider: Outrider) -> None:
    done = outrider("run", os.fsdecode(b"Reply with '\xff'"))
    assert done.returncode == 2
    assert "[MALFORMED_JSON]" in done.stderr


def test_a_screenshot_that_could_not_be_saved_is_refused_before_the_task(outrider: Outrider, tmp_path: Path) -> None:
    done = outrider("run", "Reply with 'OK'", "--screenshot", tmp_path / "nowhere" / "page.jpg")

    assert done.returncode == 2
    assert "[FILE_UNREADABLE]" in done.stderr
    assert "Session" not in done.stderr


def test_a_session_that_the_key_may_not_end_is_told(outrider: Outrider, elsewhere: ServerProcess) -> None:
    own = {"OUTRIDER_SERVER": elsewhere.url, "OUTRIDER_KEY": elsewhere.key}
    made = json.loads(outrider("keys", "add", "narrow", "--scope", "sessions:write", "--json", **own).stdout)

    done = outrider("run", "Reply with 'OK'", **own | {"OUTRIDER_KEY": made["key"]})

    assert (done.returncode, done.stdout) == (0, "OK\n")
    assert "The session was not ended: The key lacks the scope “sessions:manage”. [SCOPE_MISSING]" in done.stderr
    session_id = done.stderr.split()[1]
    assert outrider("sessions", "delete", session_id, **own).returncode == 0
