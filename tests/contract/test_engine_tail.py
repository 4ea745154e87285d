"""What every engine promises to those who read a session's log while it grows."""

import asyncio
from contextlib import aclosing

import pytest
from tests.contract.builders import SECONDS, log_entry, read_until, ready
from tests.contract.conftest import OpenEngine

from outrider.interfaces.sessions import Change, Engine, Message, SessionStore, State
from outrider.problems import OutriderError

END = "the end"


def is_end(message: Message) -> bool:
    return message.content == END


async def append(engine: Engine, *texts: str) -> None:
    await engine.send("s-1", Change(entries=tuple(log_entry(text) for text in texts)))


async def test_fifty_readers_get_everything_once_and_in_order(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    await append(engine, *(f"before {n}" for n in range(20)))

    async with asyncio.TaskGroup() as group:
        readers = [group.create_task(read_until(engine, "s-1", is_end)) for _ in range(50)]
        for burst in range(60):
            await append(engine, *(f"{burst}.{n}" for n in range(burst % 4)))
        await append(engine, END)

    expected = list(await store.messages("s-1"))
    assert len(expected) == 20 + sum(burst % 4 for burst in range(60)) + 1
    assert all(reader.result() == expected for reader in readers)


async def test_concurrent_writers_leave_no_gap_for_readers(engine: Engine, store: SessionStore) -> None:
    await ready(store)

    async with asyncio.TaskGroup() as group:
        readers = [group.create_task(read_until(engine, "s-1", is_end)) for _ in range(5)]
        await asyncio.gather(*(append(engine, f"a{n}", f"b{n}") for n in range(100)))
        await append(engine, END)

    assert all([m.id for m in reader.result()] == list(range(1, 202)) for reader in readers)


async def test_a_reader_that_comes_back_goes_on_where_it_was(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    await append(engine, "one", "two", "three")

    first = await read_until(engine, "s-1", lambda message: message.id == 2)
    await append(engine, "four", END)
    second = await read_until(engine, "s-1", is_end, after=first[-1].id)

    assert [message.id for message in first + second] == [1, 2, 3, 4, 5]


async def test_a_slow_reader_loses_nothing_and_holds_nobody_up(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    await append(engine, "first")
    async with asyncio.timeout(SECONDS), aclosing(engine.tail("s-1")) as slow:
        assert isinstance(await anext(slow), Message)  # and now it does something else

        for burst in range(30):
            await append(engine, *(f"{burst}.{n}" for n in range(10)))
        await append(engine, END)

        rest: list[int] = []
        while isinstance(message := await anext(slow), Message):
            rest.append(message.id)

    assert rest == list(range(2, 303))


async def test_the_state_is_told_when_nothing_more_is_stored_and_after_every_change(
    engine: Engine, store: SessionStore
) -> None:
    await ready(store)
    await append(engine, "one")
    async with asyncio.timeout(SECONDS), aclosing(engine.tail("s-1")) as tail:
        assert [_told(await anext(tail)), _told(await anext(tail))] == ["one", State.READY]

        await append(engine, "two")
        assert [_told(await anext(tail)), _told(await anext(tail))] == ["two", State.READY]

        await engine.send("s-1", Change(event="delete"))
        assert await anext(tail) is State.DELETED


async def test_a_reader_may_wait_before_the_first_message(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    async with asyncio.timeout(SECONDS), aclosing(engine.tail("s-1")) as tail:
        assert await anext(tail) is State.READY
        waiting = asyncio.ensure_future(anext(tail))

        await append(engine, "one")

        assert _told(await waiting) == "one"


async def test_a_cancelled_writer_still_reaches_the_readers(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    async with asyncio.timeout(SECONDS), aclosing(engine.tail("s-1")) as tail:
        assert await anext(tail) is State.READY
        writer = asyncio.create_task(append(engine, "written"))
        await asyncio.sleep(0)  # it has begun
        writer.cancel()

        assert _told(await anext(tail)) == "written"
        (outcome,) = await asyncio.gather(writer, return_exceptions=True)
        assert isinstance(outcome, asyncio.CancelledError)


async def test_an_unknown_session_has_no_tail(engine: Engine) -> None:
    with pytest.raises(OutriderError, match="nowhere"):
        await anext(engine.tail("nowhere"))


async def test_a_tail_ends_when_the_engine_stops(open_engine: OpenEngine, store: SessionStore) -> None:
    await ready(store)
    async with open_engine() as engine:
        await append(engine, "one")
        reader = asyncio.create_task(_read_to_the_end(engine))
        await append(engine, "two")
        await engine.stop()

    async with asyncio.timeout(SECONDS):
        assert (await reader)[-2:] == ["one", "two"]


async def _read_to_the_end(engine: Engine) -> list[object]:
    return [_told(news) async for news in engine.tail("s-1") if isinstance(news, Message)]


def _told(news: Message | State) -> object:
    return news.content if isinstance(news, Message) else news


async def test_waiting_for_a_state_ends_with_it_or_with_the_deadline(engine: Engine, store: SessionStore) -> None:
    await ready(store)
    waiting = asyncio.create_task(engine.wait_state("s-1", leave=frozenset({State.READY}), timeout=SECONDS))
    await engine.send("s-1", Change(event="message", entries=(log_entry(),)))

    assert (await waiting).state is State.RUNNING
    late = await engine.wait_state("s-1", leave=frozenset({State.RUNNING}), timeout=0.01)
    assert late.state is State.RUNNING
