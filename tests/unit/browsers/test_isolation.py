"""The command line at each level of isolation."""

from pathlib import Path

import pytest

from outrider.browsers.command import arguments
from outrider.browsers.isolation import confined
from outrider.config import Settings
from outrider.problems import OutriderError

FOLDER = Path("/data/browsers/1")
LINE = ["/opt/browser/chrome", "--headless"]


def test_a_process_of_its_own_is_started_as_it_is() -> None:
    assert confined(LINE, FOLDER, Settings()) == LINE


def test_in_namespaces_only_the_own_folder_can_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bwrap"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    line = confined(LINE, FOLDER, Settings(isolation="bubblewrap"))
    assert line[0] == str(program)
    assert line[line.index("--") + 1 :] == LINE
    before = line[: line.index("--")]
    assert [before[at + 1] for at, word in enumerate(before) if word == "--bind"] == [str(FOLDER)]
    assert "/opt/browser" in before
    assert not {"/", "/etc", "/home", "/var"} & set(before)


def test_without_bubblewrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutriderError) as caught:
        confined(LINE, FOLDER, Settings(isolation="bubblewrap"))
    assert caught.value.code == "ISOLATION_UNAVAILABLE"


def test_chromiums_own_sandbox_is_on_in_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "--no-sandbox" not in arguments(Path("b"), Path("p"), 1, Settings(isolation="bubblewrap"))
