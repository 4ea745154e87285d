"""The Python documentation, with its search in the browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.applications.application import Application
from benchmarks.pages.corpus import PACKAGES
from benchmarks.pages.fetch import fetch
from benchmarks.pages.serve import serving

__all__ = ["open_docs"]

_CACHE: Final = Path("~/.cache/outrider/benchmarks")


@asynccontextmanager
async def open_docs() -> AsyncIterator[Application]:
    """The documentation, which nobody can write to. Raises FetchError."""
    package = next(package for package in PACKAGES if package.name == "pydoc")
    folder = await asyncio.to_thread(fetch, package, _CACHE.expanduser())
    pages = next(folder.glob("usr/share/doc/python3*/html"))
    async with serving({"docs": pages}) as base:
        yield Application("docs", f"{base}/docs", dict)
