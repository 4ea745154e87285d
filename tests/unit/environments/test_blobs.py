"""Files of snapshots: whole or not there."""

import stat
from pathlib import Path

import pytest

from outrider.environments.blobs import FolderBlobs


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "snapshots")
    with blobs.writing("one") as file:
        file.write(b"state")
        assert list(blobs.names()) == ["one.draft"]

    with blobs.reading("one") as file:
        assert file.read() == b"state"
    assert (list(blobs.names()), blobs.size("one")) == (["one"], 5)
    assert stat.S_IMODE((tmp_path / "snapshots" / "one").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "snapshots").stat().st_mode) == 0o700


def test_nothing_is_left_of_a_file_that_failed(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    with pytest.raises(RuntimeError), blobs.writing("one") as file:
        file.write(b"half")
        raise RuntimeError

    assert list(blobs.names()) == []
    with pytest.raises(FileNotFoundError), blobs.reading("one"):
        pass


def test_removing_is_idempotent(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "nowhere")
    blobs.remove("one")
    assert list(blobs.names()) == []


def test_folders_are_no_snapshots(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()

    assert list(FolderBlobs(tmp_path).names()) == []
