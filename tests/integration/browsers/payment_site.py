"""A shop's pages under two names of one machine: log-in, payment form, and a form in a frame of the other site."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from urllib.parse import SplitResult, unquote

from tests.pages.posting import PostingHandler, PostingSite, posting_site

LOGIN = """<!doctype html><title>Log in</title><form method="post" action="/welcome">
<label>User <input name="user"></label> <label>Password <input type="password" name="password"></label>
<label>Code <input name="code" maxlength="6"></label> <label>Comment <textarea name="comment"></textarea></label>
<button>Log in</button></form>"""

PAY = """<!doctype html><title>Pay</title><h1>Checkout</h1><p>Item £2.00</p><p>Total: £23.50</p>
<form method="post" action="{action}">
<label>Name on card <input name="holder"></label>
<label>Card number <input name="number" placeholder="1234 5678 9012 3456"></label>
<label>Expiry <input name="expiry" placeholder="MM / YY" maxlength="7"></label>
<label>Month <select name="month"><option>Month<option value="1">January<option value="8">August</select></label>
<label>Year <select name="year"><option>Year<option>2089<option>2090</select></label>
<label>CVC <input name="cvc" maxlength="4"></label>
<button>Pay £23.50</button></form>"""

#: What pages should not do, and do.
AGAIN = """<!doctype html><title>Declined {shown}</title><h1>Declined</h1><p role="alert">Card {shown} was declined</p>
<form><label>Card number <input name="number" value="{number}"></label>
<label>Other <input name="other" value="plain"></label></form>"""

FRAMED = """<!doctype html><title>Framed</title><p>Total: £23.50</p>
<label>Card number <input name="own"></label>
<iframe src="{frame}/pay" width="900" height="500"></iframe>"""


class _Shop(PostingHandler):
    def page(self, address: SplitResult) -> str:
        pages = {
            "/login": LOGIN,
            "/pay": PAY.replace("{action}", "/welcome"),
            "/decline": PAY.replace("{action}", "/again"),
            "/framed": FRAMED.replace("{frame}", self.site.other),
            "/inline": unquote(address.query),
        }
        return pages.get(address.path, "<h1>Home</h1>")

    def answer(self, address: SplitResult, fields: Mapping[str, str]) -> str:
        number = fields.get("number", "")
        again = AGAIN.replace("{number}", number).replace("{shown}", number.replace(" ", "-"))
        return again if address.path == "/again" else "<!doctype html><title>Thanks</title><h1>Thank you</h1>"


def payment_site() -> AbstractContextManager[PostingSite]:
    """The shop, for as long as the block runs."""
    return posting_site(_Shop)
