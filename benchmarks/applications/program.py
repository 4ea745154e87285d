"""Starts the server of an application in an environment of its own, and ends it."""

import asyncio
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.applications.environment import INSIDE, python_of

__all__ = ["running"]

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 5.0


@asynccontextmanager
async def running(name: str, folder: Path) -> AsyncIterator[str]:
    """The address of a freshly seeded application, whose data lie in ``folder``. Raises RuntimeError, TimeoutError."""
    python = await asyncio.to_thread(python_of, name)
    errors = folder / "errors"
    with errors.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            python, INSIDE / name / "serve.py", folder, stdin=PIPE, stdout=PIPE, stderr=log
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_SECONDS):
            found = re.search(r"http://\S+(?=/)", (await process.stdout.readline()).decode())
        if found is None:
            raise RuntimeError(f"{name} did not start: {errors.read_text()[-500:]}")
        yield found[0]
    finally:
        process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
