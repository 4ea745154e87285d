"""What one run of the benchmarks is to do, and what it has to say besides figures."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure, Series

__all__ = ["CACHE", "Plan", "figures"]

#: Where downloaded packages are kept, unless told otherwise.
CACHE: Final = Path("~/.cache/outrider/benchmarks").expanduser()


@dataclass(slots=True)
class Plan:
    """Handed to every benchmark: the browser, the folders, how much to measure."""

    binary: Path
    #: Downloaded packages; kept between runs.
    cache: Path
    #: Profiles and databases; removed at the end of the run.
    work: Path
    quick: bool = False
    #: Pages given on the command line, address by name.
    pages: dict[str, str] = field(default_factory=dict)
    #: What was left out, and why.
    notes: list[str] = field(default_factory=list)

    def rounds(self, full: int, quick: int) -> int:
        """How many samples to take of each candidate."""
        return quick if self.quick else full

    def note(self, text: str) -> None:
        """Say that something was left out."""
        self.notes.append(text)
        self.progress(f"note: {text}")

    def progress(self, text: str) -> None:
        """Tell the terminal what is going on."""
        print(f"  {text}", file=sys.stderr, flush=True)

    def folder(self, name: str) -> Path:
        """A fresh folder below ``work``."""
        number = sum(1 for _ in self.work.glob(f"{name}-*"))
        path = self.work / f"{name}-{number}"
        path.mkdir(mode=0o700)
        return path


def figures(
    benchmark: str, case: str, series: dict[str, Series], *, unit: str = "ms", remarks: dict[str, str] | None = None
) -> list[Figure]:
    """Figures of one case, in the order of its candidates."""
    return [
        Figure(benchmark, case, name, values, unit, (remarks or {}).get(name, "")) for name, values in series.items()
    ]
