"""Outrider beside browser-use: the same steps on the same pages, for the same scripted model.

What a step costs is taken at the model: from its answer to its next request, with all that an agent does in between
(act, wait, record, tell who watches, look, write the request). What a page costs is read off the requests.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from itertools import pairwise
from os.path import commonprefix
from typing import Any, Final

from benchmarks.measure import Figure, Series
from benchmarks.pages.addresses import open_pages
from benchmarks.pages.fetch import FetchError
from benchmarks.plan import Plan, figures
from benchmarks.scripted import ScriptedServer
from benchmarks.scripted.looks import (
    for_browser_use,
    for_outrider,
    page_told_to_browser_use,
    page_told_to_outrider,
)
from benchmarks.scripted.prompt import words_of
from benchmarks.sides.browser_use import AS_IT_COMES, HURRIED, BrowserUse, Manner
from benchmarks.sides.devtools import bare_page
from benchmarks.sides.processes import descendants, proportional_mebibytes
from benchmarks.sides.server import Server
from benchmarks.suite.observation import ELEMENTS
from outrider.client import OutriderClient

__all__ = ["run"]

#: Larger pages are another matter: each side leaves out other parts of them.
_NODES: Final = 1_500
#: As much of a name as every side shows.
_NAME_CHARACTERS: Final = 40
_TASK_SECONDS: Final = 120.0
#: Of a task; a page is often still busy with itself when the first ones are taken, on either side.
_STEPS: Final = 24


@dataclass(slots=True)
class _Task:
    """What one side did on one page."""

    bodies: list[Mapping[str, Any]] = field(default_factory=list)
    overheads: list[float] = field(default_factory=list)
    mebibytes: float = 0.0
    pid: int = 0

    def weigh(self) -> None:
        """The side's processes and its browser, as they are."""
        self.mebibytes = proportional_mebibytes({self.pid} | descendants(self.pid))


@dataclass(frozen=True, slots=True)
class _Side:
    """How a side is given its script, does a task, and is told of a page."""

    script: Callable[[int, Callable[[], None]], Sequence[Any]]
    work: Callable[[str, str, _Task], Any]
    page: Callable[[str], str]


async def run(plan: Plan) -> list[Figure]:
    """Whole tasks take turns, page by page; every side has a new browser for each."""
    try:
        theirs = await asyncio.to_thread(BrowserUse.install, plan)
    except FetchError as error:
        plan.note(f"left out: browser-use: {error}")
        return []
    found: list[Figure] = []
    async with AsyncExitStack() as stack:
        model = stack.enter_context(ScriptedServer.serving({}))
        settings = {"scripted": {"provider": "openai", "model": "scripted-1", "base_url": model.url, "api_key": "none"}}
        server = await stack.enter_async_context(Server.start(plan, 0, MODELS=json.dumps(settings)))
        client = await stack.enter_async_context(server.sdk())
        pages = await stack.enter_async_context(open_pages(plan))
        bare = await stack.enter_async_context(bare_page(plan.binary, plan.folder("bare")))
        sides = {
            "browser-use": _their_side(theirs, model, AS_IT_COMES),
            "browser-use, hurried": _their_side(theirs, model, HURRIED),
            "outrider": _our_side(server, client),
        }
        steps: dict[str, list[float]] = {side: [] for side in sides}
        for name, url in pages.items():
            await bare.goto(url)
            nodes = int(await bare.evaluate("document.getElementsByTagName('*').length"))
            if nodes > _NODES:
                continue
            plan.progress(f"browser-use and outrider on {name}")
            names = _names(json.loads(await bare.evaluate(ELEMENTS)))
            tasks = {side: await _do(model, how, side, url, plan.rounds(_STEPS, 4)) for side, how in sides.items()}
            found += _figures(f"{name}, {nodes:,} nodes", sides, tasks, names, theirs.count_tokens)
            for side, task in tasks.items():
                steps[side] += task.overheads
    return found + figures("step overhead, all pages", "", _series(steps))


def _their_side(theirs: BrowserUse, model: ScriptedServer, manner: Manner) -> _Side:
    async def work(task: str, url: str, noted: _Task) -> None:
        def started(pid: int) -> None:
            noted.pid = pid

        await theirs.work(task, url, model.url, manner, started)

    return _Side(for_browser_use, work, page_told_to_browser_use)


def _our_side(server: Server, client: OutriderClient) -> _Side:
    async def work(task: str, url: str, noted: _Task) -> None:
        noted.pid = server.pid
        session = (await client.create_session(agent_name="scripted"))["session_id"]
        await client.send_message(session, task, start_url=url)
        async with asyncio.timeout(_TASK_SECONDS):
            await _end_of(client, session)
        problems = [said for said in await client.get_messages(session, sanitize=False) if _is_problem(said)]
        assert not problems, problems
        await client.delete_session(session)

    return _Side(for_outrider, work, page_told_to_outrider)


async def _end_of(client: OutriderClient, session: str) -> None:
    """Watches the task, as somebody would, to its end."""
    async with aclosing(client.stream_events(session)) as events:
        async for event in events:
            if event.event in ("done", "error", "question"):
                return


def _is_problem(message: Mapping[str, Any]) -> bool:
    return message["type"] in ("ERROR", "QUESTION") or "problem" in (message.get("metadata") or {})


async def _do(model: ScriptedServer, side: _Side, name: str, url: str, steps: int) -> _Task:
    """One task of one side, with what its model was sent and when."""
    done = _Task()
    key = f"Look at the page as {name}."
    model.add(key, side.script(steps, done.weigh))
    first = len(model.exchanges)
    await side.work(key, url, done)
    exchanges = model.exchanges[first:]
    assert len(exchanges) == steps + 1, f"{name} on {url}: {len(exchanges)} requests, {model.faults}"
    done.bodies = [exchange.body for exchange in exchanges]
    done.overheads = [(after.received - before.answered) * 1000 for before, after in pairwise(exchanges)]
    return done


def _figures(
    case: str,
    sides: Mapping[str, _Side],
    tasks: Mapping[str, _Task],
    names: frozenset[str],
    count: Callable[[Sequence[str]], list[int]],
) -> list[Figure]:
    pages = {name: [sides[name].page(words_of(body)) for body in task.bodies] for name, task in tasks.items()}
    shown = {name: {one for one in names if one in _plain(told[0])} for name, told in pages.items()}
    lost = {name: shown["browser-use"] - seen for name, seen in shown.items()}
    remarks = {name: f"shows {len(shown[name])} of the {len(names)} names on the page" for name in tasks}
    later = {name: _new(task.bodies) for name, task in tasks.items()}
    measured = {
        "first look": {name: [told[0]] for name, told in pages.items()},
        "new in later requests": later,
        "looks of a task": {name: ["\n".join([told[0], *later[name]])] for name, told in pages.items()},
        "whole requests": {name: [_whole(body) for body in task.bodies] for name, task in tasks.items()},
    }
    found = figures("step overhead", case, _series({name: task.overheads for name, task in tasks.items()}))
    for what, texts in measured.items():
        found += figures(what, case, _series({name: count(told) for name, told in texts.items()}), unit="tokens")
    lost_series = _series({name: [len(missing)] for name, missing in lost.items()})
    found += figures("elements lost", case, lost_series, unit="elements", remarks=remarks)
    weights = _series({name: [task.mebibytes] for name, task in tasks.items()})
    return [*found, *figures("memory of a task", case, weights, unit="MiB")]


def _series(values: Mapping[str, Iterable[float]]) -> dict[str, Series]:
    return {name: Series(tuple(series)) for name, series in values.items()}


def _whole(body: Mapping[str, Any]) -> str:
    """All that is paid for: the messages, and the form of the answer or the tools."""
    form = body.get("tools") or body.get("response_format")
    return f"{words_of(body)}\n{json.dumps(form, ensure_ascii=False)}"


def _new(bodies: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of each request after the first the words from where it differs from the one before: what no cache has read."""
    told = [words_of(body) for body in bodies]
    return [after[len(commonprefix([before, after])) :] for before, after in pairwise(told)]  # noqa: RUF071 - they are no paths


def _names(elements: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """What the page's interactive elements are called, as far as every side shows it."""
    return frozenset(filter(None, (_plain(element["text"])[:_NAME_CHARACTERS].strip() for element in elements)))


def _plain(text: str) -> str:
    return " ".join(text.replace('"', "'").casefold().split())
