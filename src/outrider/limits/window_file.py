"""Windows that outlive a restart: written every few seconds, and at the end.

Without it, stopping and starting the server would give everybody a whole fresh window and end every block. What was
counted in the seconds before a crash is lost. The file is small (about ten bytes for a request of the last minute), and
its writing does not hold up requests.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from outrider.limits.windows import Kept, RollingWindows
from outrider.telemetry import get_logger, report_failure

__all__ = ["kept_in"]

#: Between two writings.
SECONDS: Final = 5.0

log = get_logger(__name__)


class _Saved(msgspec.Struct):
    #: Unix seconds.
    at: float
    kept: Kept


@asynccontextmanager
async def kept_in(
    file: Path, windows: RollingWindows, *, wall: Callable[[], float] = time.time, seconds: float = SECONDS
) -> AsyncIterator[None]:
    """Restore the windows, then write them down for as long as the block runs, and when it ends."""
    saved = await asyncio.to_thread(_read, file)
    if saved is not None:
        windows.restore(saved.kept, max(0.0, wall() - saved.at))
    end = asyncio.Event()
    writing = asyncio.create_task(_write_often(file, windows, wall, seconds, end), name="windows")
    writing.add_done_callback(report_failure)
    try:
        yield
    finally:
        end.set()
        await asyncio.gather(writing, return_exceptions=True)


async def _write_often(
    file: Path, windows: RollingWindows, wall: Callable[[], float], seconds: float, end: asyncio.Event
) -> None:
    """By one task that is not cut off: the thread of a writing could not be, and two would write into each other."""
    before, is_last = Kept(), False
    while not is_last:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await end.wait()
        kept, is_last = windows.keep(), end.is_set()
        if kept.slots or kept.refusals or before.slots or is_last:
            await asyncio.to_thread(_write, file, _Saved(wall(), kept))
        before = kept


def _read(file: Path) -> _Saved | None:
    """What was written; None without it, or if it is damaged: limits then begin anew, which is no reason not to."""
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=_Saved)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("what was kept of rate limits can't be read", reason=type(error).__name__)
        return None


def _write(file: Path, saved: _Saved) -> None:
    """In place of the one before, or not at all."""
    beside = file.with_suffix(".new")
    try:
        beside.write_bytes(msgspec.msgpack.encode(saved))
        beside.replace(file)
    except OSError as error:
        log.warning("rate limits can't be written down", reason=error.strerror)
