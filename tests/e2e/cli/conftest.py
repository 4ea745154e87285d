"""``outrider`` as a process with a data folder of its own, and local pages for it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.api.conftest import pages
from tests.e2e.api.serving import COMMAND, SECONDS

__all__ = ["pages"]


@dataclass(frozen=True)
class Outrider:
    """The command, in an environment without settings of the machine's own."""

    data_dir: Path

    def environment(self, **settings: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("OUTRIDER_")}
        return inherited | {"OUTRIDER_DATA_DIR": str(self.data_dir)} | settings

    def __call__(self, *arguments: object, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run it to its end."""
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            env=self.environment(**settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=3 * SECONDS,
            check=False,
        )

    @contextmanager
    def started(self, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
        """It while it runs; ended afterwards if it has not ended by itself."""
        process = subprocess.Popen(
            [COMMAND, *map(str, arguments)],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)


@pytest.fixture
def outrider(tmp_path: Path) -> Outrider:
    return Outrider(tmp_path / "data")
