"""The addresses of the pages to observe: those of the packages and of the demo shop, opened for as long as needed."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from demo.shopkeeper import open_shop

from benchmarks.pages.corpus import CORPUS, PACKAGES, QUICK
from benchmarks.pages.fetch import FetchError, fetch
from benchmarks.pages.serve import serving
from benchmarks.plan import Plan

__all__ = ["open_pages"]

#: Pages of the demo shop (django-oscar).
_SHOP_PAGES: Final = {"shop catalogue": "/catalogue/"}


@asynccontextmanager
async def open_pages(plan: Plan) -> AsyncIterator[dict[str, str]]:
    """Address by name, smallest packages first; what can't be had is noted in the plan."""
    async with AsyncExitStack() as stack:
        folders = await asyncio.to_thread(_folders, plan)
        base = await stack.enter_async_context(serving(folders))
        shop = await _shop(plan, stack)
        packages = {
            page.name: f"{base}/{page.package}/{path}"
            for page in CORPUS
            if (not plan.quick or page.name in QUICK) and (path := _path(folders.get(page.package), page.path))
        }
        yield shop | packages | plan.pages


def _folders(plan: Plan) -> dict[str, Path]:
    folders = {}
    for package in PACKAGES:
        try:
            folders[package.name] = fetch(package, plan.cache)
        except FetchError as error:
            plan.note(f"left out: the pages of {package.requirement} ({package.registry}): {error}")
    return folders


def _path(folder: Path | None, pattern: str) -> str:
    """Path of the page within its package; "" when the package could not be had or has no such page."""
    found = None if folder is None else next(folder.glob(pattern), None)
    return "" if folder is None or found is None else str(found.relative_to(folder))


async def _shop(plan: Plan, stack: AsyncExitStack) -> dict[str, str]:
    try:
        shop = await stack.enter_async_context(open_shop())
    except (subprocess.CalledProcessError, RuntimeError, TimeoutError) as error:
        plan.note(f"left out: the pages of the demo shop: {error}")
        return {}
    return {name: f"{shop.url}{path}" for name, path in _SHOP_PAGES.items()}
