"""The event stream: history, live, resumed, filtered, kept alive, ended."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from tests.e2e.api.serving import ServerProcess, run_to_end, stream

pytestmark = pytest.mark.browser


def test_a_task_is_streamed_to_its_end(client: httpx.Client, session: str) -> None:
    frames = run_to_end(client, session)
    assert [frame.id for frame in frames] == list(range(1, len(frames) + 1))
    assert (frames[0].event, frames[-1].event) == ("user", "done")
    done = frames[-1].json()
    assert (done["text"], done["message_id"], done["result"]) == ("OK", frames[-1].id, {"content": "OK"})


def test_history_is_replayed_and_the_stream_ends_at_rest(client: httpx.Client, session: str) -> None:
    live = run_to_end(client, session)
    with stream(client, session) as frames:
        assert list(frames) == live


def test_each_frame_is_id_event_and_one_line_of_data(client: httpx.Client, session: str) -> None:
    run_to_end(client, session)
    response = client.get(f"{session}/events", headers={"Accept": "*/*"})
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    assert re.fullmatch(r"(id: \d+\nevent: [a-z]+\ndata: \{.*\}\n\n)+", response.text)


@pytest.mark.parametrize(
    ("query", "headers", "first"),
    [
        ("?after_id=1", {}, 2),
        ("", {"Last-Event-ID": "1"}, 2),
        ("?after_id=0", {"Last-Event-ID": "1"}, 2),
        ("?after_id=1&include_history=false", {}, 2),
        ("?include_history=true", {}, 1),
    ],
)
def test_where_a_stream_begins(
    client: httpx.Client, session: str, query: str, headers: dict[str, str], first: int
) -> None:
    run_to_end(client, session)
    with stream(client, session, query, **headers) as frames:
        assert next(frames).id == first


def test_a_stream_says_after_which_id_it_begins(client: httpx.Client, session: str) -> None:
    last = run_to_end(client, session)[-1].id
    for query, start in (("", 0), ("?after_id=1", 1), ("?include_history=false", last)):
        with client.stream("GET", f"{session}/events{query}") as response:
            assert response.headers["x-after-id"] == str(start)


def test_a_reconnect_loses_and_repeats_nothing(client: httpx.Client, session: str) -> None:
    complete = run_to_end(client, session)
    pieces = []
    for last in range(len(complete)):
        with stream(client, session, **{"Last-Event-ID": str(last)}) as frames:
            pieces.append(next(frames))
    assert pieces == complete


def test_a_filter_hides_events_but_not_the_end(client: httpx.Client, session: str) -> None:
    run_to_end(client, session)
    with stream(client, session, "?event_types=user, question") as frames:
        assert [frame.event for frame in frames] == ["user"]


def test_heartbeats_come_without_id_whatever_the_filter(client: httpx.Client, session: str) -> None:
    with stream(client, session, "?event_types=done") as frames:
        beats = [next(frames), next(frames)]
    assert [(beat.event, beat.id) for beat in beats] == [("heartbeat", None)] * 2
    moment = datetime.strptime(beats[0].json()["timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 60


def test_a_stream_at_rest_waits_for_the_next_task(client: httpx.Client, session: str) -> None:
    last = run_to_end(client, session)[-1].id
    with stream(client, session, f"?after_id={last}") as frames:
        assert next(frames).event == "heartbeat"
        client.post(f"{session}/message", json={"message": "Reply with 'OK'"})
        assert [f.event for f in frames if f.event != "heartbeat"][-1] == "done"


def test_cancel_ends_the_stream_with_an_error(client: httpx.Client, busy: str) -> None:
    with stream(client, busy) as frames:
        assert next(frames).event == "user"
        client.post(f"{busy}/cancel")
        last = [frame for frame in frames if frame.event != "heartbeat"][-1]
    data = last.json()
    assert (last.event, data["code"], data["status_code"]) == ("error", "TASK_CANCELLED", 409)
    assert data["error"] == data["text"] == "The task was cancelled."
    assert data["message_id"] == last.id


def test_delete_ends_the_stream_with_an_error(client: httpx.Client, session: str) -> None:
    with stream(client, session) as frames:
        assert next(frames).event == "heartbeat"
        client.delete(session)
        last = [frame for frame in frames if frame.event != "heartbeat"][-1]
    assert (last.event, last.id, last.json()["code"]) == ("error", None, "SESSION_NOT_FOUND")


def test_many_readers_see_the_same(client: httpx.Client, session: str) -> None:
    with stream(client, session) as one, stream(client, session) as two:
        client.post(f"{session}/message", json={"message": "Reply with 'OK'"})
        first, second = ([f for f in frames if f.event != "heartbeat"] for frames in (one, two))
    assert first == second
    assert first[-1].event == "done"


def test_a_reader_that_goes_away_is_noticed(client: httpx.Client, server: ServerProcess, session: str) -> None:
    with stream(client, session) as frames:
        next(frames)
    path = f"{session}/events"
    assert server.logged(lambda line: line.get("path") == path)["status"] == 200
