"""Sites with several addresses, of which some do not answer, refuse, or answer late."""

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address

import pytest
from tests.integration.screening.sites import Site

from outrider.screening.dialling import dial

#: Far below what the kernel waits for an answer.
SECONDS = 3.0
SILENT = ip_address("127.0.0.77")
REFUSING = ip_address("127.0.0.78")
HERE = ip_address("127.0.0.1")


@pytest.fixture
def silent(site: Site) -> Iterator[socket.socket]:
    """Something at SILENT that answers no more: the queue of its listener is full."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind((str(SILENT), site.port))
        listener.listen(0)
        for waits in (first, second):
            waits.setblocking(False)
            waits.connect_ex((str(SILENT), site.port))
        yield listener


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize(
    "addresses", [[SILENT, HERE], [REFUSING, HERE], [SILENT, REFUSING, SILENT, HERE], [HERE, SILENT]]
)
async def test_the_first_that_answers_is_taken(addresses: list[IPv4Address], site: Site) -> None:
    async with asyncio.timeout(SECONDS):
        with await dial(addresses, site.port) as sock:
            assert sock.getpeername() == (str(HERE), site.port)


async def test_when_all_refuse_the_failure_is_theirs(site: Site) -> None:
    async with asyncio.timeout(SECONDS):
        with pytest.raises(ConnectionRefusedError):
            await dial([REFUSING, REFUSING], site.port)


async def test_no_address_is_a_failure_too() -> None:
    with pytest.raises(OSError, match="no address"):
        await dial([], 80)


@pytest.mark.usefixtures("silent")
async def test_nothing_goes_on_for_a_caller_that_has_left(site: Site) -> None:
    before = asyncio.all_tasks()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await dial([SILENT, SILENT], site.port)
    assert asyncio.all_tasks() == before
