"""Events are recorded with the change that they tell of, or not at all."""

from dataclasses import replace

import pytest
from tests.contract.builders import spec
from tests.integration.webhooks.conftest import OPERATOR, SEALER

from outrider.interfaces.identities import Principal
from outrider.interfaces.sessions import Change, Entry, MessageType, SessionFencedError
from outrider.interfaces.webhooks import Delivery, DeliveryFilter, DeliveryStatus, Scope
from outrider.problems import OutriderError
from outrider.screening.addresses import Policy
from outrider.storage import Database, SqlSessionStore, SqlWebhookStore
from outrider.webhooks.operations import WebhookOperations

RECEIVER = "https://192.0.2.7/hook"


@pytest.fixture
def sessions(database: Database) -> SqlSessionStore:
    return SqlSessionStore(database)


@pytest.fixture
def store(database: Database) -> SqlWebhookStore:
    return SqlWebhookStore(database)


@pytest.fixture
def operations(store: SqlWebhookStore) -> WebhookOperations:
    return WebhookOperations(store, SEALER, Policy.parse(["192.0.2.0/24"]), lambda: None)


async def ledger(store: SqlWebhookStore, organisation_id: str = "org-1") -> list[Delivery]:
    """Oldest first."""
    return list(reversed(await store.deliveries(organisation_id, DeliveryFilter(), 1000)))


async def start(sessions: SqlSessionStore, webhook_url: str | None, organisation_id: str = "org-1") -> None:
    await sessions.insert(replace(spec(organisation_id=organisation_id), webhook_url=webhook_url))
    await sessions.apply("s-1", Change("started"))


async def test_without_a_receiver_nothing_is_recorded(sessions: SqlSessionStore, store: SqlWebhookStore) -> None:
    await start(sessions, None)

    assert await ledger(store) == []
    assert await store.endpoints("org-1", after="", limit=10) == ()


async def test_an_event_is_pending_for_each_receiver_under_one_id(
    sessions: SqlSessionStore, store: SqlWebhookStore, operations: WebhookOperations
) -> None:
    made, _ = await operations.create(OPERATOR, RECEIVER, events=(), description="", enabled=True)
    await start(sessions, f"{RECEIVER}/of-the-session")
    first, second = await ledger(store)

    assert first.event_id == second.event_id
    assert first.endpoint_id == made.id
    assert {first.status, second.status} == {DeliveryStatus.PENDING}
    scopes = [endpoint.scope for endpoint in await store.endpoints("org-1", after="", limit=10)]
    assert scopes == [Scope.ORGANISATION, Scope.SESSION]
    assert {endpoint_id for endpoint_id, _ in await store.due(10)} == {first.endpoint_id, second.endpoint_id}


async def test_a_refused_change_tells_nothing(sessions: SqlSessionStore, store: SqlWebhookStore) -> None:
    await start(sessions, RECEIVER)
    done = Entry(MessageType.DONE, "x")
    for change in (Change("finished", (done,)), Change("message", (done,), epoch=7)):
        with pytest.raises((OutriderError, SessionFencedError)):
            await sessions.apply("s-1", change)

    assert [delivery.event for delivery in await ledger(store)] == ["session.created"]


async def test_entries_of_the_log_alone_are_no_events(sessions: SqlSessionStore, store: SqlWebhookStore) -> None:
    await start(sessions, RECEIVER)
    await sessions.apply("s-1", Change(entries=(Entry(MessageType.THOUGHT, "hm"), Entry(MessageType.LOG, "step"))))

    assert len(await ledger(store)) == 1


async def test_an_endpoint_gets_what_it_asked_for(
    sessions: SqlSessionStore, store: SqlWebhookStore, operations: WebhookOperations
) -> None:
    await operations.create(OPERATOR, RECEIVER, events=("task.completed",), description="", enabled=True)
    await operations.create(OPERATOR, f"{RECEIVER}/off", events=(), description="", enabled=False)
    await start(sessions, None)
    await sessions.apply("s-1", Change("message", (Entry(MessageType.USER, "Look"),)))
    await sessions.apply("s-1", Change("finished", (Entry(MessageType.DONE, "Found"),)))

    assert [delivery.event for delivery in await ledger(store)] == ["task.completed"]


async def test_organisations_are_told_of_their_own_sessions(
    sessions: SqlSessionStore, store: SqlWebhookStore, operations: WebhookOperations
) -> None:
    await operations.create(OPERATOR, RECEIVER, events=(), description="", enabled=True)
    await start(sessions, None, organisation_id="org-2")

    assert await ledger(store) == []
    assert await ledger(store, "org-2") == []


async def test_what_is_old_is_removed_but_what_waits_is_kept(
    sessions: SqlSessionStore, store: SqlWebhookStore, operations: WebhookOperations
) -> None:
    await start(sessions, RECEIVER)
    (waiting,) = await ledger(store)
    later = waiting.created_at.replace(year=waiting.created_at.year + 1)

    assert await store.purge_deliveries(later) == 0
    await operations.change(OPERATOR, waiting.endpoint_id, {"enabled": False})
    assert await store.purge_deliveries(waiting.created_at) == 0
    assert await store.purge_deliveries(later) == 1
    assert await store.endpoints("org-1", after="", limit=10) == ()


async def test_secrets_are_sealed_in_the_record(database: Database, operations: WebhookOperations) -> None:
    made, secret = await operations.create(OPERATOR, RECEIVER, events=(), description="", enabled=True)
    rotation = await operations.rotate(OPERATOR, made.id, overlap_seconds=60)
    dump = await database.read(lambda connection: list(connection.connection.driver_connection.iterdump()))  # type: ignore[union-attr] # SQLite's own

    assert any("webhook_secrets" in line for line in dump)
    for clear in (secret, rotation.secret):
        assert clear.encode().hex().upper() not in "\n".join(dump).upper()
        assert clear not in "\n".join(dump)


async def test_rotation_without_end_is_refused(operations: WebhookOperations) -> None:
    for _ in range(5):
        await operations.rotate(OPERATOR, None, overlap_seconds=60)
    with pytest.raises(OutriderError) as raised:
        await operations.rotate(OPERATOR, None, overlap_seconds=60)
    assert raised.value.code == "WEBHOOK_SECRETS_LIMIT"

    await operations.rotate(OPERATOR, None, overlap_seconds=0)  # ends the others
    await operations.rotate(OPERATOR, None, overlap_seconds=60)


async def test_endpoints_are_limited_per_organisation(operations: WebhookOperations) -> None:
    for number in range(50):
        await operations.create(OPERATOR, f"{RECEIVER}/{number}", events=(), description="", enabled=True)
    with pytest.raises(OutriderError) as raised:
        await operations.create(OPERATOR, RECEIVER, events=(), description="", enabled=True)
    assert raised.value.code == "WEBHOOK_ENDPOINT_LIMIT"

    other = Principal(organisation_id="org-2", key_id="key-2", key_tail="67890")
    await operations.create(other, RECEIVER, events=(), description="", enabled=True)
