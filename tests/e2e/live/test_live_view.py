"""The live view's socket: pictures, progress, taking over, and every way in which it ends."""

import asyncio
import json
from contextlib import suppress

import httpx
import pytest
from tests.e2e.api.serving import Pages, ServerProcess, problem_of, serving
from tests.e2e.live.viewer import link_of, log_of, new_session, opened, socket_of, view_url, watching
from websockets.exceptions import ConnectionClosed, InvalidStatus

JPEG = b"\xff\xd8\xff"


async def test_the_link_of_a_session_shows_its_browser(client: httpx.Client, session: str, pages: Pages) -> None:
    url = link_of(client, session)
    async with watching(url) as viewer:
        await viewer.until(lambda: bool(viewer.pictures))
        assert viewer.pictures[0].startswith(JPEG)
        assert await viewer.heard("control") == {"type": "control", "allowed": False, "held": False}
        assert (await viewer.heard("session"))["status"] == "ready"
        blank = viewer.pictures[-1]
        await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/?live"})
        await viewer.heard("page", url=f"{pages.url}/?live")
        await viewer.until(lambda: viewer.pictures[-1] != blank)


async def test_progress_is_what_the_log_says(client: httpx.Client, session: str) -> None:
    async with watching(link_of(client, session)) as viewer:
        await asyncio.to_thread(client.post, f"{session}/message", json={"message": "Reply with 'Hello there'"})
        finished = await viewer.heard("session", status="finished")
        assert "Hello there" in finished["step"]


async def test_viewers_share_what_is_drawn_and_a_slow_one_holds_nobody_up(
    client: httpx.Client, session: str, pages: Pages
) -> None:
    url = view_url(client, session)
    async with watching(url) as one, watching(url, shows=False) as slow:
        await one.until(lambda: bool(one.pictures))
        await slow.until(lambda: bool(slow.pictures))
        for number in range(4):
            before = len(one.pictures)
            address = {"url": f"{pages.url}/?{number}"}
            await asyncio.to_thread(client.post, f"{session}/navigate", json=address)
            await one.until(lambda before=before: len(one.pictures) > before)  # type: ignore[misc] # bound on purpose
        assert len(slow.pictures) <= 2, "pictures that were not asked for are not sent"


async def test_a_person_takes_over_and_gives_back(client: httpx.Client, busy: str, pages: Pages) -> None:
    async with watching(view_url(client, busy, right="control", holder="Anna")) as anna:
        await anna.heard("control", allowed=True, held=False)
        await anna.heard("session", status="running")
        await anna.say(type="take_over")
        await anna.heard("control", held=True)
        await anna.heard("session", status="paused")
        log = log_of(client, busy)
        assert [(m["content"], m["metadata"]["event"]) for m in log if m["metadata"].get("holder") == "Anna"] == [
            ("“Anna” took over mouse and keyboard in the live view; the task is paused.", "paused")
        ]
        await anna.say(type="give_back")
        pages.release.set()
        await anna.until(lambda: anna.messages[-1].get("status") == "finished")
        assert any(m.get("held") is False for m in anna.messages[-4:])
        assert "“Anna” gave mouse and keyboard back" in str(log_of(client, busy))


async def test_the_agent_going_on_ends_the_takeover(client: httpx.Client, busy: str) -> None:
    async with watching(view_url(client, busy, right="control")) as viewer:
        await viewer.say(type="take_over")
        await viewer.heard("control", held=True)
        await viewer.heard("session", status="paused")
        seen = len(viewer.messages)
        await asyncio.to_thread(client.post, f"{busy}/resume")
        await viewer.until(lambda: {"type": "control", "allowed": True, "held": False} in viewer.messages[seen:])


async def test_a_task_goes_on_when_whoever_took_it_over_has_left(client: httpx.Client, busy: str, pages: Pages) -> None:
    async with watching(view_url(client, busy)) as watcher:
        async with watching(view_url(client, busy, right="control", holder="Anna")) as anna:
            await anna.say(type="take_over")
            await anna.heard("control", held=True)
            await watcher.heard("session", status="paused")
            seen = len(watcher.messages)
            anna.socket.transport.abort()
        await watcher.until(lambda: any(m.get("status") == "running" for m in watcher.messages[seen:]))
        pages.release.set()
        await watcher.heard("session", status="finished")
    said = [(m["content"], m["metadata"]["event"]) for m in log_of(client, busy) if m["metadata"].get("holder")]
    assert said[1:] == [("“Anna” left without giving mouse and keyboard back; the task goes on.", "resumed")]


async def test_mouse_keyboard_and_text_reach_the_page(client: httpx.Client, session: str, pages: Pages) -> None:
    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/form"})
    async with watching(view_url(client, session, right="control")) as viewer:
        await viewer.heard("page", url=f"{pages.url}/form")
        await viewer.say(type="write", text="ignored: it has not taken over")
        await viewer.say(type="take_over")
        await viewer.heard("control", held=True)
        for action in ("down", "up"):
            await viewer.say(type="pointer", action=action, x=0.1, y=0.1, button="left", clicks=1)
        for key in ("T", "Backspace", "Space"):
            await viewer.say(type="keys", keys=key)
        await viewer.say(type="write", text="grün")
        await viewer.say(type="keys", keys="Hyper+q")
        assert (await viewer.heard("notice"))["error"]["code"] == "UNPROCESSABLE"
        await viewer.say(type="keys", keys="Enter")
        await viewer.heard("page", url=f"{pages.url}/typed?q=+gr%C3%BCn")


async def test_who_may_only_watch_can_do_nothing_else(client: httpx.Client, session: str) -> None:
    async with watching(view_url(client, session, right="view")) as viewer:
        for message in ({"type": "take_over"}, {"type": "give_back"}, {"type": "keys", "keys": "a"}):
            seen = len(viewer.messages)
            await viewer.say(**message)
            await viewer.until(lambda seen=seen: any(m["type"] == "notice" for m in viewer.messages[seen:]))  # type: ignore[misc]
        assert (await viewer.heard("notice"))["error"]["code"] == "SESSION_RIGHT_MISSING"


async def test_the_last_one_who_takes_over_has_it(client: httpx.Client, session: str) -> None:
    url = view_url(client, session, right="control")
    async with watching(url) as one, watching(url) as other:
        await one.say(type="take_over")
        await one.heard("control", held=True)
        seen = len(one.messages)
        await other.say(type="take_over")
        await other.heard("control", held=True)
        await one.until(lambda: any(m.get("held") is False for m in one.messages[seen:]))


@pytest.mark.parametrize("how", ["delete", "expiry"])
async def test_it_ends_clearly(client: httpx.Client, session: str, how: str) -> None:
    async with watching(view_url(client, session, expires_in=1 if how == "expiry" else 60)) as viewer:
        await viewer.heard("session")
        if how == "delete":
            await asyncio.to_thread(client.delete, session)
        bye = await viewer.heard("bye")
        code = "SESSION_NOT_FOUND" if how == "delete" else "SESSION_TOKEN_EXPIRED"
        assert (bye["error"]["code"], bye["again"]) == (code, False)
        assert await viewer.closed() == (4404 if how == "delete" else 4401, code)


@pytest.mark.parametrize(
    ("first", "status", "code"),
    [
        ({"type": "token", "token": "nonsense"}, 401, "SESSION_TOKEN_INVALID"),
        ({"type": "token", "token": ""}, 401, "SESSION_TOKEN_INVALID"),
        ({"type": "shown"}, 401, "SESSION_TOKEN_INVALID"),
        ("{", 400, "SOCKET_MESSAGE_INVALID"),
        (b"\x00", 400, "SOCKET_MESSAGE_INVALID"),
        ('"' + "a" * 70_000 + '"', 400, "SOCKET_MESSAGE_INVALID"),
        (None, 408, "SOCKET_SILENT"),
    ],
)
async def test_wrong_first_words(client: httpx.Client, session: str, first: object, status: int, code: str) -> None:
    async with opened(link_of(client, session)) as viewer:
        if first is not None:
            await viewer.socket.send(json.dumps(first) if isinstance(first, dict) else first)  # type: ignore[arg-type]
        await viewer.read()
        assert viewer.messages[-1]["error"]["code"] == code
        assert await viewer.closed() == (4000 + status, code)


async def test_a_token_is_for_one_session_and_one_purpose(client: httpx.Client, session: str) -> None:
    url = link_of(client, session)
    made = await asyncio.to_thread(client.post, f"{session}/devtools_tokens", json={})
    devtools = made.json()["token"]
    other = url.replace(session.rpartition("/")[2], "another")
    for address, token, close in (
        (url, devtools, (4403, "SESSION_RIGHT_MISSING")),
        (other, socket_of(url)[1], (4401, "SESSION_TOKEN_INVALID")),
    ):
        async with opened(address) as viewer:
            await viewer.say(type="token", token=token)
            await viewer.read()
            assert await viewer.closed() == close


async def test_garbage_later_on_ends_the_view(client: httpx.Client, session: str) -> None:
    async with watching(view_url(client, session)) as viewer:
        await viewer.heard("session")
        await viewer.socket.send("{}")
        assert await viewer.closed() == (4400, "SOCKET_MESSAGE_INVALID")


async def test_a_message_beyond_all_bounds_is_not_taken_in(client: httpx.Client, session: str) -> None:
    async with opened(view_url(client, session)) as viewer:
        with suppress(ConnectionClosed):
            await viewer.socket.send("a" * 17_000_000)
        assert (await viewer.closed())[0] == 1009


async def test_pages_of_other_sites_can_not_open_it(client: httpx.Client, session: str) -> None:
    url = view_url(client, session)
    for origin in ("https://evil.example", "null", "devtools://devtools"):
        with pytest.raises(InvalidStatus) as caught:
            async with opened(url, origin=origin):
                pytest.fail("it was let in")
        assert caught.value.response.status_code == 403
        assert json.loads(caught.value.response.body)["error"]["code"] == "ORIGIN_REFUSED"
    own = url.partition("/live")[0]
    async with opened(url, origin=own):
        pass


async def test_viewers_are_limited(client: httpx.Client, session: str) -> None:
    url = view_url(client, session)
    async with watching(url) as one, watching(url) as two, watching(url) as three:
        for viewer in (one, two, three):
            await viewer.heard("session")
        async with watching(url) as fourth:
            assert await fourth.closed() == (4429, "SOCKET_LIMIT_REACHED")


async def test_a_session_that_is_gone(client: httpx.Client) -> None:
    session = new_session(client)
    url = view_url(client, session)
    await asyncio.to_thread(client.delete, session)
    refused = await asyncio.to_thread(client.post, f"{session}/view_tokens", json={})
    problem_of(refused, 404, "SESSION_NOT_FOUND")
    async with watching(url) as viewer:
        assert await viewer.closed() == (4404, "SESSION_NOT_FOUND")


def test_tokens_are_asked_for_properly(client: httpx.Client, session: str) -> None:
    for wrong in ({"right": "devtools"}, {"expires_in": 0}, {"expires_in": 10**9}, {"holder": "x" * 101}):
        problem_of(client.post(f"{session}/view_tokens", json=wrong), 422, "UNPROCESSABLE")
    problem_of(httpx.post(f"{client.base_url}{session}/view_tokens", json={}), 401, "UNAUTHORIZED")


async def test_a_server_that_stops_says_so(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("stopping") / "data") as stopping, stopping.client() as client:
        session = new_session(client)
        async with watching(view_url(client, session)) as viewer:
            await viewer.heard("session")
            stopping.process.terminate()
            code, _ = await viewer.closed()
            assert code in (1012, 4503)
        assert stopping.process.wait(15) == 0


def test_no_token_is_in_the_log(server: ServerProcess, client: httpx.Client, session: str) -> None:
    client.get(f"{session}/devtools/json/version?token=abc.def")
    server.logged(lambda line: line.get("path", "").endswith("/json/version"))
    text = json.dumps(server.lines)
    assert "token=" not in text
    assert "WyJ" not in text, "what every token begins with"
