"""From a saved environment to its last page: Outrider from files and out of the parking, the bare browser on a copy.

The page keeps cookies, local storage and a database, and each sample checks that they are there. What the bare browser
starts on is copied before its time runs; Outrider's time has the reading, opening and unpacking of the sealed file.
"""

import shutil
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from benchmarks.measure import Figure, Sample, interleave, stopwatch
from benchmarks.pages.local import serving_form
from benchmarks.plan import Plan, figures
from benchmarks.sides.devtools import BareBrowser
from benchmarks.sides.processes import settled
from benchmarks.sides.product import open_environments, script_result
from benchmarks.sides.server import Server
from outrider.environments.environments import Environments
from outrider.interfaces.actions import Navigate
from outrider.interfaces.environments import SnapshotMode
from outrider.interfaces.pages import Browser
from outrider.interfaces.sessions import SessionSpec

__all__ = ["run"]

#: One is parked here, and one in the server.
_STANDING_BROWSERS: Final = 2
_ITEMS: Final = 100
_KEEP: Final = f"""new Promise((resolve, reject) => {{
  document.cookie = 'kept=1; max-age=3600';
  document.cookie = 'session=2';
  for (let i = 0; i < {_ITEMS}; i++) localStorage[`item ${{i}}`] = 'x'.repeat(200);
  const open = indexedDB.open('basket', 1);
  open.onerror = reject;
  open.onupgradeneeded = () => open.result.createObjectStore('lines');
  open.onsuccess = () => {{
    const change = open.result.transaction('lines', 'readwrite');
    for (let i = 0; i < {_ITEMS}; i++) change.objectStore('lines').put({{text: 'x'.repeat(200)}}, i);
    change.oncomplete = () => resolve(true);
  }};
}})"""
_KEPT: Final = f"document.readyState !== 'loading' && localStorage.length === {_ITEMS}"


async def run(plan: Plan) -> list[Figure]:
    """Every environment is saved beforehand; what is restored from memory is parked again after each sample."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving_form())
        environments = await stack.enter_async_context(open_environments(plan))
        server = await stack.enter_async_context(Server.start(plan, 0))
        profile = await _left_profile(plan, environments, url)
        files = await _saved(environments, url, SnapshotMode.FILESYSTEM)
        parked = await _saved(environments, url, SnapshotMode.MEMORY)
        http_files, http_parked = [await _saved_by(server, url, mode) for mode in ("filesystem", "memory")]
        candidates: dict[str, Sample] = {
            "bare launch, copied profile": lambda: _bare(plan, profile, url),
            "outrider filesystem": lambda: _restore(plan, environments, files),
            "outrider memory": lambda: _restore(plan, environments, parked),
            "outrider filesystem, HTTP": lambda: _http(plan, server, http_files, "none"),
            "outrider memory, HTTP": lambda: _http(plan, server, http_parked, "memory"),
        }
        return figures("snapshots", "", await interleave(candidates, rounds=plan.rounds(15, 4)))


def _session(mode: SnapshotMode) -> SessionSpec:
    return SessionSpec(str(uuid4()), "benchmark", str(uuid4()), "scout", "scout", max_steps=1, restore=mode)


async def _visited(environments: Environments, url: str) -> Browser:
    """A fresh browser whose page has stored things."""
    browser = (await environments.open(replace(_session(SnapshotMode.MEMORY), restore=None))).browser
    await browser.page.act(Navigate(url))
    assert await script_result(browser, _KEEP)
    return browser


async def _left_profile(plan: Plan, environments: Environments, url: str) -> Path:
    """The profile folder of a browser that has ended by itself."""
    browser = await _visited(environments, url)
    await browser.leave()
    folder = plan.folder("profile") / "kept"
    shutil.copytree(browser.profile, folder, symlinks=True)
    await browser.close()
    return folder


async def _saved(environments: Environments, url: str, mode: SnapshotMode) -> SessionSpec:
    session = _session(mode)
    await environments.save(await _visited(environments, url), session, mode, is_default=False)
    return session


async def _bare(plan: Plan, kept: Path, url: str) -> float:
    profile = plan.folder("bare") / "profile"
    shutil.copytree(kept, profile, symlinks=True)
    await settled(plan.binary, _STANDING_BROWSERS)
    with stopwatch() as took:
        browser = await BareBrowser.launch(plan.binary, profile)
        page = await browser.attach()
        await page.goto(url)
        assert await page.evaluate(_KEPT)
    await browser.close()
    return took.milliseconds


async def _restore(plan: Plan, environments: Environments, session: SessionSpec) -> float:
    await settled(plan.binary, _STANDING_BROWSERS)
    with stopwatch() as took:
        opened = await environments.open(session)
        assert await script_result(opened.browser, _KEPT)
    assert opened.report is not None
    assert opened.report.mode == session.restore
    if session.restore is SnapshotMode.MEMORY:
        await environments.save(opened.browser, session, session.restore, is_default=False)
    else:
        await opened.browser.close()
    return took.milliseconds


async def _saved_by(server: Server, url: str, mode: str) -> str:
    """An environment that the server has saved; its id."""
    session = await server.make({})
    await server.navigate(session["session_id"], url)
    await server.delete(session["session_id"], save=mode)
    return str(session["environment_id"])


async def _http(plan: Plan, server: Server, environment_id: str, save: str) -> float:
    await settled(plan.binary, _STANDING_BROWSERS)
    wanted = {"restore_from_environment_id": environment_id, "enable_memory_snapshot": save == "memory"}
    with stopwatch() as took:
        session = await server.make(wanted)
    assert session["restore"]["kinds"]["tabs"] == {"saved": 1, "restored": 1}, session
    assert session["restore"]["mode"] == ("memory" if save == "memory" else "filesystem"), session
    await server.delete(session["session_id"], save=save)
    return took.milliseconds
