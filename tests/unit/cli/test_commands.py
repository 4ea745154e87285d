"""Commands that need no server, and wrong usage of the others."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from outrider import __version__
from outrider.cli.main import main
from outrider.problems import CATALOGUE


@pytest.fixture
def outrider(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Outrider":
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    return Outrider(monkeypatch, capsys)


class Outrider:
    """The command as a process would run it: exit code, standard output, standard error."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: str) -> tuple[object, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["outrider", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = self.capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err


def test_commands_are_there_without_the_parts_of_a_server() -> None:
    """Most commands only talk to one, and take a fifth of the processor time then."""
    code = "import sys, outrider.cli.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "outrider.cli.vault" in loaded.split()
    assert {"fastapi", "sqlalchemy", "structlog", "uvicorn", "outrider.agents"}.isdisjoint(loaded.split())


def test_version(outrider: Outrider) -> None:
    assert outrider("--version") == (0, f"outrider {__version__}\n", "")


@pytest.mark.parametrize(
    "command",
    ["", "run", "replay", "serve", "sessions", "keys", "keys add", "keys enable", "orgs", "credits", "errors"],
)
def test_help_teaches_by_example(outrider: Outrider, command: str) -> None:
    code, shown, _ = outrider(*command.split(), "--help")
    assert code == 0
    assert f"outrider {command}".strip() in shown.replace("Usage: outrider", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("run",),
        ("run", " "),
        ("run", "x", "--timeout", "soon"),
        ("replay",),
        ("replay", "x.yaml", "--set", "x"),
        ("sessions", "delete"),
        ("serve", "--port", "x"),
    ],
)
def test_wrong_usage_has_a_code_of_its_own(outrider: Outrider, arguments: tuple[str, ...]) -> None:
    assert outrider(*arguments)[0] == 2


@pytest.mark.parametrize("command", [("sessions", "list"), ("serve",), ("run", "x")])
def test_a_wrong_setting_is_named(
    outrider: Outrider, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OUTRIDER_PORT", "many")
    code, _, complaint = outrider(*command)
    assert code == 2
    assert "[CONFIG_INVALID]" in complaint
    assert "port" in complaint


def test_errors_lists_the_catalogue(outrider: Outrider) -> None:
    assert {line.split()[0] for line in outrider("errors")[1].splitlines()} == set(CATALOGUE)
    assert len(json.loads(outrider("errors", "--json")[1])) == len(CATALOGUE)


def test_errors_explains_a_row(outrider: Outrider) -> None:
    assert outrider("errors", "no_history")[1].startswith("NO_HISTORY (HTTP 409)\n  There is no page to go back to.")
    assert json.loads(outrider("errors", "NO_HISTORY", "--json")[1]) == CATALOGUE["NO_HISTORY"].describe()


def test_an_unknown_code_is_told(outrider: Outrider) -> None:
    code, _, complaint = outrider("errors", "NO_SUCH")
    assert code == 2
    assert "[ERROR_CODE_UNKNOWN]" in complaint


@pytest.mark.parametrize(
    ("content", "code"), [(None, "FILE_UNREADABLE"), (b"\xe4", "FILE_UNREADABLE"), (b"hello", "SCRIPT_INVALID")]
)
def test_a_file_that_is_no_script(outrider: Outrider, tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "task.yaml"
    if content is not None:
        file.write_bytes(content)
    failed, _, said = outrider("replay", str(file))
    assert (failed, f"[{code}]" in said) == (2, True), said
