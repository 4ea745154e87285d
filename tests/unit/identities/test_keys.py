"""Keys: their form, why one is refused, and for how long one is remembered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from outrider.identities.keys import DEFAULT_ORGANISATION, Keys, ensure_operator_key, issue_key
from outrider.identities.principals import Principals
from outrider.interfaces.identities import OPERATOR_SCOPES, KeyRecord, KeyStore, Organisation
from outrider.problems import OutriderError

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


class MemoryKeyStore:
    """What keys are looked up in, in dictionaries; it counts look-ups."""

    def __init__(self) -> None:
        self.organisations = {"o1": Organisation(id="o1", short_name="one", max_sessions=3)}
        self.keys: dict[str, KeyRecord] = {}
        self.lookups = 0

    async def find_organisation(self, name: str) -> Organisation | None:
        return self.organisations.get(name)

    async def add_organisation(self, organisation: Organisation) -> None:
        self.organisations[organisation.id] = organisation

    async def add_key(self, key: KeyRecord) -> None:
        self.keys[key.public] = key

    async def find_key(self, public: str) -> tuple[KeyRecord, Organisation] | None:
        self.lookups += 1
        key = self.keys.get(public)
        return None if key is None else (key, self.organisations[key.organisation_id])

    async def has_keys(self) -> bool:
        return bool(self.keys)


class Clock:
    """Both clocks of ``Keys``, which stand still until they are moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)


@pytest.fixture
def store() -> MemoryKeyStore:
    return MemoryKeyStore()


def keys_in(store: MemoryKeyStore, clock: Clock | None = None) -> Keys:
    clock = clock or Clock()
    return Keys(cast(KeyStore, store), Principals(clock.monotonic), clock.now)


async def stored_key(store: MemoryKeyStore, **fields: Any) -> str:
    key, record = issue_key("o1", **fields)
    await store.add_key(record)
    return key


def refusal(error: OutriderError) -> str:
    assert error.code == "UNAUTHORIZED"
    return str(error.as_envelope("r"))


def test_the_form_of_a_key() -> None:
    key, record = issue_key("o1")
    assert (len(key), key[:8], key[8:16], key[-5:]) == (48, "ok_live_", record.public, record.tail)
    assert key not in repr(record)


async def test_a_key_says_who_it_is_and_what_its_organisation_may(store: MemoryKeyStore) -> None:
    key = await stored_key(store, scopes=frozenset({"sessions:read"}), requests_per_minute=7)
    principal = await keys_in(store).authenticate(key)
    assert (principal.organisation_id, principal.short_name, principal.key_tail) == ("o1", "one", key[-5:])
    assert (principal.scopes, principal.requests_per_minute) == (frozenset({"sessions:read"}), 7)
    assert principal.limits.max_sessions == 3


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "too short"),
        ("short", "too short"),
        ("a" * 48, "does not know"),
        ("ok_live_" + "a" * 40, "does not know"),
        ("ok_live_" + "é" * 40, "does not know"),
        ("ok_live_" + "aaaa aaaa" * 5, "does not know"),
        ("a" * 5000, "does not know"),
    ],
)
@pytest.mark.row("A10")
async def test_a_refusal_says_why_and_never_repeats_the_key(store: MemoryKeyStore, key: str, reason: str) -> None:
    with pytest.raises(OutriderError) as caught:
        await keys_in(store).authenticate(key)
    assert reason in refusal(caught.value)
    assert "aaaa" not in refusal(caught.value)


async def test_the_right_public_part_with_a_wrong_secret_is_refused(store: MemoryKeyStore) -> None:
    key = await stored_key(store)
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    with pytest.raises(OutriderError, match="not valid"):
        await keys_in(store).authenticate(wrong)


@pytest.mark.row("A11", "A30")
async def test_a_key_that_ended_is_refused_in_the_same_words_as_one_that_never_was(store: MemoryKeyStore) -> None:
    clock = Clock()
    keys = keys_in(store, clock)
    never, _ = issue_key("o1")
    ended = [
        await stored_key(store, disabled=True),
        await stored_key(store, revoked_at=NOON),
        await stored_key(store, expires_at=NOON),
    ]
    store.organisations["o2"] = Organisation(id="o2", short_name="two", disabled=True)
    of_disabled, record = issue_key("o2")
    await store.add_key(record)
    ended.append(of_disabled)
    expiring = await stored_key(store, expires_at=NOON + timedelta(seconds=10))
    assert await keys.authenticate(expiring)
    clock.seconds = 10  # well within the time for which it is remembered

    refusals = set()
    for key in (never, *ended, expiring):
        with pytest.raises(OutriderError) as caught:
            await keys.authenticate(key)
        refusals.add(refusal(caught.value))
    assert len(refusals) == 1


async def test_rows_of_valid_keys_are_remembered_for_a_while(store: MemoryKeyStore) -> None:
    clock = Clock()
    keys = keys_in(store, clock)
    key = await stored_key(store)
    for clock.seconds in (0, 299, 301, 302):
        await keys.authenticate(key)
    assert store.lookups == 2


async def test_what_was_changed_counts_at_once(store: MemoryKeyStore) -> None:
    principals = Principals()
    keys = Keys(cast(KeyStore, store), principals)
    key = await stored_key(store)
    await keys.authenticate(key)
    (record,) = store.keys.values()
    store.keys[record.public] = replace(record, revoked_at=NOON)
    assert await keys.authenticate(key)

    principals.forget("another")
    assert await keys.authenticate(key)
    principals.forget("o1")
    with pytest.raises(OutriderError):
        await keys.authenticate(key)


async def test_what_is_changed_while_it_is_looked_up_is_not_remembered(store: MemoryKeyStore) -> None:
    principals = Principals()
    key = await stored_key(store)
    (record,) = store.keys.values()

    class Slow(MemoryKeyStore):
        async def find_key(self, public: str) -> tuple[KeyRecord, Organisation] | None:
            found = await store.find_key(public)
            store.keys[public] = replace(record, disabled=True)
            principals.forget("o1")
            return found

    keys = Keys(cast(KeyStore, Slow()), principals)
    assert await keys.authenticate(key)  # it was good when it was looked up
    with pytest.raises(OutriderError):
        await keys.authenticate(key)


async def test_only_so_many_are_remembered(store: MemoryKeyStore) -> None:
    keys = Keys(cast(KeyStore, store), Principals(most=2))
    first, *_ = issued = [await stored_key(store) for _ in range(3)]
    for key in issued:
        await keys.authenticate(key)
        await keys.authenticate(key)
    assert store.lookups == 3
    await keys.authenticate(first)
    assert store.lookups == 4


async def test_unknown_keys_are_not_remembered(store: MemoryKeyStore) -> None:
    keys = keys_in(store)
    key, record = issue_key("o1")
    with pytest.raises(OutriderError):
        await keys.authenticate(key)
    await store.add_key(record)
    assert await keys.authenticate(key)


async def test_scopes_of_the_operator_are_worth_nothing_in_another_organisation(store: MemoryKeyStore) -> None:
    key = await stored_key(store, scopes=OPERATOR_SCOPES)
    principal = await keys_in(store).authenticate(key)
    assert principal.allows("vault:manage")
    assert not principal.allows("organisations:read")


async def test_the_first_start_makes_an_organisation_and_a_private_key_file(
    store: MemoryKeyStore, tmp_path: Path
) -> None:
    file = tmp_path / "data" / "local.key"
    key = await ensure_operator_key(cast(KeyStore, store), file)
    assert key is not None
    assert file.read_text().strip() == key
    assert file.stat().st_mode & 0o777 == 0o600
    principal = await keys_in(store).authenticate(key)
    assert principal.organisation_id == DEFAULT_ORGANISATION
    assert principal.allows("organisations:manage")
    assert principal.tiers == {"reporting", "operations", "administration"}
    assert await ensure_operator_key(cast(KeyStore, store), file) is None


async def test_a_lost_key_file_is_replaced_by_a_new_key(store: MemoryKeyStore, tmp_path: Path) -> None:
    file = tmp_path / "local.key"
    first = await ensure_operator_key(cast(KeyStore, store), file)
    file.unlink()
    second = await ensure_operator_key(cast(KeyStore, store), file)
    assert second not in (None, first)
