"""Changes of rights that are overtaken, or whose caller goes away."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from outrider.identities.keys import Keys, issue_key
from outrider.identities.last_use import LastUse
from outrider.identities.operations import IdentityOperations
from outrider.identities.principals import Principals
from outrider.interfaces.identities import KeyRecord, Organisation, Principal
from outrider.problems import OutriderError
from outrider.protocol.conditional import UNCONDITIONAL, Precondition
from outrider.storage import Database, SqlKeyStore

OWNER = Principal("o", "key_owner", "12345", frozenset({"*:manage"}), short_name="o")


class SlowStore(SqlKeyStore):
    """Revokes when it is let."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked, self.released = asyncio.Event(), asyncio.Event()

    async def revoke_key(self, key_id: str, expected: Precondition = UNCONDITIONAL) -> KeyRecord:
        self.asked.set()
        await self.released.wait()
        return await super().revoke_key(key_id, expected)


@dataclass
class House:
    store: SlowStore
    keys: Keys
    operations: IdentityOperations
    #: How often what closed organisations have running was to be ended.
    ends: list[str]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        store, principals = SlowStore(database), Principals()
        await store.add_organisation(Organisation(id="o", short_name="o"))
        ends: list[str] = []

        async def end_closed() -> None:
            ends.append("end")

        operations = IdentityOperations(store, LastUse(store), principals.forget, end_closed)
        yield House(store, Keys(store, principals), operations, ends)


async def test_a_key_is_revoked_although_its_revoker_went_away(house: House) -> None:
    key, record = issue_key("o")
    await house.store.add_key(record)
    request = asyncio.create_task(house.operations.revoke_key(OWNER, record.id))
    await house.store.asked.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert await house.keys.authenticate(key)  # remembered again, before the change is made
    house.store.released.set()
    async with asyncio.timeout(10):
        while True:
            try:
                await house.keys.authenticate(key)
            except OutriderError as refusal:
                assert refusal.code == "UNAUTHORIZED"
                return
            await asyncio.sleep(0.01)


async def test_an_organisation_rests_while_it_is_disabled(house: House) -> None:
    key, record = issue_key("o")
    await house.store.add_key(record)
    assert await house.keys.authenticate(key)
    await house.operations.change_organisation("o", {"name": "O", "disabled": False})
    assert house.ends == []

    await house.operations.change_organisation("o", {"disabled": True})
    with pytest.raises(OutriderError, match="not valid"):
        await house.keys.authenticate(key)
    assert house.ends == ["end"]
    await house.operations.change_organisation("o", {"disabled": False})
    assert await house.keys.authenticate(key)
    await house.operations.remove_organisation("o")
    assert house.ends == ["end"] * 2


@pytest.mark.parametrize("deed", ["disable", "remove"])
async def test_the_operators_own_organisation_is_neither_removed_nor_disabled(house: House, deed: str) -> None:
    await house.store.add_organisation(Organisation(id="default", short_name="default"))
    with pytest.raises(OutriderError) as caught:
        if deed == "disable":
            await house.operations.change_organisation("default", {"disabled": True})
        else:
            await house.operations.remove_organisation("default")
    assert (caught.value.code, house.ends) == ("ORGANISATION_FIXED", [])
    assert not (await house.store.organisation("default")).disabled
    assert (await house.operations.change_organisation("default", {"disabled": False})).version == 1


async def test_of_two_changes_at_once_one_wins(house: House) -> None:
    _, record = issue_key("o", name="before")
    await house.store.add_key(record)
    seen = Precondition(frozenset({record.etag}))
    changes = (house.operations.change_key(OWNER, record.id, {"name": name}, seen) for name in ("a", "b"))
    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    (problem,) = [outcome for outcome in outcomes if isinstance(outcome, OutriderError)]
    (changed,) = [outcome for outcome in outcomes if isinstance(outcome, KeyRecord)]
    assert problem.code == "VERSION_CONFLICT"
    assert await house.store.key(record.id) == changed
