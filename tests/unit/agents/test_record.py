"""The log of a task where a step could not be written: that is told once, and the end is written."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from outrider.agents.record import Recorder
from outrider.agents.secrets import Secrets
from outrider.interfaces.actions import Press
from outrider.interfaces.models import Act, Task
from outrider.interfaces.sessions import Change, Lease, MessageType
from outrider.problems import OutriderError


class Disk:
    """A lease whose disk is full while ``is_full``."""

    def __init__(self) -> None:
        self.session = SimpleNamespace(id="s")
        self.is_full = False
        self.written: list[MessageType] = []

    async def append(self, change: Change) -> tuple[Any, ...]:
        if self.is_full:
            raise OutriderError("STORAGE_FAILED")
        self.written += [entry.type for entry in change.entries]
        return ()


async def test_a_step_that_was_not_written_is_told_by_the_next_entry_and_once() -> None:
    disk = Disk()
    recorder = Recorder(cast("Lease", disk), Task(1, "press Tab"), Secrets())
    pressing = Act(Press("Tab"), "Pressing Tab")
    await recorder.thought(pressing, None)
    disk.is_full = True
    recorder.step(pressing.action, None, None)
    with pytest.raises(OutriderError, match="could not write"):
        await recorder.thought(pressing, None)
    disk.is_full = False
    await recorder.failed(OutriderError("STORAGE_FAILED"))
    assert disk.written == [MessageType.THOUGHT, MessageType.ERROR]
