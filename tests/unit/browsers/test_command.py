from pathlib import Path

import pytest

from outrider.browsers.command import arguments, environment, find_binary
from outrider.config import Settings
from outrider.problems import OutriderError


def executable(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_chosen_binary_is_taken_as_it_is(tmp_path: Path) -> None:
    binary = executable(tmp_path / "chromium")
    assert find_binary(binary) == binary


def test_the_headless_shell_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("outrider.browsers.command._DEBIAN_FOLDER", tmp_path / "none")
    chrome = executable(tmp_path / "google-chrome")
    assert find_binary(None) == chrome
    shell = executable(tmp_path / "chromium-headless-shell")
    assert find_binary(None) == shell


def test_without_a_browser_the_candidates_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutriderError, match="No Chromium") as caught:
        find_binary(None)
    assert "chromium-headless-shell" in caught.value.cause


def test_the_sandbox_is_left_out_for_root_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for user, left_out in ((0, True), (1000, False)):
        monkeypatch.setattr("os.geteuid", lambda user=user: user)
        assert ("--no-sandbox" in arguments(Path("b"), Path("p"), 1, Settings())) is left_out


def test_nothing_of_the_servers_environment_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTRIDER_SECRET", "hunter2")
    assert set(environment(Path("/p"))) == {"HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "PATH", "LANG"}
    assert "hunter2" not in environment(Path("/p")).values()
