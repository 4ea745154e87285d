"""Secrets in real pages: only on their origin, asked of the frame; seen by nobody afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from tests.integration.browsers.conftest import Finder
from tests.integration.browsers.payment_site import payment_site
from tests.pages.posting import PostingSite

from outrider.agents.secrets import Secrets
from outrider.agents.vault_page import VaultPage
from outrider.interfaces.actions import FillSecret, Navigate, Pay
from outrider.interfaces.pages import Page
from outrider.interfaces.vault import Card
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser

NUMBER = "4111111111111111"
PASSWORD = "tea & 7 cups"
TOKEN = "pt_live_abcdefgh" + "x" * 32


@dataclass
class Wallet:
    """``SessionVault`` for one origin, which notes what was asked of it."""

    origin: str
    asked: list[str] = field(default_factory=list)
    refuses: bool = False
    password: str = PASSWORD

    async def reveal(self, secret: str, origin: str) -> str:
        self.asked.append(f"{secret} for {origin}")
        if origin != self.origin:
            raise OutriderError("SECRET_ORIGIN_REFUSED", secret=secret, origin=origin)
        return {"shop.username": "ann", "shop.password": self.password, "shop.code": "081804"}[secret]

    async def redeem(self, payment: Pay, origin: str) -> Card:
        self.asked.append(f"redeem for {origin}")
        if origin != self.origin:
            raise OutriderError("PAYMENT_ORIGIN_REFUSED", token="…", origin=origin)
        if self.refuses:
            raise OutriderError("PAYMENT_TOKEN_USED", token="…", redeemed_at="…", outcome="…")
        return Card("Ann Example", NUMBER, 8, 2090, "123")

    async def settle(self, payment: Pay) -> None:
        self.asked.append("settle")


@pytest.fixture
def site() -> Iterator[PostingSite]:
    with payment_site() as started:
        yield started


@pytest.fixture
def wallet(site: PostingSite) -> Wallet:
    return Wallet(site.url)


async def payment(find: Finder, **changes: int | str | None) -> Pay:
    places = {
        "number": "Card number",
        "expiry": "Expiry",
        "cvc": "CVC",
        "holder": "Name on card",
        "button": "Pay £23.50",
    }
    found = {name: (await find(label)).index for name, label in places.items()}
    return Pay(**({"token": TOKEN, "amount": "£23.50"} | found | changes))  # type: ignore[arg-type] # by name


def refused(code: str) -> "pytest.RaisesExc[OutriderError]":
    return pytest.RaisesExc(OutriderError, check=lambda problem: problem.code == code)


async def test_a_log_in_by_name(page: Page, find: Finder, site: PostingSite, wallet: Wallet) -> None:
    await page.act(Navigate(f"{site.url}/login"))
    await page.act(FillSecret((await find("User")).index, "shop.username"), wallet)
    await page.act(FillSecret((await find("Code")).index, "shop.code"), wallet)
    effect = await page.act(FillSecret((await find("Password")).index, "shop.password"), wallet)
    assert effect.value == "‹shop.password›"
    assert (await find("User")).value == "ann"
    assert (await find("Code")).value == "•" * 6
    assert (await find("Password")).value == "•" * len(PASSWORD)

    effect = await page.act(FillSecret((await find("Password")).index, "shop.password", submit=True), wallet)
    assert effect.title == "Thanks"
    assert site.posted == [("/welcome", {"user": "ann", "password": PASSWORD, "code": "081804"})]


async def test_a_password_goes_into_password_fields_only(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    await page.act(Navigate(f"{site.url}/login"))
    for name in ("Comment", "User", "Log in"):
        with refused("ELEMENT_NOT_ACTIONABLE"):
            await page.act(FillSecret((await find(name)).index, "shop.password"), wallet)
    assert wallet.asked == []


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        ("this.type = 'text'", "ELEMENT_NOT_ACTIONABLE"),
        ("this.disabled = true", "ELEMENT_NOT_ACTIONABLE"),
        ("this.outerHTML = '<input aria-label=Word>'", "ELEMENT_GONE"),
    ],
)
async def test_a_field_that_becomes_another_one_on_focus_gets_no_password(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet, handler: str, code: str
) -> None:
    markup = f'<input type=password aria-label=Word onfocus="{handler}" oninput="document.title = this.value">'
    await page.act(Navigate(f"{site.url}/inline?{quote(markup)}"))
    with refused(code):
        await page.act(FillSecret((await find("Word")).index, "shop.password"), wallet)
    assert (await page.observe()).title == ""


async def test_a_password_stays_masked_when_the_page_shows_passwords(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    markup = "<input type=password aria-label=Word oninput=\"this.type = 'text'\">"
    await page.act(Navigate(f"{site.url}/inline?{quote(markup)}"))
    field = await find("Word")
    await page.act(FillSecret(field.index, "shop.password"), wallet)
    assert await style_of(page, field.index) == "disc"  # before anybody looks


async def test_a_password_of_punctuation_is_masked_as_well(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    wallet.password = "*(?[!*+."
    markup = (
        "<input type=password aria-label=Word oninput=\"said.textContent = 'It is ' + this.value\"><h1 id=said></h1>"
    )
    await page.act(Navigate(f"{site.url}/inline?{quote(markup)}"))
    await page.act(FillSecret((await find("Word")).index, "shop.password"), wallet)
    await page.screenshot()
    assert await drawn_over(page) == [wallet.password[:4]]


async def test_another_site_gets_nothing(page: Page, find: Finder, site: PostingSite, wallet: Wallet) -> None:
    await page.act(Navigate(f"{site.other}/login"))
    with refused("SECRET_ORIGIN_REFUSED"):
        await page.act(FillSecret((await find("Password")).index, "shop.password"), wallet)
    assert wallet.asked == [f"shop.password for {site.other}"]
    assert (await find("Password")).value == ""


async def test_the_frame_that_holds_the_field_is_asked_and_not_the_tab(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    await page.act(Navigate(f"{site.url}/framed"))
    elements = (await page.observe()).elements
    own, framed = (each.index for each in elements if each.name == "Card number")
    with refused("PAYMENT_ORIGIN_REFUSED"):
        await page.act(Pay("£23.50", TOKEN, number=framed), wallet)
    assert wallet.asked == [f"redeem for {site.other}"]
    cvc = next(each.index for each in elements if each.name == "CVC")
    with pytest.raises(OutriderError, match=f"{site.url} and {site.other}"):
        await page.act(Pay("£23.50", TOKEN, number=own, cvc=cvc), wallet)
    assert len(wallet.asked) == 1

    there = Wallet(site.other)
    await page.act(Pay("£23.50", TOKEN, number=framed), there)
    shown = (await page.observe()).elements
    assert [each.value for each in shown if each.name == "Card number"] == ["", "•" * 19]


@pytest.mark.parametrize("origin", ["sandboxed", "data"])
async def test_a_document_without_an_origin_of_its_own_gets_nothing(
    page: Page, site: PostingSite, wallet: Wallet, origin: str
) -> None:
    frame = (
        f'<iframe sandbox="allow-forms allow-scripts" src="{site.url}/login">'
        if origin == "sandboxed"
        else "<iframe src='data:text/html,<label>Password <input type=password></label>'>"
    )
    await page.act(Navigate(f"{site.url}/inline?{quote(frame)}"))
    password = [each for each in (await page.observe()).elements if each.name == "Password"]
    assert len(password) == 1
    with refused("SECRET_ORIGIN_REFUSED"):
        await page.act(FillSecret(password[0].index, "shop.password"), wallet)
    assert wallet.asked == ["shop.password for null"]


async def test_a_payment(page: Page, find: Finder, site: PostingSite, wallet: Wallet) -> None:
    await page.act(Navigate(f"{site.url}/pay"))
    pay = await payment(find, expiry_month=(await find("Month")).index, expiry_year=(await find("Year")).index)
    effect = await page.act(pay, wallet)
    assert effect.title == "Thanks"
    assert wallet.asked == [f"redeem for {site.url}", "settle"]
    ((_, posted),) = site.posted
    assert posted == {
        "holder": "Ann Example",
        "number": "4111 1111 1111 1111",
        "expiry": "08 / 90",
        "month": "8",
        "year": "2090",
        "cvc": "123",
    }


@pytest.mark.parametrize("amount", ["£23.5", "£3.50", "3.50", "£23", "£230.50", "", "£99.00"])
async def test_an_amount_that_the_page_does_not_show_is_not_paid(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet, amount: str
) -> None:
    await page.act(Navigate(f"{site.url}/pay"))
    with refused("PAYMENT_AMOUNT_UNREADABLE"):
        await page.act(await payment(find, amount=amount), wallet)
    assert wallet.asked == []


async def test_a_refused_token_leaves_the_fields_empty(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    wallet.refuses = True
    await page.act(Navigate(f"{site.url}/pay"))
    with refused("PAYMENT_TOKEN_USED"):
        await page.act(await payment(find), wallet)
    assert {(await find(name)).value for name in ("Card number", "CVC", "Expiry", "Name on card")} == {""}
    assert site.posted == []


async def test_fields_that_take_no_card_are_noticed_before_the_token_is_redeemed(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    await page.act(Navigate(f"{site.url}/pay"))
    with refused("ELEMENT_NOT_ACTIONABLE"):
        await page.act(await payment(find, number=(await find("Pay £23.50")).index), wallet)
    with refused("ELEMENT_GONE"):
        await page.act(await payment(find, cvc=99_999), wallet)
    assert wallet.asked == []


async def test_what_was_put_in_is_seen_in_no_look_picture_or_problem(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    secrets = Secrets()
    seen = VaultPage(page, wallet, secrets)
    await page.act(Navigate(f"{site.url}/decline"))
    before = (await page.screenshot()).jpeg
    await seen.act(await payment(find, button=None))
    filled = await find("Card number")
    assert filled.value == "•" * 19
    assert (await page.screenshot()).jpeg != before
    assert await style_of(page, filled.index) == "disc"

    effect = await seen.act(await payment(find))  # the page shows the number again, as an alert and in a field
    observation = await seen.observe()
    raw = await page.observe()
    assert await drawn_over(page) == [NUMBER[:4]]
    assert any("4111-1111" in text.text for text in raw.texts)
    assert next(each.value for each in raw.elements if each.name == "Card number") == "•" * 19
    assert next(each.value for each in raw.elements if each.name == "Other") == "plain"
    for told in (effect, observation):
        assert "4111" not in str(told)
        assert "‹card number›" in str(told)


async def drawn_over(page: Page) -> list[str]:
    """How the texts begin that pictures don't show: transparent on black."""
    tab = await page._stage.tabs.current()  # type: ignore[attr-defined] # no contract tells of styles
    style = "getComputedStyle(document.querySelector('h1'), '::highlight(outrider-concealed)')"
    colours = await tab.evaluate(tab.frames.main, f"[{style}.color, {style}.backgroundColor].join()", by_value=True)
    assert colours["value"] == "rgba(0, 0, 0, 0),rgb(0, 0, 0)"
    ranges = "[...CSS.highlights.get('outrider-concealed')].map((range) => range.toString().slice(0, 4))"
    result = await tab.evaluate(tab.frames.main, ranges, by_value=True)
    return list(result["value"])


async def style_of(page: Page, index: int) -> str:
    """How the field draws its letters, as its own document says."""
    tab = await page._stage.tabs.current()  # type: ignore[attr-defined] # no contract tells of styles
    frame, number = tab.frames.locate(index)
    result = await tab.evaluate(
        frame, f"getComputedStyle(outrider.element({number})).webkitTextSecurity", by_value=True
    )
    return str(result["value"])


#: A field, and what it gets.
FIELDS = [
    ("number", "<input name=x>", NUMBER),
    ("number", "<input name=x maxlength=16 placeholder='1234 5678 9012 3456'>", NUMBER),
    ("number", "<input name=x maxlength=19 placeholder='0000 0000 0000 0000'>", "4111 1111 1111 1111"),
    ("number", "<input name=x type=tel pattern='[0-9]{16}' placeholder='0000 0000 0000 0000'>", NUMBER),
    ("number", "<input name=x pattern='['>", NUMBER),
    (
        "number",
        "<input name=x oninput=\"this.value = this.value.replace(/\\D/g, '').replace(/(.{4})(?=.)/g, '$1-')\">",
        "4111-1111-1111-1111",
    ),
    ("expiry", "<input name=x>", "08/90"),
    ("expiry", "<input name=x placeholder='MM / YYYY'>", "08 / 2090"),
    ("expiry", "<input name=x placeholder='mmyy'>", "0890"),
    ("expiry", "<input name=x maxlength=4>", "0890"),
    ("expiry", "<input name=x pattern='[0-9]{2}-[0-9]{4}'>", "08-2090"),
    ("expiry", "<input name=x type=month>", "2090-08"),
    ("expiry_month", "<select name=x><option>07<option>08<option>18</select>", "08"),
    ("expiry_month", "<select name=x><option value=7>7 July<option value=8>8 August</select>", "8"),
    ("expiry_month", "<select name=x><option value=a>July<option value=b>August</select>", "b"),
    ("expiry_month", "<input name=x maxlength=1>", "8"),
    ("expiry_year", "<select name=x><option>89<option>90</select>", "90"),
    ("expiry_year", "<input name=x maxlength=2>", "90"),
    ("cvc", "<input name=x type=password>", "123"),
    ("holder", "<textarea name=x></textarea>", "Ann Example"),
]


@pytest.mark.parametrize(("name", "markup", "written"), FIELDS)
async def test_a_field_gets_what_it_takes(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet, name: str, markup: str, written: str
) -> None:
    form = f"<p>£1.00<form method=post action=/welcome><label>Number <input name=n></label>{markup}<button>Go</button>"
    labelled = markup.replace("name=x", "name=x aria-label=Field")
    await page.act(Navigate(f"{site.url}/inline?{quote(form.replace(markup, labelled))}"))
    places = {"number": (await find("Number")).index} | {name: (await find("Field")).index}
    effect = await page.act(Pay("£1.00", TOKEN, **places, button=(await find("Go")).index), wallet)
    assert effect.title == "Thanks"
    assert site.posted[0][1]["x"] == written


async def test_a_field_that_takes_no_card_keeps_the_token_redeemed(
    page: Page, find: Finder, site: PostingSite, wallet: Wallet
) -> None:
    await page.act(Navigate(f"{site.url}/inline?{quote('<p>£1.00<label>Number <input maxlength=9></label>')}"))
    with refused("ELEMENT_NOT_ACTIONABLE"):
        await page.act(Pay("£1.00", TOKEN, number=(await find("Number")).index), wallet)
    assert wallet.asked == [f"redeem for {site.url}"]
    assert (await find("Number")).value == ""
