"""Keys: their form, how they come in, and why one is refused."""

from pathlib import Path

import pytest

from outrider.identities.keys import DEFAULT_ORGANISATION, Keys, ensure_operator_key, issue_key, presented_key
from outrider.interfaces.identities import KeyRecord
from outrider.problems import OutriderError


class MemoryKeyStore:
    """A key store in a dictionary, which counts look-ups."""

    def __init__(self) -> None:
        self.organisations: dict[str, str] = {}
        self.keys: dict[str, KeyRecord] = {}
        self.lookups = 0

    async def add_organisation(self, organisation_id: str, short_name: str) -> None:
        self.organisations.setdefault(organisation_id, short_name)

    async def add_key(self, key: KeyRecord) -> None:
        self.keys[key.public] = key

    async def find_key(self, public: str) -> KeyRecord | None:
        self.lookups += 1
        return self.keys.get(public)

    async def has_keys(self) -> bool:
        return bool(self.keys)


@pytest.fixture
def store() -> MemoryKeyStore:
    return MemoryKeyStore()


async def stored_key(store: MemoryKeyStore) -> str:
    key, record = issue_key("o1")
    await store.add_key(record)
    return key


def test_the_form_of_a_key() -> None:
    key, record = issue_key("o1")
    assert (len(key), key[:8], key[8:16], key[-5:]) == (48, "ok_live_", record.public, record.tail)
    assert key not in repr(record)


@pytest.mark.parametrize("header", ["authorization", "x-api-key", "api_key"])
async def test_a_key_is_taken_from_each_header(store: MemoryKeyStore, header: str) -> None:
    key = await stored_key(store)
    principal = await Keys(store).authenticate({header: f"Bearer {key}" if header == "authorization" else key})
    assert (principal.organisation_id, principal.key_tail) == ("o1", key[-5:])


def test_the_scheme_is_case_insensitive_and_blanks_are_skipped() -> None:
    assert presented_key({"authorization": " bearer   abc "}) == "abc"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "no “Authorization” header"),
        ({"authorization": "ok_live_x"}, "does not start with “Bearer ”"),
        ({"authorization": "Basic dTpw"}, "does not start with “Bearer ”"),
        ({"authorization": ""}, "does not start with “Bearer ”"),
        ({"authorization": "Bearer"}, "too short"),
        ({"authorization": "Bearer short"}, "too short"),
        ({"x-api-key": ""}, "no “Authorization” header"),
        ({"authorization": "Bearer " + "a" * 48}, "does not know"),
        ({"authorization": "Bearer ok_live_" + "a" * 40}, "does not know"),
        ({"authorization": "Bearer ok_live_" + "é" * 40}, "does not know"),
        ({"authorization": "Bearer " + "a" * 5000}, "does not know"),
    ],
)
async def test_a_refusal_says_why_and_never_repeats_the_key(
    store: MemoryKeyStore, headers: dict[str, str], reason: str
) -> None:
    with pytest.raises(OutriderError) as caught:
        await Keys(store).authenticate(headers)
    body = str(caught.value.as_envelope("r"))
    assert caught.value.code == "UNAUTHORIZED"
    assert reason in body
    assert "aaaa" not in body


async def test_the_right_public_part_with_a_wrong_secret_is_refused(store: MemoryKeyStore) -> None:
    key = await stored_key(store)
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    with pytest.raises(OutriderError, match="not valid"):
        await Keys(store).authenticate({"x-api-key": wrong})


async def test_rows_of_valid_keys_are_remembered_for_a_while(store: MemoryKeyStore) -> None:
    times = iter((0.0, 29.0, 31.0, 32.0))
    keys = Keys(store, clock=lambda: next(times))
    headers = {"x-api-key": await stored_key(store)}
    for _ in range(4):
        await keys.authenticate(headers)
    assert store.lookups == 2


async def test_unknown_keys_are_not_remembered(store: MemoryKeyStore) -> None:
    keys = Keys(store)
    key, record = issue_key("o1")
    with pytest.raises(OutriderError):
        await keys.authenticate({"x-api-key": key})
    await store.add_key(record)
    assert await keys.authenticate({"x-api-key": key})


async def test_the_first_start_makes_an_organisation_and_a_private_key_file(
    store: MemoryKeyStore, tmp_path: Path
) -> None:
    file = tmp_path / "data" / "local.key"
    key = await ensure_operator_key(store, file)
    assert key is not None
    assert file.read_text().strip() == key
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(store.organisations) == [DEFAULT_ORGANISATION]
    assert await Keys(store).authenticate({"x-api-key": key})
    assert await ensure_operator_key(store, file) is None


async def test_a_lost_key_file_is_replaced_by_a_new_key(store: MemoryKeyStore, tmp_path: Path) -> None:
    file = tmp_path / "local.key"
    first = await ensure_operator_key(store, file)
    file.unlink()
    second = await ensure_operator_key(store, file)
    assert second not in (None, first)
