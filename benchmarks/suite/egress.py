"""What the way out costs: the same pages in the same browser, directly and through the egress proxy."""

import base64
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.pages.serve import serving
from benchmarks.plan import Plan, figures
from benchmarks.sides.devtools import BarePage, bare_page
from outrider.browsers.command import way_out
from outrider.config import Settings
from outrider.screening.egress import Egress

__all__ = ["run"]

_RESOURCES: Final = 30
_RESOURCE_BYTES: Final = 20_000
_FILE_BYTES: Final = 10_000_000
_LOADED: Final = "document.images.length === {} && [...document.images].every(image => image.naturalWidth)"
#: One pixel; what follows its end is ignored.
_PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_FETCH: Final = "fetch('file.bin', {cache: 'no-store'}).then(got => got.arrayBuffer()).then(all => all.byteLength)"


async def run(plan: Plan) -> list[Figure]:
    """The proxy runs in this event loop, as it does in the server's; that everything arrived is checked each time."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving({"site": _site(plan.folder("site"))}))
        proxy = Egress.of(Settings(egress_allow=["localhost"])).proxy()
        await proxy.start()
        stack.push_async_callback(proxy.close)
        pages = {
            "direct": await stack.enter_async_context(bare_page(plan.binary, plan.folder("bare"))),
            "through egress": await stack.enter_async_context(
                bare_page(plan.binary, plan.folder("bare"), way_out(proxy.port))
            ),
        }
        for page in pages.values():
            await page.call("Network.enable")
            await page.call("Network.setCacheDisabled", cacheDisabled=True)
        rounds = plan.rounds(30, 8)
        loads = {name: _load(page, f"{url}/site/index.html") for name, page in pages.items()}
        found = figures("egress", f"{_RESOURCES} resources", await interleave(loads, rounds=rounds, warmup=3))
        transfers = {name: _transfer(page) for name, page in pages.items()}
        found += figures("egress", "file of 10 MB", await interleave(transfers, rounds=rounds, warmup=3))
        assert proxy.bytes_received > rounds * (_FILE_BYTES + _RESOURCES * _RESOURCE_BYTES)
        return found


def _site(folder: Path) -> Path:
    """A page with thirty pictures, and a file."""
    pictures = "".join(f'<img src="{number}.png">' for number in range(_RESOURCES))
    (folder / "index.html").write_text(f"<!doctype html><title>Pictures</title>{pictures}")
    for number in range(_RESOURCES):
        (folder / f"{number}.png").write_bytes(_PIXEL + bytes(_RESOURCE_BYTES))
    (folder / "file.bin").write_bytes(bytes(_FILE_BYTES))
    return folder


def _load(page: BarePage, url: str) -> Sample:
    async def sample() -> float:
        with stopwatch() as took:
            await page.goto(url)
        assert await page.evaluate(_LOADED.format(_RESOURCES)), "a picture is missing"
        return took.milliseconds

    return sample


def _transfer(page: BarePage) -> Sample:
    async def sample() -> float:
        with stopwatch() as took:
            answer = await page.call("Runtime.evaluate", expression=_FETCH, awaitPromise=True)
        assert answer["result"]["value"] == _FILE_BYTES
        return took.milliseconds

    return sample
