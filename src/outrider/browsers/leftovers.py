"""What an earlier server left behind: processes and folders of browsers that nobody owns any more."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def sweep(folder: Path) -> int:
    """End every process that works below ``folder``, then empty it. Hands back how many groups were ended.

    To be called before the first browser is started, by the one server that owns the folder.
    """
    groups = {group for pid in _processes_below(folder) if (group := _group_of(pid)) not in (None, os.getpgrp())}
    for group in groups:
        _kill(group)
    if folder.is_dir():
        for leftover in folder.iterdir():
            remove(leftover)
    return len(groups)


def remove(path: Path, attempts: int = 5) -> None:
    """Delete a folder. A dying process may still write into it, hence the attempts; the next sweep takes the rest."""
    for _ in range(attempts):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return


def _processes_below(folder: Path) -> Iterator[int]:
    """Processes with an argument that names a path below ``folder`` (``--user-data-dir=…``)."""
    needle = f"{folder}{os.sep}".encode()
    for entry in _PROC.iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:  # ended meanwhile, or not ours to see
                continue
            if any(argument.startswith(b"--") and needle in argument for argument in line.split(b"\0")):
                yield int(entry.name)


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _kill(group: int | None) -> None:
    if group is not None:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
