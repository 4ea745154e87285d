import asyncio
from typing import Any

import pytest

from outrider.browsers.activity import Activity

MAIN = "main"


def request(
    number: str, kind: str, url: str = "http://a/x", frame: str = MAIN, document: str = "d-1"
) -> tuple[str, dict[str, Any]]:
    params = {"requestId": number, "type": kind, "frameId": frame, "loaderId": document, "request": {"url": url}}
    return "Network.requestWillBeSent", params


def committed(kind: str = "Navigation") -> tuple[str, dict[str, Any]]:
    return "Page.frameNavigated", {"frame": {"id": MAIN}, "type": kind}


@pytest.fixture
def activity() -> Activity:
    activity = Activity(MAIN)
    activity.mark()
    return activity


def test_nothing_is_not_busy(activity: Activity) -> None:
    assert not activity.busy
    assert not activity.navigated


def test_a_request_keeps_the_page_busy_until_it_ends(activity: Activity) -> None:
    activity.handle(*request("1", "Fetch"))
    assert activity.busy
    activity.handle("Network.loadingFinished", {"requestId": "1"})
    assert not activity.busy


def test_the_script_of_a_worker_is_not_awaited(activity: Activity) -> None:
    activity.handle(*request("1", "Script", document=""))  # nobody is told of its end
    assert not activity.busy


@pytest.mark.parametrize("kind", ["EventSource", "WebSocket", "Image", "Media", "Ping", "Font"])
def test_what_shows_nothing_or_never_ends_is_not_awaited(activity: Activity, kind: str) -> None:
    activity.handle(*request("1", kind))
    assert not activity.busy


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("Created", "HandshakeResponseReceived"), ("Created", "Closed"), ("FrameSent", "FrameReceived"),
        ("FrameSent", "Closed"),
    ],
)  # fmt: skip
def test_what_is_said_on_a_websocket_has_no_answer_until_one_comes(activity: Activity, begin: str, end: str) -> None:
    activity.handle(f"Network.webSocket{begin}", {"requestId": "1"})
    assert activity.unanswered
    assert not activity.busy
    activity.handle(f"Network.webSocket{end}", {"requestId": "1"})
    assert not activity.unanswered


def test_a_websocket_without_answers_is_awaited_once_until_it_answers(activity: Activity) -> None:
    said = "Network.webSocketFrameSent", {"requestId": "1"}
    activity.handle(*said)
    activity.give_up_sockets()
    activity.mark()
    activity.handle(*said)
    assert not activity.unanswered
    activity.handle("Network.webSocketFrameReceived", {"requestId": "1"})
    activity.handle(*said)
    assert activity.unanswered


def test_sockets_and_requests_are_given_up_apart(activity: Activity) -> None:
    activity.handle("Network.webSocketFrameSent", {"requestId": "1"})
    activity.handle(*request("2", "Fetch"))
    activity.give_up_sockets()
    assert activity.busy
    activity.mark()
    activity.handle(*request("3", "Fetch"))
    assert activity.busy


def test_the_sockets_of_a_document_go_with_it(activity: Activity) -> None:
    activity.handle("Network.webSocketFrameSent", {"requestId": "1"})
    activity.handle(*committed())
    assert not activity.unanswered


def test_a_streamed_answer_is_not_awaited(activity: Activity) -> None:
    activity.handle(*request("1", "Fetch"))
    activity.handle("Network.responseReceived", {"requestId": "1", "response": {"mimeType": "text/event-stream"}})
    assert not activity.busy


def test_an_address_that_was_given_up_is_not_awaited_again(activity: Activity) -> None:
    activity.handle(*request("1", "XHR", "http://a/poll?n=1"))
    activity.give_up()
    activity.handle(*request("2", "XHR", "http://a/poll?n=2"))
    assert not activity.busy


def test_a_navigation_from_request_to_load(activity: Activity) -> None:
    activity.handle("Page.frameRequestedNavigation", {"frameId": MAIN, "disposition": "currentTab"})
    assert activity.waits_for_document
    activity.handle(*request("1", "Document"))
    assert activity.waits_for_document
    activity.handle(*committed())
    assert activity.navigated
    activity.handle("Page.domContentEventFired", {})
    assert (activity.waits_for_document, activity.busy) == (False, True)
    activity.handle("Page.loadEventFired", {})
    assert not activity.busy


def test_a_navigation_without_a_document_ends(activity: Activity) -> None:
    activity.handle("Page.frameRequestedNavigation", {"frameId": MAIN})
    activity.handle(*request("1", "Document"))
    activity.handle("Network.loadingFailed", {"requestId": "1"})
    assert not activity.busy
    assert not activity.navigated


def test_a_page_out_of_the_cache_is_complete(activity: Activity) -> None:
    activity.handle(*committed("BackForwardCacheRestore"))
    assert activity.navigated
    assert not activity.busy


def test_another_tab_is_not_this_tabs_navigation(activity: Activity) -> None:
    activity.handle("Page.frameRequestedNavigation", {"frameId": MAIN, "disposition": "newTab"})
    assert not activity.busy
    assert activity.opening


def test_a_frame_within_is_no_navigation(activity: Activity) -> None:
    activity.handle("Page.frameNavigated", {"frame": {"id": "inner"}})
    activity.handle("Page.navigatedWithinDocument", {"frameId": "inner"})
    assert not activity.navigated


async def test_waiting_wakes_at_the_event(activity: Activity) -> None:
    waiting = asyncio.create_task(activity.until(lambda: activity.navigated, 5))
    await asyncio.wait([waiting], timeout=0)
    activity.handle("Page.navigatedWithinDocument", {"frameId": MAIN})
    assert await waiting
    assert not await activity.until(lambda: activity.busy, 0.01)


@pytest.mark.parametrize(("status", "saving"), [(200, True), (204, False), (205, False)])
def test_a_response_that_is_not_shown_is_saved(activity: Activity, status: int, saving: bool) -> None:
    activity.handle(*request("1", "Document"))
    activity.handle("Network.responseReceived", {"requestId": "1", "response": {"mimeType": "", "status": status}})
    activity.handle("Network.loadingFailed", {"requestId": "1"})
    assert (activity.saving, activity.busy) == (saving, False)


def test_a_response_that_is_shown_is_not_saved(activity: Activity) -> None:
    activity.handle(*request("1", "Document"))
    activity.handle("Network.responseReceived", {"requestId": "1", "response": {"mimeType": "", "status": 200}})
    activity.handle(*committed())
    activity.handle("Network.loadingFailed", {"requestId": "1"})
    assert not activity.saving
