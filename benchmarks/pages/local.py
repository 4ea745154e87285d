"""The form that actions, sessions and memory are measured on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.pages.serve import serving

__all__ = ["serving_form"]

_FOLDER: Final = Path(__file__).parent / "local"


@asynccontextmanager
async def serving_form() -> AsyncIterator[str]:
    """Serve the form; gives its address."""
    async with serving({"local": _FOLDER}) as base:
        yield f"{base}/local/form.html"
