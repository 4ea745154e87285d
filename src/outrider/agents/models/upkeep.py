"""A local model that is there when it is asked: its process is started anew when it has ended, but not for ever."""

import asyncio
import math
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings as RequestSettings

from outrider.agents.models.local import LocalProcess, local_server
from outrider.config import ModelSettings
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

if TYPE_CHECKING:  # takes a second to load
    from pydantic_ai.models.openai import OpenAIChatModel

__all__ = ["LocalConnection", "Upkeep", "kept"]

#: What ends more often does so for a reason that stays, and each start reads gigabytes.
_STARTS: Final = 3
_WINDOW_SECONDS: Final = 300.0
_KEY_BYTES: Final = 24

log = get_logger(__name__)


class Upkeep:
    """The process of one local model. Made by ``kept``, which ends it."""

    def __init__(self, name: str, settings: ModelSettings) -> None:
        self._name = name
        self._settings = settings
        #: Of the API; each process of the model is given it.
        self._key = secrets.token_urlsafe(_KEY_BYTES)
        #: When the last ones were started.
        self._starts: deque[float] = deque(maxlen=_STARTS)
        self._current: asyncio.Task[LocalProcess] | None = None
        #: Closes the current process.
        self._stack = AsyncExitStack()

    async def process(self) -> LocalProcess:
        """One that runs, started if there is none. Raises DEPENDENCY_MISSING, MODEL_START_FAILED, MODEL_KEEPS_ENDING.

        A start goes on when its caller has no more time for it: the next one finds the model ready.
        """
        if self._current is not None and (reason := _end_of(self._current)):
            log.warning("a local model has ended", model=self._name, reason=reason)
            self._check_starts(reason)
            self._current = None
        if self._current is None:
            self._starts.append(time.monotonic())
            self._current = asyncio.create_task(self._start())
        return await asyncio.shield(self._current)

    async def close(self) -> None:
        """End the process, or its start."""
        async with self._stack:
            if self._current is not None:
                self._current.cancel()
                await asyncio.wait({self._current})

    async def _start(self) -> LocalProcess:
        await self._stack.aclose()
        return await self._stack.enter_async_context(local_server(self._name, self._settings, self._key))

    def _check_starts(self, reason: str) -> None:
        """Raises MODEL_KEEPS_ENDING when it was started too often already."""
        if len(self._starts) == _STARTS and (wait := self._starts[0] + _WINDOW_SECONDS - time.monotonic()) > 0:
            raise OutriderError(
                "MODEL_KEEPS_ENDING",
                model=self._name,
                times=_STARTS,
                seconds=round(_WINDOW_SECONDS),
                reason=reason,
                retry_after_seconds=math.ceil(wait),
            )


def _end_of(start: "asyncio.Task[LocalProcess]") -> str:
    """Why there is no process; "" while there is one, or may yet be. Raises SERVER_STOPPING after ``Upkeep.close``."""
    if not start.done():
        return ""
    if start.cancelled():
        raise OutriderError("SERVER_STOPPING")
    error = start.exception()
    if error is None:
        return start.result().end
    return str(error.facts.get("reason", error.message)) if isinstance(error, OutriderError) else type(error).__name__


@asynccontextmanager
async def kept(name: str, settings: ModelSettings) -> AsyncIterator[Upkeep]:
    """The upkeep of a local model, until the block ends."""
    upkeep = Upkeep(name, settings)
    try:
        yield upkeep
    finally:
        await upkeep.close()


class LocalConnection(WrapperModel):
    """The connection to whichever process serves a local model at the time."""

    def __init__(self, upkeep: Upkeep, connection: "OpenAIChatModel") -> None:
        super().__init__(connection)
        self._upkeep = upkeep
        self._client = connection.client

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: RequestSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Ask it. Raises what the process and the library raise."""
        process = await self._upkeep.process()
        self._client.base_url = process.address.url
        return await super().request(messages, model_settings, model_request_parameters)
