"""How much memory is left: of the machine, and of the container that the server runs in."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from outrider.problems import OutriderError

__all__ = ["MemoryReserve", "available_memory"]

_PROC: Final = Path("/proc")
_CGROUPS: Final = Path("/sys/fs/cgroup")

#: Limit, use and statistics of a container's memory, and the pages of files among them that can be dropped at once:
#: control groups of version 2, then of version 1.
_ACCOUNTS: Final = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"),
)


def available_memory(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> int:
    """Bytes that processes can still get without swapping: what the kernel estimates, or less in a container."""
    machine = _field(proc / "meminfo", "MemAvailable:") * 1024
    return max(0, min([machine, *(_left(cgroups, *names) for names in _ACCOUNTS)]))


class MemoryReserve:
    """``reserve_bytes`` that no further browser is to take; 0 keeps none."""

    def __init__(self, reserve_bytes: int, available: Callable[[], int] = available_memory) -> None:
        self._reserve_bytes = reserve_bytes
        self._available = available

    @property
    def is_short(self) -> bool:
        """A further browser would take of it."""
        return bool(self._reserve_bytes) and self._available() < self._reserve_bytes

    def check(self) -> None:
        """Raises MEMORY_LIMIT_REACHED."""
        if self.is_short:
            raise OutriderError("MEMORY_LIMIT_REACHED", limit=self._reserve_bytes, current=self._available())


def _left(folder: Path, limit: str, usage: str, statistics: str, droppable: str) -> int:
    """What a control group leaves; more than any machine has when it sets no limit."""
    try:
        most, used = (folder / limit).read_text().strip(), int((folder / usage).read_text())
    except OSError:
        return 2**63
    return int(most) - used + _field(folder / statistics, droppable) if most.isdecimal() else 2**63


def _field(file: Path, name: str) -> int:
    """The number after a name at the beginning of a line; 0 when there is none."""
    try:
        lines = (line.split() for line in file.read_text().splitlines())
    except OSError:
        return 0
    return next((int(words[1]) for words in lines if words and words[0] == name), 0)
