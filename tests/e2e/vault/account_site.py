"""A site with accounts and a small shop: log-ins on one page, over several, by script; a checkout and a review."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult

from tests.pages.posting import PostingHandler, PostingSite, posting_site

from outrider.vault.codes import one_time_code

TOTP_SECRET = "NB2W45DFOIZA2MJQ"
PASSWORDS = {"ann": "correct horse & 1 battery", "bob@mail.example": "lantern lane 4 & 2"}

TITLE = "<!doctype html><title>Small site</title>"
ONE_PAGE = """<h1>Sign in</h1>{told}<form method=post action=/sign-in><label>E-mail <input name=user></label>
<label>Password <input type=password name=password></label><button>Log in</button></form>"""
FIRST_PAGE = """<h1>Sign in</h1>{told}<form method=post action=/steps><label>E-mail or phone <input name=user></label>
<button>Next</button></form>"""
SECOND_PAGE = """<h1>Welcome back</h1><form method=post action=/steps/password>
<label>E-mail or phone <input name=user value="{user}" readonly></label>
<label>Password <input type=password name=password></label><button>Next</button></form>"""
THIRD_PAGE = """<h1>Two-step verification</h1><form method=post action=/steps/code>
<input type=hidden name=user value="{user}"><label>Verification code <input name=code maxlength=6></label>
<button>Verify</button></form>"""
#: No form: Enter does nothing.
SCRIPTED = """<main><h1>Sign in</h1><label>E-mail <input id=user></label>
<label>Password <input id=word type=password></label><button id=go>Log in</button></main>
<script>go.onclick = async () => {
const body = new URLSearchParams({user: user.value, password: word.value})
const sent = await fetch('/script', {method: 'POST', body})
document.querySelector('main').innerHTML = await sent.text() }</script>"""

ITEM = "<h1>Tea pot</h1><p>£20.00</p><form method=post action=/basket><button>Add to basket</button></form>"
BASKET = "<h1>Basket</h1><p>Tea pot</p><p>Basket total: £20.00</p><a href=/checkout>Proceed to checkout</a>"
#: The fields for the card are there once that way of paying is chosen; their labels are only in their names.
CHECKOUT = """<h1>Checkout</h1><table><tr><th>Subtotal</th><td>£20.00</td></tr><tr><th>Delivery</th><td>£3.50</td></tr>
<tr><th>Order total</th><td>£23.50</td></tr></table>
<label><input type=radio name=how value=bill> Invoice</label>
<label><input type=radio name=how value=card onchange="card.hidden = false"> Credit or debit card</label>
<form id=card hidden method=post action=/review><input autocomplete=cc-name placeholder="As on the card" name=holder>
<input autocomplete=cc-number name=number aria-label=Number>
<select autocomplete=cc-exp-month name=month aria-label=Month><option>01<option>08</select>
<select autocomplete=cc-exp-year name=year aria-label=Year><option>2089<option>2090</select>
<input autocomplete=cc-csc name=cvc aria-label="Security code"><button>Continue</button></form>"""
REVIEW = """<h1>Review your order</h1><p>Order total: {total}</p>
<form method=post action=/thanks><button>Place order</button></form>"""
PAGES = {"/": "<h1>Home</h1><a href=/sign-in>Sign in</a> <a href=/basket>Basket</a>", "/script": SCRIPTED,
         "/item": f"{ITEM}<a href=/basket>Basket</a>", "/basket": BASKET, "/checkout": CHECKOUT,
         "/dearer": CHECKOUT.replace("/review", "/review?dearer")}  # fmt: skip


class _Accounts(PostingHandler):
    def page(self, address: SplitResult) -> str:
        path, forms = address.path, {"/sign-in": ONE_PAGE, "/steps": FIRST_PAGE}
        return TITLE + (forms[path].format(told="") if path in forms else PAGES.get(path, "<h1>Not here</h1>"))

    def answer(self, address: SplitResult, fields: Mapping[str, str]) -> str:
        return TITLE + _answer(address.path, address.query, fields)


def _answer(path: str, query: str, fields: Mapping[str, str]) -> str:
    user = fields.get("user", "")
    entered = PASSWORDS.get(user) == fields.get("password") or path == "/steps/code"
    wrong = "<p class=error>That is not right.</p>"
    match path:
        case "/steps":
            return SECOND_PAGE.format(user=user) if user in PASSWORDS else FIRST_PAGE.format(told=wrong)
        case "/steps/password" if entered:
            return THIRD_PAGE.format(user=user)
        case "/steps/code" if fields["code"] not in _codes():
            return THIRD_PAGE.format(user=user)
        case "/sign-in" | "/script" | "/steps/code" if entered:
            return f"<h1>Hello {user}</h1>"
        case "/sign-in" | "/script" | "/steps/password":
            return ONE_PAGE.format(told=wrong)
        case "/basket":
            return BASKET
        case "/review":
            return REVIEW.format(total="£25.00" if query else "£23.50")
        case _:
            return "<h1>Thank you for your order</h1>"


def _codes() -> set[str]:
    """Of this moment and the one before, as sites take them."""
    now = datetime.now(UTC)
    return {one_time_code(TOTP_SECRET, now - timedelta(seconds=ago)) for ago in (0, 30)}


def account_site() -> AbstractContextManager[PostingSite]:
    """The site, for as long as the block runs."""
    return posting_site(_Accounts)
