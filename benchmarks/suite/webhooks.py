"""Webhooks when everything goes wrong: receivers that misbehave, and a server that is killed again and again."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Figure, Series
from benchmarks.plan import Plan, figures
from benchmarks.sides.receiver import Behaviour, Received, Receiver, receiving
from benchmarks.sides.server import Server
from outrider.client import OutriderClient
from outrider.problems import OutriderError

__all__ = ["Outcome", "run", "storm"]

_SESSIONS: Final = 2
#: Of a session, until a kill.
_TASKS: Final = 28
_SETTINGS: Final[Mapping[str, object]] = {
    "EGRESS_ALLOW": "127.0.0.1",
    "LOG_LEVEL": "error",
    "MAX_SESSIONS": _SESSIONS + 1,
    "WEBHOOK_RETRY_SECONDS": ",".join(["0.02"] * 5 + ["0.1"] * 45),
    "WEBHOOK_TIMEOUT_SECONDS": 0.25,
}
_FAULTS: Final[Sequence[Behaviour]] = (500, "hang", "slow", "close", "cut")
#: Message of the log -> the event that tells of it.
_EVENT_OF: Final = {"USER": "task.started", "DONE": "task.completed", "ERROR": "task.error"}
_DEADLINE_SECONDS: Final = 60.0
#: For each kill, at least.
_EVENTS: Final = 100
_LOOK_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the sessions' logs, the receiver and the ledger say of the same events."""

    kills: int
    seconds: float
    #: Those that the logs tell of.
    events: int
    requests: int
    #: Events of the logs that were not accepted, or were accepted in another order within their session.
    lost: int
    #: Deliveries that were first tried out of the order in which they were recorded.
    disordered: int
    #: Requests with an id whose payload differs from what first had that id.
    changed: int
    #: Events that were accepted more than once, under the same id.
    repeated: int
    #: Requests that the receiver held at the same time; one that the sender has given up may still be held.
    most_at_once: int
    faults: Mapping[Behaviour, int]


class _Moody:
    """Behaves well seven times in eight; remembers what else it did."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.counts: Counter[Behaviour] = Counter()

    def __call__(self, number: int) -> Behaviour:
        behaviour = self._chance.choice(_FAULTS) if self._chance.random() < 1 / 8 else 200
        self.counts[behaviour] += 1
        return behaviour


async def run(plan: Plan) -> list[Figure]:
    """A thousand events across ten kills."""
    outcome = await storm(plan, kills=plan.rounds(10, 3))
    faults = ", ".join(f"{count} × {fault}" for fault, count in outcome.faults.items() if fault != 200)
    remarks = {
        "lost": f"of {outcome.events} events, {outcome.kills} kill -9, in {outcome.seconds:.0f} s",
        "out of order": f"{outcome.requests} requests; {faults}",
        "other payload, same id": "",
        "accepted twice, same id": "sent, and the server killed before that was recorded; or answered too late",
    }
    counted = (outcome.lost, outcome.disordered, outcome.changed, outcome.repeated)
    series = {name: Series((float(count),)) for name, count in zip(remarks, counted, strict=True)}
    return figures("webhooks", "", series, unit="", remarks=remarks)


async def storm(plan: Plan, *, kills: int) -> Outcome:
    """A hundred events for each kill, or more. In each round the receiver refuses connections at first."""
    chance = random.Random(7)  # noqa: S311 - moments of a kill
    started = time.monotonic()
    with receiving() as receiver:
        receiver.behave = moody = _Moody(chance)
    data_dir, sessions = plan.folder("webhooks"), list[str]()
    for _ in range(kills):
        await _round(plan, data_dir, receiver, sessions, chance.randrange(20, 100))
    async with Server.start(plan, 0, data_dir, **_SETTINGS) as server, server.sdk() as client:
        with receiving(receiver):
            total = 0
            while total < _EVENTS * kills:
                await _work(client, sessions[0])
                told = {session_id: await _told_by_the_log(client, session_id) for session_id in sessions}
                total = sum(map(len, told.values()))
            await asyncio.to_thread(receiver.wait, lambda got: _distinct(got) >= total, _DEADLINE_SECONDS)
            recorded = [str(delivery["event_id"]) async for delivery in client.webhooks.deliveries()][::-1]
    return _judged(receiver, told, recorded, kills, time.monotonic() - started, moody.counts)


async def _round(plan: Plan, data_dir: Path, receiver: Receiver, sessions: list[str], accepted: int) -> None:
    """Tasks, one after the other, until so many more events were accepted; then the server is killed."""
    async with Server.start(plan, 0, data_dir, **_SETTINGS) as server, server.sdk() as client:
        if not sessions:
            await client.webhooks.create_endpoint(receiver.url)
            sessions += [await server.create() for _ in range(_SESSIONS)]
        working = [asyncio.create_task(_work(client, session_id)) for session_id in sessions]
        await _refused(client)
        with receiving(receiver):
            await asyncio.to_thread(receiver.wait_for_more, accepted)
            await server.kill()
        for work in working:
            work.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def _refused(client: OutriderClient) -> None:
    """Wait until the receiver, which does not listen, has been asked."""
    async with asyncio.timeout(_DEADLINE_SECONDS):
        while True:
            waiting = [delivery async for delivery in client.webhooks.deliveries(status="pending")]
            if any("no connection" in (each["problem"] or "") for one in waiting for each in one["attempts"][-1:]):
                return
            await asyncio.sleep(_LOOK_SECONDS)


async def _work(client: OutriderClient, session_id: str) -> None:
    """Tasks, one after the other, until there are enough or the server is gone."""
    with suppress(OutriderError):
        last_id = (await client.get_messages(session_id, sanitize=False) or [{"id": 0}])[-1]["id"]
        for _ in range(_TASKS):
            await client.send_message(session_id, "Reply with 'OK'")
            async for event in client.stream_events(session_id, after_id=last_id, sanitize=False):
                last_id = event.id


async def _told_by_the_log(client: OutriderClient, session_id: str) -> list[str]:
    log = await client.get_messages(session_id, sanitize=False)
    return ["session.created", *(_EVENT_OF[message["type"]] for message in log if message["type"] in _EVENT_OF)]


def _distinct(receiver: Receiver) -> int:
    return len({request.event_id for request in receiver.accepted})


def _judged(
    receiver: Receiver,
    told: Mapping[str, Sequence[str]],
    recorded: Sequence[str],
    kills: int,
    seconds: float,
    faults: Mapping[Behaviour, int],
) -> Outcome:
    first: dict[str, Received] = {}
    for request in receiver.accepted:
        first.setdefault(request.event_id, request)
    asked = [event_id for event_id, _ in groupby(request.event_id for request in receiver.received)]
    return Outcome(
        kills=kills,
        seconds=seconds,
        events=sum(map(len, told.values())),
        requests=len(receiver.received),
        lost=sum(_lost(first.values(), session_id, events) for session_id, events in told.items()),
        disordered=0 if asked == list(recorded) else sum(a != b for a, b in zip(asked, recorded, strict=False)) or 1,
        changed=sum(_payload(request) != _payload(first[request.event_id]) for request in receiver.received),
        repeated=len(receiver.accepted) - len(first),
        most_at_once=receiver.most_under_way,
        faults=faults,
    )


def _lost(accepted: Any, session_id: str, events: Sequence[str]) -> int:
    """Events of the log that the receiver has not, or has in another order."""
    got = [request.event for request in accepted if request.payload["session_id"] == session_id]
    if got == list(events):
        return 0
    missing = (Counter(events) - Counter(got)).total() + (Counter(got) - Counter(events)).total()
    return missing or sum(one != other for one, other in zip(got, events, strict=True))


def _payload(request: Received) -> dict[str, Any]:
    """Without the address of the live view: the server's port is another one after each start."""
    payload = request.payload
    del payload["session"]["vnc_url"]
    return payload
