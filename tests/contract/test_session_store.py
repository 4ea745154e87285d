"""What every session store promises."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.builders import contents, log_entry, ready, spec, user_says

from outrider.interfaces.sessions import (
    Change,
    Entry,
    MessageType,
    SessionFencedError,
    SessionInboxError,
    SessionStore,
    State,
)
from outrider.problems import OutriderError


async def test_a_session_is_stored_as_it_was_described(store: SessionStore) -> None:
    record = await store.insert(spec())

    assert record.spec == spec()
    assert (record.state, record.epoch, record.task_id, record.last_message_id) == (State.INITIALIZING, 0, None, 0)
    assert record.created_at.tzinfo is UTC
    assert await store.get("s-1") == record


async def test_an_id_is_inserted_once(store: SessionStore) -> None:
    first = await store.insert(spec())
    await store.apply("s-1", Change(event="started"))

    again = await store.insert(spec())

    assert (again.created_at, again.state) == (first.created_at, State.READY)


@pytest.mark.parametrize("method", ["get", "messages", "inbox", "raise_epoch"])
async def test_an_unknown_session_is_named(store: SessionStore, method: str) -> None:
    with pytest.raises(OutriderError) as caught:
        await getattr(store, method)("nowhere")

    assert (caught.value.code, caught.value.facts["session_id"]) == ("SESSION_NOT_FOUND", "nowhere")


async def test_a_change_of_an_unknown_session_is_refused(store: SessionStore) -> None:
    with pytest.raises(OutriderError, match="nowhere"):
        await store.apply("nowhere", Change(entries=(log_entry(),)))


async def test_messages_are_numbered_without_gaps_and_read_back_as_given(store: SessionStore) -> None:
    await ready(store)
    contents_given: list[str | dict[str, Any] | list[Any]] = [
        "text",
        {"nested": [1, 2.5, None, True]},
        ["list", {"of": "things"}],
        "",
        "naïve – 你好 🎉",
    ]

    for content in contents_given:
        await store.apply("s-1", Change(entries=(Entry(MessageType.LOG, content, {"content": content}),)))
    _, appended = await store.apply("s-1", Change(entries=(log_entry("a"), log_entry("b"))))

    stored = await store.messages("s-1")
    assert [message.id for message in stored] == list(range(1, 8))
    assert contents(stored) == [*contents_given, "a", "b"]
    assert [message.metadata for message in stored[:5]] == [{"content": content} for content in contents_given]
    assert stored[5:] == appended
    assert (await store.get("s-1")).last_message_id == 7


async def test_timestamps_never_go_back(store: SessionStore) -> None:
    await ready(store)
    for _ in range(20):
        await store.apply("s-1", Change(entries=(log_entry(),)))

    record, stored = await store.get("s-1"), await store.messages("s-1")

    times = [record.created_at, *(message.timestamp for message in stored), record.updated_at]
    assert times == sorted(times)
    assert all(time.tzinfo is UTC for time in times)


async def test_what_utf8_and_json_cannot_carry_is_replaced_the_same_for_all_readers(store: SessionStore) -> None:
    await ready(store)
    torn, large = "a\ud83d b", 2**70

    _, appended = await store.apply("s-1", Change(entries=(log_entry(torn, value=float("nan"), number=large),)))

    stored = await store.messages("s-1")
    assert contents(stored) == contents(appended) == ["a\ufffd b"]
    assert stored[0].metadata["value"] is None
    assert stored[0].metadata["number"] == large


async def test_messages_are_read_in_pages(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", Change(entries=tuple(log_entry(str(n)) for n in range(1, 11))))

    assert [message.id for message in await store.messages("s-1", after=3, limit=4)] == [4, 5, 6, 7]
    assert await store.messages("s-1", after=10) == ()


async def test_an_event_that_does_not_fit_changes_nothing(store: SessionStore) -> None:
    await ready(store)
    before = await store.get("s-1")

    with pytest.raises(OutriderError, match="does not accept") as caught:
        await store.apply("s-1", Change(event="resume", entries=(log_entry(),), command=("resume", {})))

    assert caught.value.code == "INVALID_STATE"
    assert await store.get("s-1") == before
    assert await store.messages("s-1") == ()
    assert await store.inbox("s-1") == ()


# --- tasks and commands


async def test_a_message_starts_a_task_when_none_is_under_way(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", Change(entries=(log_entry(),)))

    record, (message,) = await store.apply("s-1", user_says("buy a book", start_url="http://shop/"))

    (command,) = await store.inbox("s-1")
    assert (record.state, record.task_id, message.id) == (State.RUNNING, 2, 2)
    assert command.kind == "message"
    assert command.body == {
        "text": "buy a book",
        "start_url": "http://shop/",
        "message_id": 2,
        "starts_task": True,
    }


async def test_what_has_to_start_a_task_does_not_join_one(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", replace(user_says("buy a book"), new_task=True))

    with pytest.raises(OutriderError) as caught:
        await store.apply("s-1", replace(user_says("again"), new_task=True))

    assert caught.value.code == "INVALID_STATE"
    assert len(await store.inbox("s-1")) == 1


async def test_a_message_to_a_running_task_joins_it(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", user_says("buy a book"))

    record, _ = await store.apply("s-1", user_says("a cheap one"))

    commands = await store.inbox("s-1")
    assert record.task_id == 1
    assert [(c.body["message_id"], c.body["starts_task"]) for c in commands] == [(1, True), (2, False)]


async def test_commands_stay_until_they_are_consumed(store: SessionStore) -> None:
    await ready(store)
    for text in ("one", "two", "three"):
        await store.apply("s-1", user_says(text))
    first, second, third = await store.inbox("s-1")

    await store.apply("s-1", Change(entries=(log_entry(),), consumes=(first.id, second.id)))

    assert await store.inbox("s-1") == (third,)


async def test_ids_of_commands_are_never_used_again(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", user_says("one"))
    (first,) = await store.inbox("s-1")
    await store.apply("s-1", Change(consumes=(first.id,)))

    await store.apply("s-1", user_says("two"))

    assert (await store.inbox("s-1"))[0].id > first.id


async def test_a_session_cannot_consume_the_commands_of_another(store: SessionStore) -> None:
    await ready(store)
    await ready(store, "s-2")
    await store.apply("s-1", user_says("mine"))
    (mine,) = await store.inbox("s-1")

    await store.apply("s-2", Change(consumes=(mine.id,)))

    assert await store.inbox("s-1") == (mine,)


async def test_an_end_can_be_bound_to_an_inbox_that_is_read(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", user_says("buy"))
    (start,) = await store.inbox("s-1")
    await store.apply("s-1", user_says("the red one"))
    end = Change(event="finished", entries=(log_entry("done"),), consumes=(start.id,), task_id=1, inbox_empty=True)

    with pytest.raises(SessionInboxError):
        await store.apply("s-1", end)

    assert len(await store.inbox("s-1")) == 2
    _, addition = await store.inbox("s-1")
    await store.apply("s-1", Change(consumes=(addition.id,)))
    record, _ = await store.apply("s-1", end)
    assert record.state is State.FINISHED


# --- fences


async def test_an_earlier_epoch_is_fenced(store: SessionStore) -> None:
    await ready(store)
    old = await store.raise_epoch("s-1")
    new = await store.raise_epoch("s-1")

    with pytest.raises(SessionFencedError):
        await store.apply("s-1", Change(entries=(log_entry("zombie"),), epoch=old.epoch))
    await store.apply("s-1", Change(entries=(log_entry("owner"),), epoch=new.epoch))

    assert contents(await store.messages("s-1")) == ["owner"]


async def test_an_ended_session_is_closed_to_its_owner(store: SessionStore) -> None:
    await ready(store)
    owner = await store.raise_epoch("s-1")
    await store.apply("s-1", Change(event="delete"))

    with pytest.raises(SessionFencedError):
        await store.apply("s-1", Change(entries=(log_entry("late"),), epoch=owner.epoch))


@pytest.mark.parametrize("event", ["cancel", "finished", "failed", "interrupted", "asked", "delete"])
async def test_a_task_that_is_not_under_way_is_fenced(store: SessionStore, event: str) -> None:
    await ready(store)
    await store.apply("s-1", user_says("buy"))
    await store.apply("s-1", Change(event=event))

    with pytest.raises(SessionFencedError):
        await store.apply("s-1", Change(entries=(log_entry("late"),), task_id=1))


async def test_a_paused_task_may_still_write_and_an_earlier_one_may_not(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", user_says("first"))
    await store.apply("s-1", Change(event="finished"))
    await store.apply("s-1", user_says("second"))
    await store.apply("s-1", Change(event="pause"))

    await store.apply("s-1", Change(entries=(log_entry("last step"),), task_id=2))
    with pytest.raises(SessionFencedError):
        await store.apply("s-1", Change(entries=(log_entry("late"),), task_id=1))


async def test_concurrent_ends_of_a_task_have_one_winner(store: SessionStore) -> None:
    await ready(store)
    await store.apply("s-1", user_says("buy"))
    ends = [Change(event="finished", entries=(log_entry("done"),), task_id=1)] * 8

    outcomes = await asyncio.gather(*(store.apply("s-1", end) for end in ends), return_exceptions=True)

    assert sum(isinstance(outcome, SessionFencedError) for outcome in outcomes) == 7
    assert contents(await store.messages("s-1")) == ["buy", "done"]


# --- lists and clean-up


async def test_lists_leave_out_what_has_ended(store: SessionStore) -> None:
    for number in range(1, 5):
        await store.insert(spec(f"s-{number}"))
    await store.insert(spec("other", organisation_id="org-2"))
    await store.apply("s-2", Change(event="delete"))
    await store.apply("s-3", Change(event="started"))
    await store.apply("s-3", Change(event="expire"))

    assert [record.id for record in await store.of_organisation("org-1")] == ["s-1", "s-4"]
    assert [record.id for record in await store.unfinished()] == ["s-1", "s-4", "other"]
    assert (await store.get("s-2")).state is State.DELETED


async def test_purging_removes_only_what_ended_long_ago(store: SessionStore) -> None:
    for number in range(120):
        await store.insert(spec(f"s-{number}"))
        await store.apply(f"s-{number}", Change(event="delete", entries=(log_entry(),), command=("delete", {})))
    await ready(store, "alive")

    assert await store.purge(datetime.now(UTC) - timedelta(days=1)) == 0
    assert await store.purge(datetime.now(UTC) + timedelta(days=1)) == 120

    with pytest.raises(OutriderError, match="no session"):
        await store.messages("s-7")
    assert (await store.get("alive")).state is State.READY
