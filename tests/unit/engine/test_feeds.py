"""Feeds: what live readers get without asking the store."""

import asyncio
from datetime import UTC, datetime

import pytest

from outrider.engine.feeds import RECENT, Feed, Feeds
from outrider.interfaces.sessions import Message, MessageType, State


def messages(*ids: int) -> list[Message]:
    return [Message(number, MessageType.LOG, str(number), {}, datetime(2026, 1, 1, tzinfo=UTC)) for number in ids]


def test_a_new_feed_knows_nothing() -> None:
    assert Feed().since(0) is None


def test_a_feed_has_the_latest_messages() -> None:
    feed = Feed()
    feed.publish(State.RUNNING, messages(5, 6, 7))

    assert feed.since(4) == tuple(messages(5, 6, 7))
    assert feed.since(6) == tuple(messages(7))
    assert feed.since(7) == ()
    assert feed.since(3) is None


def test_a_feed_is_bounded() -> None:
    feed = Feed()
    feed.publish(State.RUNNING, messages(*range(1, 2 * RECENT + 1)))

    assert feed.since(RECENT - 1) is None
    assert len(feed.since(RECENT) or ()) == RECENT


@pytest.mark.parametrize("order", [([6], [5]), ([5], [7], [6])])
def test_messages_published_out_of_order_never_hide_one_another(order: tuple[list[int], ...]) -> None:
    feed = Feed()
    for ids in order:
        feed.publish(State.RUNNING, messages(*ids))
    last = max(max(ids) for ids in order)

    for after in range(4, last):
        given = feed.since(after)
        assert given is None or given[0].id == after + 1
    assert feed.since(last) == ()


async def test_a_change_between_looking_and_waiting_is_not_missed() -> None:
    feed = Feed()
    seen = feed.bell.rings
    feed.publish(State.RUNNING, ())

    async with asyncio.timeout(1):
        assert await feed.changed(seen)


async def test_a_closed_feed_ends_after_its_last_news() -> None:
    feeds = Feeds()
    with feeds.join("s") as feed:
        seen = feed.bell.rings
        feeds.publish("s", State.RUNNING, messages(1))
        feeds.close()
        assert await feed.changed(seen)
        assert not await feed.changed(feed.bell.rings)
    with feeds.join("s") as later:
        assert not await later.changed(later.bell.rings)


def test_a_feed_lives_as_long_as_it_is_read() -> None:
    feeds = Feeds()
    with feeds.join("s") as first:
        with feeds.join("s") as second:
            assert first is second
        feeds.publish("s", State.RUNNING, messages(1))
        assert first.since(0) == tuple(messages(1))
    with feeds.join("s") as fresh:
        assert fresh is not first
