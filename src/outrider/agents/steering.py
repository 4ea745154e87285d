"""How the user reaches into a running task: pause, resume, an answer, an addition."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Steering", "UserText"]


@dataclass(frozen=True, slots=True)
class UserText:
    """What the user sent while a task was under way."""

    text: str
    start_url: str = ""
    #: As ``Policy.check`` gives it.
    screening: Mapping[str, Any] = field(default_factory=dict)


class Steering:
    """Written by the session's owner, read by the task's loop; both on one event loop."""

    def __init__(self) -> None:
        self._running = asyncio.Event()
        self._running.set()
        self._texts: asyncio.Queue[UserText] = asyncio.Queue()
        self._inbox_read = asyncio.Event()

    @property
    def paused(self) -> bool:
        """The task is to hold before its next action."""
        return not self._running.is_set()

    def pause(self) -> None:
        """Hold the task before its next action."""
        self._running.clear()

    def resume(self) -> None:
        """Let the task go on."""
        self._running.set()

    def say(self, text: UserText) -> None:
        """Hand over an answer or an addition."""
        self._texts.put_nowait(text)

    def inbox_read(self) -> None:
        """An inbox command was handled and consumed."""
        self._inbox_read.set()

    async def unpaused(self) -> None:
        """Wait until the task may act."""
        await self._running.wait()

    async def answer(self) -> UserText:
        """Wait for what the user says next. Bounded by the session's idle timeout, which ends the session."""
        return await self._texts.get()

    @property
    def has_texts(self) -> bool:
        """The user said something that the task has not taken in."""
        return not self._texts.empty()

    def take_updates(self) -> tuple[UserText, ...]:
        """What the user said unasked, oldest first."""
        self._inbox_read.clear()
        return tuple(self._texts.get_nowait() for _ in range(self._texts.qsize()))

    async def next_inbox_read(self) -> None:
        """Wait until a command was consumed after the last ``take_updates``."""
        await self._inbox_read.wait()
