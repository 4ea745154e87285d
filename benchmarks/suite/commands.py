"""What a process of the command line takes before it does anything: time of the processor, not of the clock."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure, Sample, interleave
from benchmarks.plan import Plan, figures
from benchmarks.sides.processes import processor_milliseconds
from benchmarks.sides.server import Server

__all__ = ["run"]

_OUTRIDER: Final = Path(sys.executable).with_name("outrider")


async def run(plan: Plan) -> list[Figure]:
    """The bare interpreter, commands until they have ended, and a server until it answers."""
    folder = plan.folder("commands")
    async with Server.start(plan, 0, folder):
        candidates: dict[str, Sample] = {
            "python": lambda: _spent(sys.executable, "-c", "pass"),
            "outrider --help": lambda: _spent(_OUTRIDER, "--help"),
            "outrider sessions list": lambda: _spent(_OUTRIDER, "sessions", "list", "--data-dir", folder),
            "outrider serve": lambda: _spent_until_ready(plan),
        }
        return figures("commands", "", await interleave(candidates, rounds=plan.rounds(10, 3)))


async def _spent(*command: str | Path) -> float:
    return await asyncio.to_thread(_processor_time, command)


def _processor_time(command: Sequence[str | Path]) -> float:
    """Milliseconds that a command took until it had ended, which it has to do well."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return (usage.ru_utime + usage.ru_stime) * 1000


async def _spent_until_ready(plan: Plan) -> float:
    async with Server.start(plan, 0) as server:
        return processor_milliseconds(server.pid)
