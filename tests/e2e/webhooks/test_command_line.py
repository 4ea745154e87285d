"""``outrider webhooks`` against a running server."""

import json
import os
import subprocess
from typing import Any

import httpx
import pytest
from benchmarks.sides.receiver import Receiver
from tests.e2e.api.serving import COMMAND, SECONDS, ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def outrider(server: ServerProcess) -> Any:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OUTRIDER_")}
    environment = inherited | {"OUTRIDER_SERVER": server.url, "OUTRIDER_KEY": server.key}

    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        command = [COMMAND, "webhooks", *map(str, arguments)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=3 * SECONDS, check=False
        )

    return run


def test_from_an_endpoint_to_a_replay(outrider: Any, client: httpx.Client, receiver: Receiver) -> None:
    assert "no webhook endpoints" in outrider("list").stderr
    made = json.loads(outrider("add", receiver.url, "--event", "session.created", "--json").stdout)
    assert outrider("list").stdout == f"{made['id']}  organisation  {receiver.url}  session.created  enabled\n"

    session_id = client.post("/v1/sessions", json={}).json()["session_id"]
    client.delete(f"/v1/sessions/{session_id}")
    receiver.wait(lambda got: len(got.accepted) == 1)
    (line,) = outrider("deliveries", "--session", session_id).stdout.splitlines()
    number, _, event, session, *_ = line.split()
    assert (event, session) == ("session.created", session_id)
    assert outrider("replay", number).returncode == 0
    receiver.wait(lambda got: len(got.accepted) == 2)
    assert receiver.accepted[0].event_id == receiver.accepted[1].event_id

    assert outrider("rotate", made["id"], "--overlap", 60).stdout.startswith("secret: whsec_")
    assert outrider("rotate").stdout.startswith("secret: whsec_")
    assert outrider("enable", "--off", made["id"]).stdout.endswith("disabled\n")
    refused = outrider("replay", number)
    assert refused.returncode == 1
    assert "[WEBHOOK_ENDPOINT_DISABLED]" in refused.stderr
    assert outrider("enable", made["id"]).stdout.endswith("enabled\n")
    assert outrider("delete", made["id"]).stdout == "Webhook endpoint deleted successfully\n"
    assert outrider("deliveries", "--endpoint", made["id"]).stderr == "There are no such deliveries.\n"


def test_everything_that_failed_is_replayed(
    outrider: Any, server: ServerProcess, client: httpx.Client, receiver: Receiver
) -> None:
    receiver.behave = lambda _: 500
    session_id = client.post("/v1/sessions", json={"webhook_url": receiver.url}).json()["session_id"]
    client.delete(f"/v1/sessions/{session_id}")
    server.logged(lambda line: line["event"] == "webhook_failed_permanently" and line["session_id"] == session_id)
    (failed,) = json.loads(outrider("deliveries", "--session", session_id, "--status", "failed", "--json").stdout)
    assert failed["attempt_count"] == len(receiver.received) == 3
    receiver.behave = lambda _: 200
    assert outrider("enable", failed["endpoint_id"]).returncode == 0
    receiver.wait(lambda got: len(got.accepted) == 1)
    assert "session.created" in outrider("replay", "--failed", "--endpoint", failed["endpoint_id"]).stdout
    receiver.wait(lambda got: len(got.accepted) == 2)

    assert [request.event for request in receiver.accepted] == ["session.deleted", "session.created"]


def test_wrong_words_are_usage(outrider: Any) -> None:
    assert outrider("replay").returncode == 2
    assert outrider("replay", "1", "--failed").returncode == 2
    assert outrider("replay", "x").returncode == 2
    assert outrider("add", "ftp://example.org").returncode == 2
    assert outrider("add", "http://10.0.0.1/", "--event", "nothing").returncode == 2
    assert outrider("delete", "..").returncode == 1
