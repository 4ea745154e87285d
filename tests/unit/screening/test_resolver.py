"""Names that hang hold up nothing but themselves."""

import asyncio
import socket
import threading
from ipaddress import ip_address
from typing import Any

import pytest
from tests.contract.builders import SECONDS

from outrider.screening.resolver import Resolver

ROWS: list[Any] = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 0))]


class Names:
    """Those that begin with “slow” are answered when told to."""

    def __init__(self) -> None:
        self.answer_now = threading.Event()
        self.asked: list[str] = []

    def __call__(self, name: str) -> list[Any]:
        self.asked.append(name)
        if name.startswith("slow"):
            assert self.answer_now.wait(SECONDS)
        return ROWS


async def test_names_that_hang_take_no_thread_of_the_event_loop() -> None:
    names = Names()
    resolver = Resolver(ask=names)
    hanging = [asyncio.create_task(resolver(f"slow-{number}.example")) for number in range(40)]
    async with asyncio.timeout(SECONDS):
        assert await resolver("quick.example") == [ip_address("1.1.1.1")]
        await asyncio.to_thread(int)
    assert not any(task.done() for task in hanging)

    names.answer_now.set()
    assert await asyncio.gather(*hanging) == [[ip_address("1.1.1.1")]] * 40


async def test_one_whose_caller_has_gone_holds_its_place_until_it_is_answered() -> None:
    names = Names()
    resolver = Resolver(1, names)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await resolver("slow.example")
    waiting = asyncio.create_task(resolver("quick.example"))
    await asyncio.sleep(0)
    assert names.asked == ["slow.example"]

    names.answer_now.set()
    assert await waiting == [ip_address("1.1.1.1")]


async def test_what_the_machine_can_not_tell_is_raised() -> None:
    def unknown(name: str) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, name)

    with pytest.raises(OSError, match=r"nowhere\.example"):
        await Resolver(ask=unknown)("nowhere.example")


async def test_the_machine_itself_is_asked() -> None:
    assert ip_address("127.0.0.1") in await Resolver()("localhost")
