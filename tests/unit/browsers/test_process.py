"""How a process that ended is told in words, whoever it was that ended it."""

import asyncio
import shutil

import pytest

from outrider.browsers.process import spawn

SHELL = shutil.which("sh") or "sh"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 3", "exit status 3"),
        ("kill -KILL $$", "signal SIGKILL"),
        ("kill -40 $$", "signal 40"),
        # What runs another program ends with that one's signal, and 128.
        ('sh -c "kill -SEGV \\$\\$"; exit $?', "signal SIGSEGV"),
        ("exit 255", "exit status 255"),
    ],
)
async def test_how_it_ended(script: str, words: str) -> None:
    process, pipe = spawn([SHELL, "-c", script], {})
    with pipe:
        async with asyncio.timeout(10):
            assert await process.ended() == words
