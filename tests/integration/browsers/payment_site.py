"""A shop's pages under two names of one machine: log-in, payment form, and a form in a frame of the other site."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

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


@dataclass
class PaymentSite:
    """Where it is, and what was posted to it."""

    port: int
    posted: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def other(self) -> str:
        """The same machine by another name: another site for a browser."""
        return f"http://localhost:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    site: PaymentSite

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        pages = {
            "/login": LOGIN,
            "/pay": PAY.replace("{action}", "/welcome"),
            "/decline": PAY.replace("{action}", "/again"),
            "/framed": FRAMED.replace("{frame}", self.site.other),
            "/inline": unquote(urlsplit(self.path).query),
        }
        self._send(pages.get(path, "<h1>Home</h1>"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        self.site.posted.append(fields)
        number = fields.get("number", "")
        again = AGAIN.replace("{number}", number).replace("{shown}", number.replace(" ", "-"))
        self._send(again if self.path == "/again" else "<!doctype html><title>Thanks</title><h1>Thank you</h1>")

    def _send(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def payment_site() -> Iterator[PaymentSite]:
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        site = PaymentSite(server.server_port)
        handler.site = site  # type: ignore[attr-defined] # one class per server: the standard library makes instances
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
