"""The data folder belongs to one server at a time; its lock file says which one, and where that listens."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from outrider.config import Settings
from outrider.problems import OutriderError

__all__ = ["FolderLock", "held_folder", "is_alive", "running_server"]

_LOCK_FILE: Final = "server.lock"


class FolderLock:
    """The lock on a data folder, held for as long as the process lives or until ``held_folder`` ends."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def announce(self, url: str) -> None:
        """Say in the lock file where the holder listens; empty while it does not yet."""
        self._write(json.dumps({"pid": os.getpid(), "url": url}))

    def clear(self) -> None:
        """Nobody holds the folder any more."""
        self._write("")

    def _write(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()


@contextmanager
def held_folder(folder: Path) -> Iterator[FolderLock]:
    """Hold the folder, creating it if need be (mode 0700).

    Raises DATA_FOLDER_IN_USE when another process holds it, DATA_FOLDER_UNUSABLE when it can't be used.
    """
    with _opened(folder) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(file)
            raise OutriderError(
                "DATA_FOLDER_IN_USE",
                folder=str(folder),
                pid=holder.get("pid", "unknown"),
                url=holder.get("url") or "its address",
            ) from None
        lock = FolderLock(file)
        lock.announce("")
        try:
            yield lock
        finally:
            lock.clear()


def running_server(settings: Settings) -> str | None:
    """The URL of the server that holds the data folder; None when there is none, or it does not listen yet."""
    try:
        file = (settings.data_dir / _LOCK_FILE).open(encoding="utf-8")
    except OSError:
        return None
    with file:
        holder = _holder(file)
    url = holder.get("url")
    return str(url) if url and is_alive(holder.get("pid")) else None


def _opened(folder: Path) -> IO[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OutriderError("DATA_FOLDER_UNUSABLE", folder=folder, reason=f"{error.strerror}.") from error
    return os.fdopen(descriptor, "r+", encoding="utf-8")


def _holder(file: IO[str]) -> dict[str, Any]:
    try:
        holder = json.load(file)
    except ValueError:  # empty, or being written
        return {}
    return holder if isinstance(holder, dict) else {}


def is_alive(pid: object) -> bool:
    """Whether the process still runs; one that was killed leaves in the data folder what bears its number."""
    try:
        os.kill(int(str(pid)), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
