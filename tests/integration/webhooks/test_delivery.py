"""Receivers that misbehave: everything arrives, in order, under one id, or the endpoint is disabled with a reason."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from benchmarks.sides.receiver import RETRY_AFTER_SECONDS, Behaviour, Receiver, receiving
from standardwebhooks import Webhook
from tests.contract.builders import SECONDS
from tests.integration.webhooks.conftest import OPERATOR, House, OpenHouse

from outrider.interfaces.sessions import Change, Entry, MessageType
from outrider.interfaces.webhooks import Delivery, DeliveryFilter, DeliveryStatus, Secret
from outrider.problems import OutriderError
from outrider.screening.addresses import Policy
from outrider.webhooks import dispatcher

LATER = datetime.now(UTC) + timedelta(days=1)
TASK = ["session.created", "task.started", "task.completed"]


async def wait(receiver: Receiver, fits: Callable[[Receiver], bool]) -> None:
    await asyncio.to_thread(receiver.wait, fits)


async def ledger(house: House) -> list[Delivery]:
    """Oldest first."""
    return list(reversed(await house.webhooks.deliveries("org-1", DeliveryFilter(), 1000)))


async def until(house: House, fits: Callable[[list[Delivery]], bool]) -> list[Delivery]:
    """The ledger once it fits; what a receiver has answered is recorded a moment later."""
    async with asyncio.timeout(SECONDS):
        while True:
            seen = house.webhooks.bell.rings
            if fits(found := await ledger(house)):
                return found
            await house.webhooks.bell.wait(seen)


def all_are(status: DeliveryStatus) -> Callable[[list[Delivery]], bool]:
    return lambda found: all(delivery.status is status for delivery in found)


@pytest.mark.parametrize("fault", [500, 404, 429, 302, "close", "cut"])
async def test_after_a_fault_it_is_tried_again_in_order_with_the_same_id(
    open_house: OpenHouse, receiver: Receiver, fault: Behaviour
) -> None:
    receiver.behave = lambda number: 200 if number % 2 else fault
    async with open_house() as house:
        await house.session("s-1", receiver.url)
        await house.task("s-1")
        found = await until(house, all_are(DeliveryStatus.DELIVERED))

    assert [request.event for request in receiver.accepted] == TASK
    assert [request.event_id for request in receiver.received] == [d.event_id for d in found for _ in range(2)]
    assert {request.path for request in receiver.received} == {"/hook"}
    failed, delivered = found[0].attempts
    assert failed.problem
    assert failed.status_code == (None if fault == "close" else 200 if fault == "cut" else fault)
    assert (delivered.problem, delivered.status_code, delivered.answer) == ("", 200, "ok")
    assert [delivery.attempt_count for delivery in found] == [2, 2, 2]


async def test_a_receiver_that_hangs_is_given_up_and_asked_again(open_house: OpenHouse, receiver: Receiver) -> None:
    receiver.behave = lambda number: "hang" if number == 0 else 200
    async with open_house(timeout_seconds=0.5) as house:
        await house.session("s-1", receiver.url)
        await house.task("s-1")
        found = await until(house, all_are(DeliveryStatus.DELIVERED))

    *failed, delivered = found[0].attempts
    assert failed  # more than one where the machine itself hangs for a while
    for attempt in failed:
        assert (attempt.problem, attempt.status_code) == ("no complete answer came within 0.5 s", None)
    assert (delivered.problem, delivered.status_code) == ("", 200)
    ids = [request.event_id for request in receiver.received]
    assert list(dict.fromkeys(ids)) == [delivery.event_id for delivery in found]


async def test_a_receiver_that_is_away_gets_everything_when_it_is_back(open_house: OpenHouse) -> None:
    with receiving() as receiver:
        pass
    async with open_house(schedule=(0.01,) * 1000) as house:
        await house.session("s-1", receiver.url)
        await house.task("s-1")
        away = await until(house, lambda found: found[0].attempt_count > 2)
        assert "no connection could be made" in away[0].attempts[-1].problem
        assert [delivery.attempt_count for delivery in away[1:]] == [0, 0]
        with receiving(receiver):
            await until(house, all_are(DeliveryStatus.DELIVERED))

    assert [request.event for request in receiver.received] == TASK


async def test_an_endpoint_has_one_delivery_at_a_time_and_others_do_not_wait_for_it(house: House) -> None:
    with receiving() as slow, receiving() as quick:
        slow.behave = lambda number: "hang" if number == 0 else "slow"
        await house.session("s-1", slow.url)
        await house.session("s-2", quick.url)
        await house.task("s-1")
        await house.task("s-2")
        await wait(quick, lambda got: len(got.accepted) == 3)

        assert len(slow.received) == 1
        assert quick.most_under_way == 1


async def test_an_endpoint_that_fails_for_long_is_disabled_and_keeps_what_waits(
    open_house: OpenHouse, receiver: Receiver
) -> None:
    receiver.behave = lambda _: 503
    async with open_house(schedule=(0.01, 0.01)) as house:
        await house.session("s-1", receiver.url)
        await house.task("s-1")
        first, *others = await until(house, lambda found: found[0].status is DeliveryStatus.FAILED)
        endpoint = await house.operations.get(OPERATOR, first.endpoint_id)

        assert not endpoint.enabled
        assert endpoint.disabled_reason.startswith("3 attempts in a row have failed")
        assert [delivery.status for delivery in others] == [DeliveryStatus.PENDING] * 2
        assert len(receiver.received) == 3
        with pytest.raises(OutriderError, match="is disabled"):
            await house.operations.replay(OPERATOR, first.id)

        receiver.behave = lambda _: 200
        await house.operations.change(OPERATOR, endpoint.id, {"enabled": True})
        await until(house, lambda found: found[-1].status is DeliveryStatus.DELIVERED)
        await house.operations.replay(OPERATOR, first.id)
        await until(house, all_are(DeliveryStatus.DELIVERED))

    assert [request.event for request in receiver.accepted] == ["task.started", "task.completed", "session.created"]
    assert {request.event_id for request in receiver.accepted} == {d.event_id for d in (first, *others)}


async def test_a_new_session_that_names_a_disabled_url_enables_it(open_house: OpenHouse, receiver: Receiver) -> None:
    receiver.behave = lambda number: 500 if number == 0 else 200
    async with open_house(schedule=()) as house:
        await house.session("s-1", receiver.url)
        await until(house, all_are(DeliveryStatus.FAILED))
        await house.task("s-1")
        assert len(await ledger(house)) == 1

        await house.session("s-2", receiver.url)
        await until(house, lambda found: found[-1].status is DeliveryStatus.DELIVERED)


async def test_a_receiver_that_is_gone_for_good_is_disabled_at_once(house: House, receiver: Receiver) -> None:
    receiver.behave = lambda _: 410
    await house.session("s-1", receiver.url)
    (delivery,) = await until(house, all_are(DeliveryStatus.FAILED))

    assert "410" in (await house.operations.get(OPERATOR, delivery.endpoint_id)).disabled_reason


async def test_what_was_cut_off_by_the_end_of_the_process_is_sent_again(
    open_house: OpenHouse, receiver: Receiver
) -> None:
    receiver.behave = lambda number: "hang" if number == 0 else 200
    async with open_house() as house:
        await house.session("s-1", receiver.url)
        await wait(receiver, lambda got: len(got.received) == 1)
        await house.task("s-1")
    async with open_house() as house:
        await until(house, all_are(DeliveryStatus.DELIVERED))

    assert [request.event for request in receiver.accepted] == TASK
    assert receiver.received[0].event_id == receiver.received[1].event_id


async def test_a_replay_bears_the_same_id_and_goes_before_what_came_after_it(house: House, receiver: Receiver) -> None:
    await house.session("s-1", receiver.url)
    (first,) = await until(house, all_are(DeliveryStatus.DELIVERED))
    hold = asyncio.Event()
    receiver.behave = lambda _: 200 if hold.is_set() else 500
    await house.task("s-1")
    await until(house, lambda found: found[1].attempt_count > 0)
    await house.operations.replay(OPERATOR, first.id)
    await wait(receiver, lambda got: sum(request.event == "session.created" for request in got.received) == 2)
    hold.set()
    await until(house, all_are(DeliveryStatus.DELIVERED))

    assert [request.event for request in receiver.accepted] == ["session.created", *TASK]
    assert receiver.accepted[0].event_id == receiver.accepted[1].event_id
    with pytest.raises(OutriderError):
        await house.operations.replay(OPERATOR, 10_000)


async def test_a_pending_delivery_can_not_be_replayed(house: House, receiver: Receiver) -> None:
    receiver.behave = lambda _: "hang"
    await house.session("s-1", receiver.url)
    await wait(receiver, lambda got: len(got.received) == 1)
    (delivery,) = await ledger(house)

    with pytest.raises(OutriderError) as raised:
        await house.operations.replay(OPERATOR, delivery.id)
    assert raised.value.code == "WEBHOOK_DELIVERY_PENDING"


async def test_during_a_rotation_old_and_new_secret_verify(house: House, receiver: Receiver) -> None:
    made, first = await house.operations.create(OPERATOR, receiver.url, events=(), description="", enabled=True)
    second = (await house.operations.rotate(OPERATOR, made.id, overlap_seconds=60)).secret
    await house.session("s-1")
    await wait(receiver, lambda got: len(got.received) == 1)
    third = (await house.operations.rotate(OPERATOR, made.id, overlap_seconds=0)).secret
    await house.task("s-1")
    await wait(receiver, lambda got: len(got.received) == 3)

    during, *after = receiver.received
    for secret in (first, second):
        Webhook(secret).verify(during.body, dict(during.headers))
    for request in after:
        Webhook(third).verify(request.body, dict(request.headers))
        assert request.headers["webhook-signature"].count("v1,") == 1


async def test_all_urls_of_sessions_share_a_secret(house: House, receiver: Receiver) -> None:
    secret = (await house.operations.rotate(OPERATOR, None, overlap_seconds=60)).secret
    await house.session("s-1", f"{receiver.url}/one")
    await house.session("s-2", f"{receiver.url}/two")
    await wait(receiver, lambda got: len(got.received) == 2)

    for request in receiver.received:
        Webhook(secret).verify(request.body, dict(request.headers))


async def test_a_private_address_is_refused_at_every_attempt(open_house: OpenHouse, receiver: Receiver) -> None:
    async with open_house(policy=Policy(), schedule=(0.01,)) as house:
        await house.session("s-1", receiver.url)
        (delivery,) = await until(house, all_are(DeliveryStatus.FAILED))
        with pytest.raises(OutriderError) as raised:
            await house.operations.create(OPERATOR, receiver.url, events=(), description="", enabled=True)

    assert raised.value.code == "WEBHOOK_URL_REFUSED"
    assert receiver.received == []
    assert all("[ADDRESS_REFUSED]" in attempt.problem for attempt in delivery.attempts)


async def test_texts_that_no_wire_can_carry_are_delivered_all_the_same(house: House, receiver: Receiver) -> None:
    await house.session("s-1", receiver.url)
    await house.sessions.apply("s-1", Change("message", (Entry(MessageType.USER, "half \ud83d of a pair"),)))
    await house.sessions.apply("s-1", Change("finished", (Entry(MessageType.DONE, {"n": 2**70, "x": float("nan")}),)))
    await wait(receiver, lambda got: len(got.received) == 3)

    assert receiver.received[1].payload["message"] == "half � of a pair"
    assert receiver.received[2].payload["result"]["x"] is None


async def test_an_endpoint_that_is_removed_under_a_delivery_leaves_nothing(house: House, receiver: Receiver) -> None:
    receiver.behave = lambda _: "slow"
    made, _ = await house.operations.create(OPERATOR, receiver.url, events=(), description="", enabled=True)
    await house.session("s-1")
    await wait(receiver, lambda got: len(got.received) == 1)
    await house.operations.delete(OPERATOR, made.id)

    assert await ledger(house) == []
    assert await house.webhooks.due(10) == ()


async def test_the_ledger_says_when_it_is_tried_again(open_house: OpenHouse, receiver: Receiver) -> None:
    receiver.behave = lambda _: 500
    async with open_house(schedule=(3600.0,)) as house:
        await house.session("s-1", receiver.url)
        (delivery,) = await until(house, lambda found: found[0].attempt_count == 1)

        assert delivery.status is DeliveryStatus.PENDING
        assert delivery.next_attempt_at is not None
        assert 3500 < (delivery.next_attempt_at - datetime.now(UTC)).total_seconds() < 4400
        receiver.behave = lambda _: 200
        await house.operations.change(OPERATOR, delivery.endpoint_id, {"enabled": True})  # does not wait for that
        await until(house, all_are(DeliveryStatus.DELIVERED))


async def test_a_receiver_that_asks_for_patience_gets_it(house: House, receiver: Receiver) -> None:
    receiver.behave = lambda _: "later"
    await house.session("s-1", receiver.url)
    (delivery,) = await until(house, lambda found: found[0].attempt_count == 1)

    assert delivery.next_attempt_at is not None
    wait_seconds = (delivery.next_attempt_at - delivery.attempts[0].at).total_seconds()
    assert RETRY_AFTER_SECONDS <= wait_seconds < RETRY_AFTER_SECONDS + SECONDS


async def test_a_failure_under_way_does_not_undo_that_the_endpoint_was_mended(
    open_house: OpenHouse, receiver: Receiver
) -> None:
    receiver.behave = lambda number: 500 if number == 0 else "hang"
    async with open_house(schedule=(0.01,), timeout_seconds=0.5) as house:
        with receiving() as better:
            made, _ = await house.operations.create(OPERATOR, receiver.url, events=(), description="", enabled=True)
            await house.session("s-1")
            await wait(receiver, lambda got: len(got.received) == 2)  # the last attempt that the schedule has
            await house.operations.change(OPERATOR, made.id, {"url": better.url})
            await until(house, all_are(DeliveryStatus.DELIVERED))

    assert [request.event for request in better.received] == ["session.created"]


async def test_a_receiver_that_takes_its_time_does_not_take_that_of_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "CONCURRENCY", 1)
    monkeypatch.setattr(dispatcher, "TURN_SECONDS", 0.0)
    with receiving() as slow, receiving() as quick:
        slow.behave = lambda _: "slow"
        await house.session("s-1", slow.url)
        for _ in range(10):
            await house.task("s-1")
        await house.session("s-2", quick.url)
        await wait(quick, lambda got: len(got.accepted) == 1)

        assert len(slow.accepted) < 10


async def test_an_older_secret_that_can_not_be_read_does_not_stop_deliveries(house: House, receiver: Receiver) -> None:
    made, _ = await house.operations.create(OPERATOR, receiver.url, events=(), description="", enabled=False)
    await house.webhooks.add_secret(made.id, Secret(b"of a key that is gone"), previous_until=LATER, limit=9)
    newest = (await house.operations.rotate(OPERATOR, made.id, overlap_seconds=3600)).secret
    await house.operations.change(OPERATOR, made.id, {"enabled": True})
    await house.session("s-1")
    await until(house, all_are(DeliveryStatus.DELIVERED))

    (request,) = receiver.received
    Webhook(newest).verify(request.body, dict(request.headers))
