"""Whether the server is alive, and whether it can work."""

import asyncio
from typing import Final

from fastapi import APIRouter

from outrider import __version__
from outrider.api.dependencies import Check, Wiring
from outrider.api.errors import documented
from outrider.problems import OutriderError

__all__ = ["router"]

_CHECK_SECONDS: Final = 5.0

router = APIRouter(tags=["health"])


@router.get("/healthz", responses=documented())
async def healthz() -> dict[str, str]:
    """The process is alive and answers. Needs no key."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz", responses=documented("NOT_READY"))
async def readyz(wiring: Wiring) -> dict[str, str | dict[str, str]]:
    """The server can take sessions: database, browser and engine work. Needs no key."""
    results = await asyncio.gather(*map(_outcome, wiring.checks.values()))
    outcomes = dict(zip(wiring.checks, results, strict=True))
    faults = "; ".join(f"{name}: {result}" for name, result in outcomes.items() if result != "ok")
    if faults:
        raise OutriderError("NOT_READY", reasons=faults, checks=outcomes)
    return {"status": "ready", "checks": outcomes}


async def _outcome(check: Check) -> str:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except OutriderError as problem:
        return f"{problem.message} [{problem.code}]"
    except TimeoutError:
        return f"no answer within {_CHECK_SECONDS} s"
    return "ok"
