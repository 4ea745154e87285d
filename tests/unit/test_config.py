"""Settings: which source wins, and what a wrong one is told."""

from pathlib import Path

import pytest

from outrider.config import load_settings
from outrider.problems import OutriderError


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OUTRIDER_CONFIG", "OUTRIDER_PORT", "OUTRIDER_HOST", "OUTRIDER_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)


def toml(folder: Path, text: str) -> Path:
    file = folder / "outrider.toml"
    file.write_text(text)
    return file


def test_an_argument_comes_before_the_environment_before_the_file_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = toml(tmp_path, 'port = 1\nmax_steps = 2\nhost = "127.0.0.2"\n')
    monkeypatch.setenv("OUTRIDER_PORT", "3")
    monkeypatch.setenv("OUTRIDER_HOST", "127.0.0.3")

    settings = load_settings(file, host="127.0.0.4", warm_browsers=None)

    assert (settings.host, settings.port, settings.max_steps) == ("127.0.0.4", 3, 2)
    assert settings.warm_browsers == 1


def test_the_data_folder_is_absolute_and_knows_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert load_settings(data_dir=Path("~/data")).data_dir == tmp_path / "data"


@pytest.mark.parametrize(
    ("text", "summary", "source"),
    [
        ("prot = 3", "prot: there is no such setting", "outrider.toml"),
        ("port = 70000", "port: Input should be less than or equal to 65535", "outrider.toml"),
        ("port 3", "Expected '=' after a key", "outrider.toml"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, summary: str, source: str) -> None:
    with pytest.raises(OutriderError) as refused:
        load_settings(toml(tmp_path, text))

    assert refused.value.code == "CONFIG_INVALID"
    assert summary in refused.value.message
    assert source in refused.value.cause


def test_a_wrong_argument_and_a_wrong_variable_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTRIDER_PORT", "s3cret")

    with pytest.raises(OutriderError) as refused:
        load_settings(max_sessions=0)

    assert "“--max-sessions” and “OUTRIDER_PORT”" in refused.value.cause
    assert "s3cret" not in refused.value.as_cli()


def test_a_file_that_is_not_there_is_no_silent_default(tmp_path: Path) -> None:
    with pytest.raises(OutriderError) as refused:
        load_settings(tmp_path / "nothing.toml")

    assert "there is no file" in refused.value.message
