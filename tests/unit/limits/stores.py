"""A real Redis for tests, which listens on a socket in a folder and keeps nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

__all__ = ["running_redis"]

#: Also where ``scripts/setup --tests`` puts it.
_PLACES: Final = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
REDIS: Final = shutil.which("redis-server", path=_PLACES)


@contextmanager
def running_redis(folder: Path) -> Iterator[Path]:
    """Its socket, for as long as the block runs."""
    if REDIS is None:
        pytest.skip("there is no redis-server")
    socket = folder / "redis.sock"
    arguments = ("--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", "", "--appendonly", "no")
    process = subprocess.Popen([REDIS, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert any("ready to accept" in line.lower() for line in process.stdout)
        yield socket
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
