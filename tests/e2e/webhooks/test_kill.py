"""The bar: a receiver that refuses, hangs, fails, is slow and hangs up, and a server that is killed ten times.

Prints what came of it: ``pytest -s tests/e2e/webhooks/test_kill.py``.
"""

import random
import threading
import time
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, run_to_end, serving
from tests.integration.webhooks.receiver import Behaviour, Received, Receiver, receiving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

KILLS = 10
SESSIONS = 2
TASKS = 28  # of a session, until a kill
EVENTS = 1000
SETTINGS: dict[str, Any] = {
    "EGRESS_ALLOW": "127.0.0.1",
    "MAX_SESSIONS": SESSIONS + 1,
    "WEBHOOK_RETRY_SECONDS": ",".join(["0.02"] * 5 + ["0.1"] * 45),
    "WEBHOOK_TIMEOUT_SECONDS": 0.25,
}
FAULTS: tuple[Behaviour, ...] = (500, "hang", "slow", "close", "cut")

#: Message of the log -> the event that tells of it.
EVENT_OF = {"USER": "task.started", "DONE": "task.completed", "ERROR": "task.error"}


class Moody:
    """Behaves well seven times in eight; remembers what else it did."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.counts: Counter[Behaviour] = Counter()

    def __call__(self, number: int) -> Behaviour:
        behaviour = self._chance.choice(FAULTS) if self._chance.random() < 1 / 8 else 200
        self.counts[behaviour] += 1
        return behaviour


def work(client: httpx.Client, session_id: str) -> None:
    """Tasks, one after the other, until there are enough or the server is gone."""
    try:
        for _ in range(TASKS):
            run_to_end(client, f"/v1/sessions/{session_id}")
    except httpx.TransportError:
        return


def told_by_the_log(client: httpx.Client, session_id: str) -> list[str]:
    log = client.get(f"/v1/sessions/{session_id}/messages", params={"sanitize": "false"}).json()["messages"]
    return ["session.created", *(EVENT_OF[message["type"]] for message in log if message["type"] in EVENT_OF)]


def ledger(client: httpx.Client) -> list[dict[str, Any]]:
    """Oldest first."""
    found: list[dict[str, Any]] = []
    query: dict[str, int] = {"limit": 200}
    while True:
        page = client.get("/v1/webhooks/deliveries", params=query).json()
        found += page["deliveries"]
        if page["next_before"] is None:
            return found[::-1]
        query["before"] = page["next_before"]


def without_address(request: Received) -> dict[str, Any]:
    """The payload; the server's port is another one after each start."""
    payload = request.payload
    del payload["session"]["vnc_url"]
    return payload


def test_a_thousand_events_across_ten_kills(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments of a kill
    started = time.monotonic()
    with receiving() as receiver:
        receiver.behave = moody = Moody(chance)
    sessions: list[str] = []
    refused = 0
    for _ in range(KILLS):
        with serving(tmp_path, **SETTINGS) as server, server.client() as client:
            if not sessions:
                assert client.post("/v1/webhooks/endpoints", json={"url": receiver.url}).status_code == 200
                sessions = [client.post("/v1/sessions", json={}).json()["session_id"] for _ in range(SESSIONS)]
            threads = [threading.Thread(target=work, args=(client, session_id)) for session_id in sessions]
            for thread in threads:
                thread.start()
            server.logged(lambda line: "no connection could be made" in line.get("reason", ""))
            refused += 1
            with receiving(receiver):
                receiver.wait_for_more(chance.randrange(20, 100))
                server.process.kill()
                server.process.wait()
            for thread in threads:
                thread.join(SECONDS)
    with receiving(receiver), serving(tmp_path, **SETTINGS) as server, server.client() as client:
        work(client, sessions[0])
        expected = {session_id: told_by_the_log(client, session_id) for session_id in sessions}
        total = sum(map(len, expected.values()))
        receiver.wait(lambda got: len({request.event_id for request in got.accepted}) >= total, 60.0)
        recorded = ledger(client)
    report(receiver, moody, total, refused, time.monotonic() - started)
    check(receiver, expected, recorded)


def check(receiver: Receiver, expected: dict[str, list[str]], recorded: list[dict[str, Any]]) -> None:
    first = {request.event_id: request for request in reversed(receiver.accepted)}
    assert sum(map(len, expected.values())) >= EVENTS
    # None lost, none invented: what each session's log says, in its order.
    in_order = sorted(first.values(), key=receiver.accepted.index)
    for session_id, events in expected.items():
        assert [request.event for request in in_order if request.payload["session_id"] == session_id] == events
    # In the order in which they were recorded, across all sessions, repetitions next to each other.
    asked = [event_id for event_id, _ in groupby(request.event_id for request in receiver.received)]
    assert asked == [delivery["event_id"] for delivery in recorded]
    # The same id is the same event.
    for request in receiver.received:
        assert without_address(request) == without_address(first[request.event_id])
    assert receiver.most_under_way <= 2  # a request that the sender has given up may still be held


def report(receiver: Receiver, moody: Moody, total: int, refused: int, seconds: float) -> None:
    repeated = len(receiver.accepted) - len({request.event_id for request in receiver.accepted})
    faults = ", ".join(f"{count} x {fault}" for fault, count in moody.counts.items() if fault != 200)
    print(
        f"\n{total} events, {KILLS} kill -9, {len(receiver.received)} requests in {seconds:.0f} s\n"
        f"  faults: {faults}; refused connections in {refused} of {KILLS} rounds\n"
        f"  accepted twice under the same id: {repeated}"
    )
