"""Payment tokens: good once, for their session, origin, amount and time; whatever happens at the same moment."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from tests.integration.vault.conftest import ANN, KEYS, NUMBER, SITE, STRANGER, House, payment
from tests.integration.vault.test_items import refused

from outrider.identities.sealing import Sealer
from outrider.interfaces.vault import Card, Kind, TokenState
from outrider.problems import OutriderError
from outrider.vault.payments import id_of
from outrider.vault.use import StoredVault

AT_ONCE = 50


async def test_a_token_is_good_once(house: House) -> None:
    token = await house.token()
    card = await house.session().redeem(payment(token), SITE)
    assert card.number == NUMBER
    used = await house.payments.get(ANN, id_of(token))
    assert (used.state, used.amount) == (TokenState.REDEEMED, Decimal("25.00"))
    with pytest.raises(OutriderError) as again:
        await house.session().redeem(payment(token), SITE)
    assert again.value.code == "PAYMENT_TOKEN_USED"
    assert "not known" in again.value.cause

    await house.session().settle(payment(token))
    assert (await house.payments.get(ANN, id_of(token))).state is TokenState.SETTLED
    with pytest.raises(OutriderError) as settled:
        await house.session().redeem(payment(token), SITE)
    assert "was sent" in settled.value.cause


async def test_of_fifty_redemptions_at_once_one_is_made(house: House) -> None:
    token = await house.token()
    redeem = (house.session().redeem(payment(token), SITE) for _ in range(AT_ONCE))
    outcomes = await asyncio.gather(*redeem, return_exceptions=True)
    assert sum(isinstance(outcome, Card) for outcome in outcomes) == 1
    codes = {outcome.code for outcome in outcomes if isinstance(outcome, OutriderError)}
    assert codes == {"PAYMENT_TOKEN_USED"}
    assert sum(isinstance(outcome, OutriderError) for outcome in outcomes) == AT_ONCE - 1


async def test_a_token_is_for_its_terms_only(house: House) -> None:
    token = await house.token()
    for amount, code in [
        ("25,01 €", "PAYMENT_AMOUNT_REFUSED"),
        ("1.234 €", "PAYMENT_AMOUNT_REFUSED"),
        ("$1.00", "PAYMENT_CURRENCY_REFUSED"),
        ("nothing", "PAYMENT_AMOUNT_UNREADABLE"),
    ]:
        with refused(code):
            await house.session().redeem(payment(token, amount), SITE)
    for origin in ("https://www.shop.example", "http://shop.example", "null"):
        with refused("PAYMENT_ORIGIN_REFUSED"):
            await house.session().redeem(payment(token), origin)
    with refused("PAYMENT_TOKEN_FOREIGN"):
        await house.session("s-2").redeem(payment(token), SITE)
    with refused("PAYMENT_TOKEN_NOT_FOUND"):
        await house.session(organisation_id="stranger").redeem(payment(token), SITE)
    # None of that has used it up.
    await house.session().redeem(payment(token, "12.00"), SITE)


async def test_a_wrong_text_is_no_token_and_is_not_repeated(house: House) -> None:
    token = await house.token()
    for text in (token[:-1] + ("a" if token[-1] != "a" else "b"), "secret-of-another-kind", "", token + "x"):
        with pytest.raises(OutriderError) as none:
            await house.session().redeem(payment(text), SITE)
        assert none.value.code == "PAYMENT_TOKEN_NOT_FOUND"
        assert token not in none.value.message
        assert "another-kind" not in none.value.message


async def test_a_token_that_is_over_or_revoked_is_refused(house: House) -> None:
    late = await house.token(expires_in=timedelta(0))
    with refused("PAYMENT_TOKEN_EXPIRED"):
        await house.session().redeem(payment(late), SITE)
    revoked = await house.token()
    for _ in range(2):
        assert (await house.payments.revoke(ANN, id_of(revoked))).state is TokenState.REVOKED
    with refused("PAYMENT_TOKEN_REVOKED"):
        await house.session().redeem(payment(revoked), SITE)
    used = await house.token()
    await house.session().redeem(payment(used), SITE)
    with refused("PAYMENT_TOKEN_USED"):
        await house.payments.revoke(ANN, id_of(used))


async def test_the_card_counts_as_it_is_when_it_is_used(house: House) -> None:
    moved, gone = await house.token(), await house.token()
    await house.operations.change(ANN, Kind.CARD, "main", {"origins": ["https://elsewhere.example"]})
    with refused("PAYMENT_ORIGIN_REFUSED"):
        await house.session().redeem(payment(moved), SITE)
    await house.operations.delete(ANN, Kind.CARD, "main")
    with refused("VAULT_ITEM_NOT_FOUND"):
        await house.session().redeem(payment(gone), SITE)
    assert (await house.payments.get(ANN, id_of(gone))).state is TokenState.ACTIVE


async def test_a_card_that_nobody_can_read_uses_no_token_up(house: House) -> None:
    token = await house.token()
    without_the_key = StoredVault(house.store, Sealer([KEYS[1]])).of_session("ann", "s-1")
    with refused("SECRET_UNREADABLE"):
        await without_the_key.redeem(payment(token), SITE)
    assert (await house.payments.get(ANN, id_of(token))).state is TokenState.ACTIVE
    assert (await house.session().redeem(payment(token), SITE)).number == NUMBER


async def test_a_token_is_made_for_what_the_card_is_bound_to(house: House) -> None:
    with refused("CARD_ORIGIN_REFUSED"):
        await house.token(origin="https://evil.example")
    with refused("ORIGIN_INVALID"):
        await house.token(origin="https://*.shop.example")
    with refused("VAULT_ITEM_NOT_FOUND"):
        await house.token(card="other")


async def test_tokens_are_listed_page_by_page_and_to_their_owner_only(house: House) -> None:
    made = [id_of(await house.token(session_id=f"s-{1 + number % 2}")) for number in range(5)]
    first = await house.payments.all(ANN, session_id=None, before=None, limit=3)
    rest = await house.payments.all(ANN, session_id=None, before=first[-1].id, limit=3)
    assert [token.id for token in (*first, *rest)] == made[::-1]
    of_two = await house.payments.all(ANN, session_id="s-2", before=None, limit=9)
    assert {token.session_id for token in of_two} == {"s-2"}
    assert await house.payments.all(STRANGER, session_id=None, before=None, limit=9) == ()
    with refused("PAYMENT_TOKEN_NOT_FOUND"):
        await house.payments.get(STRANGER, made[0])


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_is_done_at_once_no_token_is_used_twice(house: House, seed: int) -> None:
    """Redemptions, revocations and settlements of a few tokens in a random order, all at the same time."""
    chance = random.Random(seed)  # noqa: S311 - it has to be the same each time
    tokens = [await house.token() for _ in range(4)]
    session = house.session()
    work: list[Callable[[], Awaitable[object]]] = []
    for token in tokens * 12:
        ways: list[Callable[[], Awaitable[object]]] = [
            partial(session.redeem, payment(token, "1.00"), SITE),
            partial(house.payments.revoke, ANN, id_of(token)),
            partial(session.settle, payment(token)),
        ]
        work.append(chance.choice(ways))
    chance.shuffle(work)
    outcomes = await asyncio.gather(*(one() for one in work), return_exceptions=True)
    redeemed = sum(isinstance(outcome, Card) for outcome in outcomes)
    states = [(await house.payments.get(ANN, id_of(token))).state for token in tokens]
    assert redeemed == sum(state in (TokenState.REDEEMED, TokenState.SETTLED) for state in states)
    faults = {outcome.code for outcome in outcomes if isinstance(outcome, OutriderError)}
    assert faults <= {"PAYMENT_TOKEN_USED", "PAYMENT_TOKEN_REVOKED"}
    assert not [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, OutriderError)]
