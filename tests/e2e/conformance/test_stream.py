"""The event stream: data of each event, what ends it, what a query asks for."""

import httpx
import pytest
from tests.e2e.api.serving import Pages, problem_of, run_to_end, stream

pytestmark = pytest.mark.browser


def test_data_of_each_event(client: httpx.Client, session: str, pages: Pages) -> None:
    with stream(client, session) as frames:
        client.post(f"{session}/message", json={"message": "Report the price.", "start_url": pages.url})
        client.post(f"{session}/pause")
        client.post(f"{session}/resume")
        events = {frame.event: frame for frame in frames}
    run_to_end(client, session, "Frobnicate the quux.")
    with stream(client, session) as frames:
        events |= {frame.event: frame for frame in frames}
    assert {"user", "thought", "step", "done", "error"} <= events.keys()
    for name, frame in events.items():
        if name == "heartbeat":
            assert frame.json().keys() == {"timestamp"}
            continue
        data = frame.json()
        assert isinstance(data["text"], str)
        assert data["message_id"] == frame.id
    assert events["thought"].json().keys() == {"text", "message_id"}
    assert isinstance(events["done"].json()["result"], dict)
    assert isinstance(events["error"].json()["error"], str)
    assert events["error"].json()["status_code"] == 422


def test_a_question_does_not_end_the_stream(client: httpx.Client, session: str) -> None:
    with stream(client, session) as frames:
        client.post(f"{session}/message", json={"message": "Click Send."})
        question = next(frame for frame in frames if frame.event in ("question", "error"))
        assert question.event == "question"
        assert {"text", "message_id"} <= question.json().keys()
        assert next(frames).event == "heartbeat"
        client.post(f"{session}/cancel")
        assert [frame.event for frame in frames if frame.event != "heartbeat"] == ["error"]


@pytest.mark.parametrize(("query", "first"), [("", 1), ("?include_history=true", 1), ("?include_history=false", 3)])
def test_history(client: httpx.Client, session: str, query: str, first: int) -> None:
    run_to_end(client, session)
    with stream(client, session, query) as frames:
        client.post(f"{session}/message", json={"message": "Reply with 'OK'"})
        assert next(frame for frame in frames if frame.event != "heartbeat").id == first


@pytest.mark.parametrize(
    ("names", "sent"),
    [("", ["user", "done"]), ("done,%20user", ["user", "done"]), ("done,", ["done"]), ("heartbeat", [])],
)
def test_event_types(client: httpx.Client, session: str, names: str, sent: list[str]) -> None:
    run_to_end(client, session)
    with stream(client, session, f"?event_types={names}") as frames:
        assert [frame.event for frame in frames] == sent


@pytest.mark.parametrize("query", ["event_types=user&event_types=done", "event_types=done,&event_types=user,thought"])
def test_event_types_given_several_times(client: httpx.Client, session: str, query: str) -> None:
    run_to_end(client, session)
    with stream(client, session, f"?{query}") as frames:
        assert [frame.event for frame in frames if frame.event != "heartbeat"] == ["user", "done"]


@pytest.mark.parametrize("names", ["done,nonsense", "DONE", "done&event_types=nonsense"])
def test_event_types_that_are_none(client: httpx.Client, session: str, names: str) -> None:
    error = problem_of(client.get(f"{session}/events?event_types={names}"), 422, "UNPROCESSABLE")
    assert "known are done, error, heartbeat" in error["message"]


def test_a_last_event_id_that_is_empty(client: httpx.Client, session: str) -> None:
    run_to_end(client, session)
    with stream(client, session, **{"Last-Event-ID": ""}) as frames:
        assert [frame.id for frame in frames] == [1, 2]


@pytest.mark.parametrize("sanitize", ["true", "false"])
def test_sanitize(client: httpx.Client, session: str, sanitize: str) -> None:
    run_to_end(client, session)
    with stream(client, session, f"?sanitize={sanitize}&event_types=user,done") as frames:
        assert [frame.event for frame in frames if frame.event != "heartbeat"] == ["user", "done"]


@pytest.mark.parametrize("accept", ["*/*", "text/event-stream", "application/json", "text/html"])
def test_any_accept_will_do(client: httpx.Client, session: str, accept: str) -> None:
    run_to_end(client, session)
    with stream(client, session, Accept=accept) as frames:
        assert [frame.event for frame in frames if frame.event != "heartbeat"] == ["user", "done"]
