"""Items of the vault: bound to origins and owners, never readable in the file, sealed anew by a rotation."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.integration.vault.conftest import ANN, CARD, KEYS, LOGIN, NUMBER, SITE, STRANGER, House

from outrider.identities.sealing import Sealer
from outrider.interfaces.vault import Kind, Part
from outrider.problems import OutriderError
from outrider.vault.codes import one_time_code
from outrider.vault.operations import VaultOperations
from outrider.vault.use import StoredVault


def refused(code: str) -> "pytest.RaisesExc[OutriderError]":
    return pytest.RaisesExc(OutriderError, check=lambda problem: problem.code == code)


async def test_a_secret_comes_out_for_its_origins_only(house: House) -> None:
    session = house.session()
    assert await session.reveal("shop.password", SITE) == "tea & 7 cups"
    assert await session.reveal("shop.username", "https://www.shop.example") == "ann"
    for origin in ("https://evil.example", "http://shop.example", "null", ""):
        with refused("SECRET_ORIGIN_REFUSED"):
            await session.reveal("shop.password", origin)


async def test_codes_are_those_of_the_moment(house: House) -> None:
    before = datetime.now(UTC)
    code = await house.session().reveal("shop.code", SITE)
    assert code in {one_time_code(LOGIN["totp_secret"], moment) for moment in (before, datetime.now(UTC))}


@pytest.mark.parametrize("secret", ["shop.pin", "shop", "", ".", "shop.", "other.password", "main.number", "x" * 5000])
async def test_what_there_is_not_is_not_found(house: House, secret: str) -> None:
    with refused("SECRET_NOT_FOUND"):
        await house.session().reveal(secret, SITE)


async def test_without_a_secret_for_them_there_are_no_codes(house: House) -> None:
    await house.operations.change(ANN, Kind.CREDENTIAL, "shop", {"totp_secret": ""})
    (login,) = await house.use.logins("ann")
    assert (login.name, login.parts) == ("shop", (Part.USER_NAME, Part.PASSWORD))
    with refused("SECRET_NOT_FOUND"):
        await house.session().reveal("shop.code", SITE)


async def test_others_see_nothing(house: House) -> None:
    assert await house.operations.all(STRANGER, Kind.CARD) == ()
    assert await house.use.logins("stranger") == ()
    with refused("SECRET_NOT_FOUND"):
        await house.session(organisation_id="stranger").reveal("shop.password", SITE)
    for touch in (house.operations.get, house.operations.delete):
        with refused("VAULT_ITEM_NOT_FOUND"):
            await touch(STRANGER, Kind.CREDENTIAL, "shop")
    with refused("VAULT_ITEM_NOT_FOUND"):
        await house.operations.change(STRANGER, Kind.CARD, "main", {"cvc": "999"})
    await house.operations.add_credential(STRANGER, "shop", LOGIN, [SITE])  # a name is taken per organisation


async def test_a_name_stands_for_one_item_of_its_kind(house: House) -> None:
    with refused("VAULT_ITEM_EXISTS"):
        await house.operations.add_card(ANN, "main", CARD, [SITE])
    await house.operations.add_credential(ANN, "main", LOGIN, [SITE])


async def test_a_change_leaves_the_rest(house: House) -> None:
    await house.operations.change(ANN, Kind.CREDENTIAL, "shop", {"password": "new", "origins": ["https://a.example"]})
    session = house.session()
    assert await session.reveal("shop.password", "https://a.example") == "new"
    assert await session.reveal("shop.username", "https://a.example") == "ann"
    card = await house.operations.change(ANN, Kind.CARD, "main", {"number": "5555 5555 5555 4444"})
    assert card.label == "4444"
    with refused("CARD_INVALID"):
        await house.operations.change(ANN, Kind.CARD, "main", {"expiry_year": 2020})


async def test_two_changes_at_once_lose_nothing(house: House) -> None:
    changes = [{"password": "new"}, {"user_name": "eve"}]
    done = await asyncio.gather(
        *(house.operations.change(ANN, Kind.CREDENTIAL, "shop", change) for change in changes), return_exceptions=True
    )
    kept = {await house.session().reveal(f"shop.{part}", SITE) for part in ("password", "username")}
    for change, outcome in zip(changes, done, strict=True):
        changed = not isinstance(outcome, Exception)
        assert changed or (isinstance(outcome, OutriderError) and outcome.code == "VAULT_ITEM_CHANGED")
        assert (set(change.values()) <= kept) is changed


async def test_use_is_noted(house: House) -> None:
    assert (await house.operations.get(ANN, Kind.CREDENTIAL, "shop")).last_used_at is None
    await house.session().reveal("shop.password", SITE)
    assert (await house.operations.get(ANN, Kind.CREDENTIAL, "shop")).last_used_at is not None


async def test_a_rotation_makes_older_keys_needless(house: House) -> None:
    both = VaultOperations(house.store, Sealer([KEYS[1], KEYS[0]]))
    await both.add_credential(ANN, "newer", LOGIN, [SITE])
    done = await both.rotate(ANN)
    assert (done.resealed, done.current) == (2, 1)
    again = await both.rotate(ANN)
    assert (again.resealed, again.current) == (0, 3)

    newest = StoredVault(house.store, Sealer([KEYS[1]])).of_session("ann", "s-1")
    assert await newest.reveal("shop.password", SITE) == "tea & 7 cups"
    with refused("SECRET_UNREADABLE"):
        await house.session().reveal("shop.password", SITE)
    with refused("SECRET_UNREADABLE"):
        await VaultOperations(house.store, Sealer([KEYS[2]])).rotate(ANN)


async def test_a_sealed_value_does_not_open_in_another_row(house: House) -> None:
    other = await house.operations.add_credential(ANN, "other", {**LOGIN, "password": "x"}, ["https://evil.example"])
    mine = await house.operations.get(ANN, Kind.CREDENTIAL, "shop")
    await house.store.change_item(other, {"sealed": mine.sealed})
    with refused("SECRET_UNREADABLE"):
        await house.session().reveal("other.password", "https://evil.example")


async def test_the_files_of_the_database_hold_no_secret(house: House) -> None:
    await house.operations.change(ANN, Kind.CREDENTIAL, "shop", {"password": "another secret"})
    files = [path.read_bytes() for path in Path(house.path).parent.glob("outrider.db*")]
    assert any(b"shop" in content for content in files)
    for secret in (NUMBER, "tea & 7 cups", "another secret", LOGIN["totp_secret"]):
        assert not any(secret.encode() in content for content in files)
