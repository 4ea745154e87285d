"""Process trees, read from /proc: who is there, how busy, how heavy."""

import asyncio
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

__all__ = [
    "count_browsers",
    "descendants",
    "own_kilobytes",
    "processor_milliseconds",
    "proportional_mebibytes",
    "settled",
]

_PROC: Final = Path("/proc")
_QUIET_SECONDS: Final = 0.15
_DEADLINE_SECONDS: Final = 15.0


def descendants(pid: int) -> frozenset[int]:
    """Every process below ``pid``, itself excluded."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return frozenset(found)


def proportional_mebibytes(pids: Iterable[int]) -> float:
    """Sum of the proportional set sizes: a page that n processes share counts as one n-th in each."""
    return sum(map(_proportional_kibibytes, pids)) / 1024


def own_kilobytes(pid: int) -> float:
    """Memory that the process shares with no other, in units of 1000 bytes."""
    rows = (line.split() for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines())
    return sum(int(row[1]) for row in rows if row[0].startswith("Private_")) * 1.024


def processor_milliseconds(pid: int) -> float:
    """Processor time of the process so far, to a clock tick."""
    return _ticks(pid) * 1000 / os.sysconf("SC_CLK_TCK")


async def settled(binary: Path, browsers: int) -> None:
    """Wait until ``browsers`` browser processes live below this one, and all processes below it are at rest.

    Between two samples this lets the last candidate's processes go and warm pools fill up again. Raises TimeoutError.
    """
    async with asyncio.timeout(_DEADLINE_SECONDS):
        quiet_since, last = time.monotonic(), (-1, -1)
        while time.monotonic() - quiet_since < _QUIET_SECONDS or last[0] != browsers:
            await asyncio.sleep(_QUIET_SECONDS / 5)
            tree = descendants(os.getpid())
            now = (count_browsers(binary, tree), sum(map(_ticks, tree)))
            if now != last:
                quiet_since, last = time.monotonic(), now


def count_browsers(binary: Path, pids: Iterable[int]) -> int:
    """How many of the processes are browsers, each counted once."""
    return sum(_is_browser(pid, binary) for pid in pids)


def _is_browser(pid: int, binary: Path) -> bool:
    """The main process of a browser, not one of its renderers and helpers."""
    try:
        same_file = (_PROC / str(pid) / "exe").readlink() == binary
        return same_file and b"--type=" not in (_PROC / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return False


def _ticks(pid: int) -> int:
    """Processor time so far, in clock ticks."""
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/pid/stat`` from the third on: state, parent, …; empty when the process has ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _proportional_kibibytes(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
