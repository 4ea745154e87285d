"""A language model on this machine: a process that serves a GGUF file over the OpenAI-compatible API, on loopback.

Needs the extra “local” (llama.cpp by ``xllamacpp``). The process ends with the server, however that ends: it waits for
the end of its standard input. Its API asks for a key that nobody else on the machine has.
"""

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from outrider.config import ModelSettings
from outrider.problems import OutriderError

__all__ = ["LocalAddress", "LocalProcess", "local_server"]

#: To read some gigabytes of a file from a slow disk.
_START_SECONDS: Final = 180.0
_END_SECONDS: Final = 5.0
_PACKAGE: Final = "xllamacpp"
#: What remains of the context for the tokens that four characters each do not account for.
_SPARE_TOKENS: Final = 4_096


@dataclass(frozen=True, slots=True)
class LocalAddress:
    """Where a local model is, and the key to it."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class LocalProcess:
    """The process that serves a local model."""

    address: LocalAddress
    _process: asyncio.subprocess.Process
    #: The last line of its standard error, once that has ended.
    _errors: "asyncio.Task[str]"

    @property
    def pid(self) -> int:
        """Its number on this machine."""
        return self._process.pid

    @property
    def end(self) -> str:
        """Why it has ended, as far as that is known; "" while it runs."""
        status = self._process.returncode
        if status is None:
            return ""
        if status < 0:
            return f"it was ended by signal {-status}"
        said = self._errors.result() if self._errors.done() else ""
        return said or f"it ended with the status {status}"


@asynccontextmanager
async def local_server(name: str, settings: ModelSettings, key: str) -> AsyncIterator[LocalProcess]:
    """Serve the file until the block ends, to who has the key. Raises DEPENDENCY_MISSING, MODEL_START_FAILED."""
    if importlib.util.find_spec(_PACKAGE) is None:
        raise OutriderError("DEPENDENCY_MISSING", feature="A local model", package=_PACKAGE, extra="local")
    context = settings.prompt_tokens + settings.answer_tokens + _SPARE_TOKENS
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "outrider.agents.models.llama",
        str(settings.path), str(context), str(settings.threads),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    given, answered, complained = process.stdin, process.stdout, process.stderr
    if given is None or answered is None or complained is None:
        raise RuntimeError("the process has no pipes")
    errors = asyncio.create_task(_last_words(complained))
    try:
        given.write(f"{key}\n".encode())
        address = LocalAddress(f"{await _listening(name, answered, errors)}/v1", key)
        yield LocalProcess(address, process, errors)
    finally:
        given.close()
        await _end(process)
        await errors


async def _listening(name: str, answered: asyncio.StreamReader, errors: "asyncio.Task[str]") -> str:
    try:
        async with asyncio.timeout(_START_SECONDS):
            line = (await answered.readline()).decode().strip()
            if not line:
                raise OutriderError("MODEL_START_FAILED", model=name, reason=await errors or "it ended")
            return line
    except TimeoutError:
        raise OutriderError("MODEL_START_FAILED", model=name, reason=f"not ready in {_START_SECONDS:.0f} s") from None


async def _last_words(stream: asyncio.StreamReader) -> str:
    last = ""
    while line := await stream.readline():
        last = line.decode("utf-8", "replace").strip() or last
    return last


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
