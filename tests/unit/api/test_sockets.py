"""Work side by side on one connection."""

import asyncio
import gc
from typing import Any

import pytest

from outrider.api.sockets import first_to_end


async def test_the_first_to_end_decides_and_the_others_are_ended() -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def leaves() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await first_to_end(waits(), leaves(), waits())
    assert ended == ["cancelled", "cancelled"]


async def test_no_failure_of_the_others_is_reported_as_missed() -> None:
    missed: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: missed.append(context))

    async def fails() -> None:
        raise LookupError("all at once")

    async def fails_when_ended() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise LookupError("at its end")

    with pytest.raises(LookupError, match="all at once"):
        await first_to_end(fails(), fails(), fails_when_ended())
    gc.collect()
    assert missed == []
