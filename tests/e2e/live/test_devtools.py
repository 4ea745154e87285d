"""DevTools addresses: Playwright attaches beside the agent, and what a client may not do or does wrong."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Error, async_playwright
from tests.e2e.api.serving import Pages, ServerProcess, problem_of, run_to_end
from tests.e2e.live.viewer import SECONDS, log_of, new_session
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus


def tokens(client: httpx.Client, session: str, **wanted: object) -> dict[str, str]:
    answer = client.post(f"{session}/devtools_tokens", json=wanted)
    assert answer.status_code == 200, answer.text
    made: dict[str, str] = answer.json()
    return made


class Raw:
    """A DevTools client by hand."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._number = 0
        self.events: list[dict[str, Any]] = []

    async def call(self, method: str, session_id: str = "", **params: object) -> dict[str, Any]:
        """The answer, error included."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        await self.socket.send(json.dumps(message | ({"sessionId": session_id} if session_id else {})))
        async with asyncio.timeout(SECONDS):
            while True:
                answer: dict[str, Any] = json.loads(await self.socket.recv())
                if answer.get("id") == self._number:
                    return answer
                self.events.append(answer)

    async def close_code(self) -> tuple[int | None, str | None]:
        async with asyncio.timeout(SECONDS):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed:
                return self.socket.close_code, self.socket.close_reason


@asynccontextmanager
async def raw(url: str) -> AsyncIterator[Raw]:
    async with connect(url, proxy=None, max_size=None) as socket:
        yield Raw(socket)


@pytest.mark.parametrize("form", ["url", "http_url"])
async def test_playwright_attaches_beside_the_agent(
    client: httpx.Client, session: str, pages: Pages, form: str
) -> None:
    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/?agent"})
    async with async_playwright() as driver:
        browser = await driver.chromium.connect_over_cdp(tokens(client, session)[form])
        (context,) = browser.contexts
        (page,) = context.pages
        assert page.url == f"{pages.url}/?agent"
        await page.goto(f"{pages.url}/form")
        await page.fill("input", "tea")
        await page.press("input", "Enter")
        await page.wait_for_url("**/typed?q=tea")
        assert await page.inner_text("h1") == "Tea"
        await page.click("h1")
        further = await context.new_page()
        await further.goto(f"{pages.url}/?further")
        assert await further.title() == "Tea"
        await further.close()
        elsewhere = await browser.new_context()
        await (await elsewhere.new_page()).goto(f"{pages.url}/?elsewhere")
        with pytest.raises(Error, match="may be opened"):
            await page.goto("file:///etc/passwd")
        await browser.close()
    task = f"Open {pages.url}/?7 and read the price."
    await asyncio.to_thread(run_to_end, client, session, task)
    done = log_of(client, session)[-1]
    assert (done["type"], "7" in str(done["content"])) == ("DONE", True)


async def test_a_client_neither_ends_the_browser_nor_leaves_anything_behind(
    client: httpx.Client, session: str, pages: Pages
) -> None:
    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/"})
    async with raw(tokens(client, session)["url"]) as tool:
        for method in ("Browser.close", "Browser.crash", "SystemInfo.getInfo", "Target.setRemoteLocations"):
            assert "is refused" in (await tool.call(method))["error"]["message"]
        made = await tool.call("Target.createBrowserContext")
        await tool.call("Target.createTarget", url="about:blank", browserContextId=made["result"]["browserContextId"])
        targets = (await tool.call("Target.getTargets"))["result"]["targetInfos"]
        own = next(each for each in targets if each["url"] == f"{pages.url}/")
        attached = await tool.call("Target.attachToTarget", targetId=own["targetId"], flatten=True)
        page = attached["result"]["sessionId"]
        small = {"width": 300, "height": 200, "deviceScaleFactor": 1, "mobile": False}
        await tool.call("Emulation.setDeviceMetricsOverride", page, **small)
        width = await tool.call("Runtime.evaluate", page, expression="innerWidth")
        assert width["result"]["result"]["value"] == 300
    async with raw(tokens(client, session)["url"]) as tool:

        async def pages_open() -> list[str]:
            infos = (await tool.call("Target.getTargets"))["result"]["targetInfos"]
            return [each["url"] for each in infos if each["type"] == "page"]

        async with asyncio.timeout(SECONDS):
            while await pages_open() != [f"{pages.url}/"]:
                continue
        attached = await tool.call("Target.attachToTarget", targetId=own["targetId"], flatten=True)
        page = attached["result"]["sessionId"]
        async with asyncio.timeout(SECONDS):
            while (await tool.call("Runtime.evaluate", page, expression="innerWidth"))["result"]["result"][
                "value"
            ] != 1280:
                continue


async def test_clients_do_not_see_each_other(client: httpx.Client, session: str) -> None:
    url = tokens(client, session)["url"]
    async with raw(url) as one, raw(url) as other:
        targets = (await one.call("Target.getTargets"))["result"]["targetInfos"]
        page = next(each["targetId"] for each in targets if each["type"] == "page")
        mine = (await one.call("Target.attachToTarget", targetId=page, flatten=True))["result"]["sessionId"]
        assert (await one.call("Runtime.evaluate", mine, expression="1+1"))["result"]["result"]["value"] == 2
        theirs = await other.call("Runtime.evaluate", mine, expression="1+1")
        assert theirs["error"]["message"] == "Session with given id not found."
        assert other.events == []
        assert "error" in await one.call("Runtime.noSuchMethod", mine)
        await one.call("Target.detachFromTarget", sessionId=mine)
        assert "error" in await one.call("Runtime.evaluate", mine, expression="1")
        with pytest.raises(InvalidStatus) as caught:
            async with raw(url):
                pytest.fail("one too many was let in")
        assert caught.value.response.status_code == 429


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        '{"id": "1", "method": "Browser.getVersion"}',
        '{"id": 1}',
        '{"id": 1, "method": "A.b", "params": 3}',
        "[" * 100_000,
        b"\x00",
    ],
)
async def test_what_is_no_command_ends_the_connection(client: httpx.Client, session: str, message: str | bytes) -> None:
    async with raw(tokens(client, session)["url"]) as tool:
        await tool.socket.send(message)
        assert await tool.close_code() == (4400, "SOCKET_MESSAGE_INVALID")


async def test_who_is_not_let_in(client: httpx.Client, session: str) -> None:
    made = tokens(client, session)
    view = (await asyncio.to_thread(client.post, f"{session}/view_tokens", json={"right": "control"})).json()["token"]
    base = made["url"].partition("?")[0]
    cases: list[tuple[str, dict[str, Any], int, str]] = [
        (f"{base}?token={view}", {}, 403, "SESSION_RIGHT_MISSING"),
        (base, {}, 401, "SESSION_TOKEN_INVALID"),
        (made["url"].replace(session.rpartition("/")[2], "another"), {}, 401, "SESSION_TOKEN_INVALID"),
        (made["url"], {"origin": "https://evil.example"}, 403, "ORIGIN_REFUSED"),
    ]
    for url, options, status, code in cases:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(url, proxy=None, **options):
                pytest.fail("it was let in")
        assert caught.value.response.status_code == status
        assert json.loads(caught.value.response.body)["error"]["code"] == code
    wanted: list[dict[str, Any]] = [
        {"origin": "devtools://devtools"},
        {"additional_headers": {"Authorization": f"Bearer {made['token']}"}},
    ]
    for fine in wanted:
        async with connect(made["url"] if "origin" in fine else base, proxy=None, **fine):
            pass


def test_the_version_needs_the_token(client: httpx.Client, session: str) -> None:
    made = tokens(client, session)
    path = f"{session}/devtools/json/version"
    version = httpx.get(f"{client.base_url}{path}", headers={"Authorization": f"Bearer {made['token']}"}).json()
    assert version["webSocketDebuggerUrl"] == made["url"]
    assert "Chrome/" in version["Browser"]
    problem_of(httpx.get(f"{client.base_url}{path}"), 401, "SESSION_TOKEN_INVALID")


@pytest.mark.parametrize("how", ["delete", "expiry"])
async def test_it_ends_with_its_session_and_its_token(client: httpx.Client, session: str, how: str) -> None:
    async with raw(tokens(client, session, expires_in=1 if how == "expiry" else 60)["url"]) as tool:
        await tool.call("Browser.getVersion")
        if how == "delete":
            await asyncio.to_thread(client.delete, session)
        code = "SESSION_NOT_FOUND" if how == "delete" else "SESSION_TOKEN_EXPIRED"
        assert await tool.close_code() == (4404 if how == "delete" else 4401, code)


async def test_a_session_that_is_gone(client: httpx.Client) -> None:
    session = new_session(client)
    url = tokens(client, session)["url"]
    await asyncio.to_thread(client.delete, session)
    with pytest.raises(InvalidStatus) as caught:
        async with raw(url):
            pytest.fail("it was let in")
    assert caught.value.response.status_code == 404


async def test_files_of_the_machine_stay_out_of_reach(
    server: ServerProcess, client: httpx.Client, session: str, pages: Pages, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    await asyncio.to_thread(client.post, f"{session}/navigate", json={"url": f"{pages.url}/"})
    async with raw(tokens(client, session)["url"]) as tool:
        targets = (await tool.call("Target.getTargets"))["result"]["targetInfos"]
        page = (await tool.call("Target.attachToTarget", targetId=targets[0]["targetId"], flatten=True))["result"][
            "sessionId"
        ]
        for url in (f"file://{secret}", f" FILE://{secret}", f"view-source:file://{secret}"):
            assert "error" in await tool.call("Page.navigate", page, url=url)
            assert "error" in await tool.call("Target.createTarget", url=url)
        made = await tool.call(
            "Runtime.evaluate",
            page,
            expression="document.body.innerHTML = '<input type=file>'; document.body.firstChild",
        )
        field = made["result"]["result"]["objectId"]
        assert "error" in await tool.call("DOM.setFileInputFiles", page, objectId=field, files=[str(secret)])
        inside = await tool.call(
            "Runtime.evaluate",
            page,
            expression=f"fetch('file://{secret}').then(r => r.text()).catch(e => 'refused')",
            awaitPromise=True,
        )
        assert inside["result"]["result"]["value"] == "refused"
        await tool.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
        await tool.call(
            "Runtime.evaluate",
            page,
            expression="Object.assign(document.createElement('a'), {href: 'data:,x', download: 'x.txt'}).click()",
        )
        async with asyncio.timeout(SECONDS):  # it comes to the session's own files
            while "x.txt" not in (await asyncio.to_thread(client.get, f"{session}/files")).text:
                await tool.call("Browser.getVersion")
        assert os.listdir(tmp_path) == ["secret.txt"]  # noqa: PTH208 - a list of names is what is meant


@pytest.mark.slow
async def test_a_client_that_does_not_read_is_cut_off(
    server: ServerProcess, client: httpx.Client, session: str
) -> None:
    async with connect(
        tokens(client, session)["url"], proxy=None, max_queue=1, max_size=None, close_timeout=0.1
    ) as socket:
        tool = Raw(socket)
        targets = (await tool.call("Target.getTargets"))["result"]["targetInfos"]
        page = await tool.call("Target.attachToTarget", targetId=targets[0]["targetId"], flatten=True)
        call = {"method": "Runtime.evaluate", "params": {"expression": "'x'.repeat(3000000)"}, **page["result"]}
        for number in range(1000, 1020):
            await socket.send(json.dumps({"id": number, **call}))
        await asyncio.to_thread(server.logged, lambda line: line.get("ended") == "SOCKET_TOO_SLOW")
        assert (await asyncio.to_thread(client.get, f"{session}/screenshot")).status_code == 200


async def test_contexts_of_a_client_keep_the_rules_for_addresses(
    server: ServerProcess, client: httpx.Client, session: str, pages: Pages
) -> None:
    async with async_playwright() as driver:
        browser = await driver.chromium.connect_over_cdp(tokens(client, session)["url"])
        page = await (await browser.new_context()).new_page()
        await page.goto(f"{pages.url}/?allowed")
        for refused in (f"{server.url}/healthz", "http://169.254.169.254/"):
            with suppress(Error):
                answer = await page.goto(refused)
                assert answer is not None
                assert answer.status == 403
            assert '"ok"' not in await page.content()
        await browser.close()
