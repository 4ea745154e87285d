"""The proxy over plain sockets: what is beside what browsers do of their own accord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.integration.screening.conftest import Names
from tests.integration.screening.sites import Site, serving

from outrider.config import Settings
from outrider.problems import OutriderError
from outrider.screening.addresses import Policy
from outrider.screening.egress import PROBLEM_HEADER, Egress, EgressProxy

SECONDS = 10.0
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def proxy(names: Names) -> AsyncIterator[EgressProxy]:
    shared = Egress.of(Settings(egress_allow=["127.0.0.0/8"]), lookup=names)
    proxy = shared.proxy()
    await proxy.start()
    yield proxy
    await proxy.close()
    assert shared.own_ports == set()


@asynccontextmanager
async def connected(proxy: EgressProxy) -> AsyncIterator[Streams]:
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def ask(streams: Streams, sent: bytes) -> tuple[str, bytes]:
    """Head and body of the answer."""
    reader, writer = streams
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = [int(line.split(": ")[1]) for line in head.splitlines() if line.startswith("Content-Length")]
    return head, await reader.readexactly(length[0]) if length else b""


def get(url: str, more: str = "") -> bytes:
    return f"GET {url} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode()


async def test_requests_to_one_site_share_a_connection(proxy: EgressProxy, site: Site) -> None:
    async with connected(proxy) as streams:
        for number in range(3):
            head, _ = await ask(streams, get(f"{site.url}/{number}"))
            assert head.startswith("HTTP/1.1 200")
    assert (site.connections, site.asked) == (1, ["/0", "/1", "/2"])


async def test_each_request_goes_to_its_own_site(proxy: EgressProxy, site: Site, victim: Site) -> None:
    async with connected(proxy) as streams:
        for target in (site, victim, site):
            await ask(streams, get(f"{target.url}/"))
    assert (len(site.asked), len(victim.asked)) == (2, 1)


async def test_bodies_arrive(proxy: EgressProxy, site: Site) -> None:
    async with connected(proxy) as streams:
        line = f"POST {site.url}/ HTTP/1.1\r\nHost: x\r\n".encode()
        await ask(streams, line + b"Content-Length: 200000\r\n\r\n" + b"x" * 200_000)
        await ask(streams, line + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert site.bodies == [b"x" * 200_000, b"abcde"]


async def test_a_refusal_has_the_row_and_the_connection_goes_on(proxy: EgressProxy, site: Site) -> None:
    async with connected(proxy) as streams:
        head, page = await ask(streams, get("http://10.0.0.1/"))
        assert head.startswith("HTTP/1.1 403 Forbidden\r\n")
        assert f"{PROBLEM_HEADER}: ADDRESS_REFUSED" in head
        assert b"OUTRIDER_EGRESS_ALLOW=10.0.0.1:80" in page
        head, _ = await ask(streams, get(f"{site.url}/"))
        assert head.startswith("HTTP/1.1 200")
    failure = proxy.failure("http://10.0.0.1/any/path")
    assert failure is not None
    assert failure.code == "ADDRESS_REFUSED"
    assert proxy.failure(site.url) is None


async def test_the_body_of_a_refused_request_goes_nowhere(proxy: EgressProxy, site: Site) -> None:
    async with connected(proxy) as streams:
        refused = b"POST http://10.0.0.1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nsecret"
        assert (await ask(streams, refused))[0].startswith("HTTP/1.1 403")
        await ask(streams, get(f"{site.url}/"))
    assert site.bodies == [b""]


async def test_a_refused_tunnel_is_closed(proxy: EgressProxy) -> None:
    async with connected(proxy) as streams:
        head, _ = await ask(streams, b"CONNECT 192.168.0.1:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert head.startswith("HTTP/1.1 403")
        assert await streams[0].read() == b""


async def test_another_protocol_with_a_refused_site_is_closed(proxy: EgressProxy, site: Site) -> None:
    """What follows is no request, so that there is nothing to be answered any more."""
    upgrade = "Connection: Upgrade\r\nUpgrade: other\r\n"
    async with connected(proxy) as streams:
        head, _ = await ask(streams, get("http://10.0.0.1/", upgrade) + get(f"{site.url}/later"))
        assert head.startswith("HTTP/1.1 403")
        assert await streams[0].read() == b""
    assert site.asked == []


async def test_a_site_that_speaks_first_is_heard(proxy: EgressProxy) -> None:
    """Also when it has hung up by the time the tunnel stands."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        writer.write(b"hello")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for _ in range(20):
            async with connected(proxy) as streams:
                head, _ = await ask(streams, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert head.startswith("HTTP/1.1 200")
                assert await streams[0].read() == b"hello"


async def test_a_request_as_to_a_web_server_is_refused(proxy: EgressProxy) -> None:
    """So a page that finds the port gets nothing out of it."""
    async with connected(proxy) as streams:
        head, page = await ask(streams, b"GET /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert head.startswith("HTTP/1.1 400")
        assert b"MALFORMED_REQUEST" in page
        assert await streams[0].read() == b""


async def test_the_next_address_is_tried_when_one_does_not_answer(proxy: EgressProxy, names: Names, site: Site) -> None:
    names.answers["two.example"] = [["127.0.0.3", "10.0.0.1", "127.0.0.1"]]
    async with connected(proxy) as streams:
        head, _ = await ask(streams, get(f"http://two.example:{site.port}/"))
        assert head.startswith("HTTP/1.1 200")


async def test_a_reader_that_is_slow_slows_down_the_site(proxy: EgressProxy) -> None:
    """What is on its way is bounded, however much the site has to send."""
    total, done = 200_000_000, asyncio.Event()

    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 X\r\nContent-Length: {total}\r\n\r\n".encode())
        try:
            for _ in range(total // 1_000_000):
                writer.write(bytes(1_000_000))
                await writer.drain()
        finally:
            writer.close()
        done.set()

    async with await asyncio.start_server(send, "127.0.0.1", 0) as server, connected(proxy) as (reader, writer):
        port = server.sockets[0].getsockname()[1]
        writer.write(get(f"http://127.0.0.1:{port}/"))
        await reader.readuntil(b"\r\n\r\n")
        seen = -1
        while seen != proxy.bytes_received:  # until nothing moves any more
            seen = proxy.bytes_received
            await asyncio.wait([asyncio.ensure_future(done.wait())], timeout=0.2)
        assert not done.is_set()
        assert proxy.bytes_received < 40_000_000
        for _ in range(total // 1_000_000):
            await reader.readexactly(1_000_000)
        assert proxy.bytes_received > total
        await done.wait()


async def test_another_policy_ends_what_the_earlier_one_allowed(proxy: EgressProxy, site: Site) -> None:
    async with connected(proxy) as streams:
        await ask(streams, get(f"{site.url}/"))
        proxy.bind(Policy())
        assert await streams[0].read() == b""
    async with connected(proxy) as streams:
        assert (await ask(streams, get(f"{site.url}/")))[0].startswith("HTTP/1.1 403")


async def test_closing_ends_what_is_under_way(names: Names) -> None:
    """Also a connection that is being made and a tunnel that is open."""
    arrived, held = asyncio.Event(), asyncio.Event()

    async def hanging(name: str) -> list[object]:
        del name
        arrived.set()
        await held.wait()
        return []

    shared = Egress.of(Settings(egress_allow=["127.0.0.0/8"]), lookup=hanging)  # type: ignore[arg-type] # never answers
    proxy = shared.proxy()
    await proxy.start()
    async with serving(Site()) as site, connected(proxy) as tunnel, connected(proxy) as opening:
        target = f"127.0.0.1:{site.port}"
        assert (await ask(tunnel, f"CONNECT {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))[0].startswith(
            "HTTP/1.1 200"
        )
        opening[1].write(get("http://hanging.example/"))
        await arrived.wait()
        before = asyncio.all_tasks()
        await proxy.close()
        await proxy.close()
        for reader, _ in (tunnel, opening):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1)
        assert not {task for task in before if "_open" in repr(task.get_coro()) and not task.done()}
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", proxy.port)


async def test_own_addresses_come_from_where_the_server_listens(tmp_path: Path, names: Names) -> None:
    settings = Settings(data_dir=tmp_path, egress_allow=["0.0.0.0/0"], public_url="https://outrider.example/base")
    proxy = Egress.of(settings, "http://127.0.0.1:8470", names).proxy()
    names.answers |= {"outrider.example": [["127.0.0.1"]], "any.example": [["127.0.0.1"]]}
    await proxy.start()
    async with connected(proxy) as streams:
        for url in ("http://127.0.0.1:8470/", "http://any.example:8470/", f"http://127.0.0.1:{proxy.port}/",
                    "http://outrider.example:443/"):  # fmt: skip
            head, _ = await ask(streams, get(url))
            assert f"{PROBLEM_HEADER}: ADDRESS_RESERVED" in head, url
    await proxy.close()


@pytest.mark.parametrize("setting", ["egress_allow", "egress_deny"])
def test_lists_that_are_wrong_stop_the_server_from_starting(setting: str) -> None:
    with pytest.raises(OutriderError) as caught:
        Egress.of(Settings(**{setting: ["not a host"]}))  # type: ignore[arg-type] # one of two settings
    assert caught.value.code == "CONFIG_INVALID"
    assert "not a host" in caught.value.message
