"""Calls to a session's owner: a question in memory, answered once."""

import asyncio
from collections.abc import Mapping
from typing import Any

__all__ = ["EmbeddedCall"]


class EmbeddedCall:
    """``interfaces.sessions.Call`` within one process."""

    def __init__(self, name: str, arguments: Mapping[str, Any]) -> None:
        self.name = name
        self.arguments = arguments
        self._outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    @property
    def open(self) -> bool:
        """Somebody still waits for the answer."""
        return not self._outcome.done()

    def answer(self, result: Any) -> None:
        """Hand the result to the caller; ignored when the caller has gone."""
        if self.open:
            self._outcome.set_result(result)

    def fail(self, error: Exception) -> None:
        """Hand a failure to the caller; ignored when the caller has gone."""
        if self.open:
            self._outcome.set_exception(error)

    async def outcome(self) -> Any:
        """Wait for the answer; raises what the owner failed with. Cancelling this closes the call."""
        return await self._outcome
