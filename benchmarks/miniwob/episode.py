"""One episode: a page is started with a seed, a session gets its words as a task, and the page says what came of it.

Words and reward are read by a DevTools client of the session. The agent is told the words and nothing else: it looks
at the page as it looks at any.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.sides.server import Server
from outrider.client import Event, OutriderClient

__all__ = ["Episode", "Player", "Start"]

#: Beyond this an episode is given up: the pages themselves allow 5 to 30 s.
_DEADLINE_SECONDS: Final = 40.0
_START: Final = "(Math.seedrandom(%d), core.startEpisodeReal(), core.getUtterance())"
#: Some pages play an animation before they tell.
_END: Final = """(async () => {
  for (let wait = 0; !WOB_DONE_GLOBAL && wait < 10; wait++) await new Promise((done) => setTimeout(done, 100));
  return [WOB_RAW_REWARD_GLOBAL, WOB_DONE_GLOBAL, String(WOB_REWARD_REASON)];
})()"""
_ENDINGS: Final = frozenset({"question", "done", "error"})
_TOLD: Final = _ENDINGS | {"thought"}


class Start(NamedTuple):
    """A task's page, and the seed that it begins with."""

    task: str
    seed: int


@dataclass(frozen=True, slots=True)
class Episode:
    """What came of it."""

    start: Start
    utterance: str
    #: Raw, without the share for speed: above 0 is success.
    reward: float
    #: Why it failed: a code of the catalogue, QUESTION, WRONG RESULT or TIME; "" for a success.
    failure: str
    #: What the session thought and said last, a line each.
    said: tuple[str, ...]
    #: From the message that hands the task over to its ending.
    seconds: float


class Player:
    """A session that plays episodes, one after the other."""

    def __init__(self, client: OutriderClient, session_id: str, driver: "_Driver", pages_url: str) -> None:
        self._client = client
        self._session_id = session_id
        self._driver = driver
        self._pages_url = pages_url
        self._seen = 0

    @classmethod
    @asynccontextmanager
    async def ready(cls, server: Server, client: OutriderClient, pages_url: str) -> AsyncIterator["Player"]:
        """A player with a session of its own; below ``pages_url`` are the pages of the tasks."""
        session_id = await server.create()
        try:
            async with connect(await server.devtools_url(session_id), proxy=None, max_size=None) as socket:
                yield cls(client, session_id, await _Driver.attached(socket), pages_url)
        finally:
            await server.delete(session_id)

    async def play(self, start: Start) -> Episode:
        """Begin anew with a seed, hand the task over, and wait until the session has ended it."""
        await self._client.navigate(self._session_id, f"{self._pages_url}/{start.task}.html")
        words = await self._driver.value(_START % start.seed)
        utterance = words if isinstance(words, str) else str(words["utterance"])
        started = time.perf_counter()
        await self._client.send_message(self._session_id, utterance)
        events = await self._events()
        seconds = time.perf_counter() - started
        reward, ended, reason = await self._driver.value(_END)
        last = events[-1] if events else None
        if last is None or last.event == "question":
            await self._client.cancel(self._session_id)
            self._seen = (await self._client.get_messages(self._session_id, after_id=self._seen))[-1]["id"]
        failure = "" if reward > 0 else _failure(last, late=bool(ended) and reason == "timed out")
        said = tuple(str(event.data.get("text", "")) for event in events)
        return Episode(start, utterance, float(reward), failure, said, seconds)

    async def _events(self) -> list[Event]:
        """What the session says of this task; without an ending when that does not come in time."""
        found: list[Event] = []
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                reading = self._client.stream_events(self._session_id, after_id=self._seen, event_types=_TOLD)
                async with aclosing(reading) as events:
                    async for event in events:
                        found.append(event)
                        self._seen = event.id
                        if event.event in _ENDINGS:
                            break
        except TimeoutError:
            return []
        return found


def _failure(last: Event | None, *, late: bool) -> str:
    if last is None or (late and last.event == "done"):
        return "TIME"
    if last.event == "question":
        return "QUESTION"
    return str(last.data.get("code", "")) if last.event == "error" else "WRONG RESULT"


class _Driver:
    """Evaluates in the world of the page that the session shows."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._page = ""

    @classmethod
    async def attached(cls, socket: ClientConnection) -> "_Driver":
        driver = cls(socket)
        targets = (await driver._call("Target.getTargets"))["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        driver._page = (await driver._call("Target.attachToTarget", targetId=page, flatten=True))["sessionId"]
        return driver

    async def value(self, expression: str) -> Any:
        answer = await self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    async def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        page = {"sessionId": self._page} if self._page else {}
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params} | page))
        while (message := json.loads(await self._socket.recv())).get("id") != number:
            continue
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']['message']}")
        result: dict[str, Any] = message["result"]
        return result
