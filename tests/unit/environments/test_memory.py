"""What is left of a machine's memory, and of a container's."""

from pathlib import Path

import pytest

from outrider.environments.memory import MemoryReserve, available_memory
from outrider.problems import OutriderError

MACHINE = 8 * 1024 * 1000


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "meminfo").write_text("MemTotal: 16000 kB\nMemFree: 1 kB\nMemAvailable:    8000 kB\n")
    return tmp_path


def cgroup(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({}, MACHINE),
        ({"memory.max": "max\n", "memory.current": "5000\n"}, MACHINE),
        ({"memory.max": "9000\n", "memory.current": "5000\n"}, 4000),
        ({"memory.max": "9000", "memory.current": "5000", "memory.stat": "anon 1\ninactive_file 700\n"}, 4700),
        ({"memory.max": "9000", "memory.current": "9500"}, 0),
        (
            {
                "memory/memory.limit_in_bytes": "9000",
                "memory/memory.usage_in_bytes": "8000",
                "memory/memory.stat": "total_inactive_file 500",
            },
            1500,
        ),
        ({"memory/memory.limit_in_bytes": "9223372036854771712", "memory/memory.usage_in_bytes": "8000"}, MACHINE),
    ],
)
def test_the_smaller_of_both_is_left(proc: Path, tmp_path: Path, files: dict[str, str], left: int) -> None:
    assert available_memory(proc, cgroup(tmp_path / "cgroups", files)) == left


@pytest.mark.parametrize(("reserve", "left", "short"), [(1000, 999, True), (1000, 1000, False), (0, 0, False)])
def test_a_reserve_is_kept(reserve: int, left: int, short: bool) -> None:
    kept = MemoryReserve(reserve, lambda: left)
    assert kept.is_short is short
    if short:
        with pytest.raises(OutriderError) as raised:
            kept.check()
        assert (raised.value.code, raised.value.retry_after_seconds) == ("MEMORY_LIMIT_REACHED", 10)
        assert raised.value.facts == {"limit": reserve, "current": left}
    else:
        kept.check()


def test_this_machine_has_some() -> None:
    assert available_memory() > 2**20
