"""The key store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outrider.interfaces.identities import KeyRecord, Organisation
from outrider.problems import OutriderError
from outrider.storage import Database, SqlKeyStore

LOCAL = Organisation(id="org-1", short_name="local")
KEY = KeyRecord(
    id="key-1",
    organisation_id="org-1",
    public="abcd1234",
    digest="0" * 64,
    tail="wxyz9",
    created_at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
)


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[SqlKeyStore]:
    async with await Database.open(tmp_path / "outrider.db") as database:
        yield SqlKeyStore(database)


async def test_a_key_is_found_by_its_public_part(keys: SqlKeyStore) -> None:
    assert not await keys.has_keys()
    await keys.add_organisation(LOCAL)
    await keys.add_key(KEY)

    assert await keys.has_keys()
    assert await keys.find_key("abcd1234") == (KEY, LOCAL)
    assert await keys.find_key("abcd123") is None


async def test_an_organisation_is_added_once(keys: SqlKeyStore) -> None:
    await keys.add_organisation(LOCAL)
    with pytest.raises(OutriderError) as caught:
        await keys.add_organisation(replace(LOCAL, id="org-2"))
    assert caught.value.code == "SHORT_NAME_TAKEN"
    await keys.add_key(KEY)
    assert await keys.find_key(KEY.public) == (KEY, LOCAL)


async def test_a_key_needs_an_organisation_and_a_public_part_of_its_own(keys: SqlKeyStore) -> None:
    with pytest.raises(OutriderError, match="no organisation"):
        await keys.add_key(KEY)
    await keys.add_organisation(LOCAL)
    await keys.add_key(KEY)
    with pytest.raises(OutriderError, match="could not write"):
        await keys.add_key(replace(KEY, id="key-2"))


async def test_no_key_is_added_once_its_organisation_is_removed(keys: SqlKeyStore) -> None:
    """Whoever makes a key has seen the organisation before: it may be removed in between."""
    await keys.add_organisation(LOCAL)
    await keys.remove_organisation(LOCAL.id)
    with pytest.raises(OutriderError, match="no organisation"):
        await keys.add_key(KEY)
    assert not await keys.has_keys()


async def test_nobody_takes_a_name_that_leads_to_another(keys: SqlKeyStore) -> None:
    await keys.add_organisation(LOCAL)
    await keys.add_organisation(Organisation(id="default", short_name="default"))
    await keys.change_organisation("default", {"short_name": "main"})
    for taken in ("default", "org-1", "local"):
        with pytest.raises(OutriderError) as caught:
            await keys.add_organisation(Organisation(id="org-2", short_name=taken))
        assert caught.value.code == "SHORT_NAME_TAKEN"
    await keys.change_organisation("org-1", {"short_name": "org-1"})
    assert (await keys.organisation("org-1")).id == "org-1"
    assert [(await keys.organisation(name)).id for name in ("main", "default")] == ["default", "default"]


async def test_a_removed_organisation_is_not_found_and_its_keys_are_revoked(keys: SqlKeyStore) -> None:
    await keys.add_organisation(LOCAL)
    await keys.add_key(KEY)
    await keys.remove_organisation("org-1")
    assert await keys.find_organisation("local") is None
    assert await keys.organisations(None, 10) == ()
    assert await keys.find_key(KEY.public) is None
    found = await keys.key(KEY.id)
    assert found.revoked_at is not None
    assert await keys.revoke_key(KEY.id) == found
