"""A shop that is rebuilt between two visits: things move, are called otherwise, cost more, or are gone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

GOODS = (("Clay pot", "£9.50"), ("Tin pot", "£4.25"), ("Iron pot", "£31.00"))


class CornerShop(ThreadingHTTPServer):
    """What it shows is what its attributes say when it is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.goods: tuple[tuple[str, str], ...] = GOODS
        #: What links, buttons and labels are called.
        self.pots, self.add, self.email, self.send = "Pots", "Add to basket", "E-mail", "Send order"
        #: Of the list of pots, on one page.
        self.per_page = 100
        #: What becomes of its further pages: "dead" links, or a "wall" instead of them.
        self.further = ""
        self.has_button = True
        #: The order of the page's parts, and what refuses an order.
        self.is_moved = False
        self.refusal = ""
        self.has_banner = False
        self.thanks = "Thank you. Your order number is 1001."
        self.ticks = False
        self.posted: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def frame(self, title: str, body: str) -> str:
        links = f"<nav><a href=/pots>{self.pots}</a> <a href=/order>Order</a></nav>"
        header = f"<header><a href=/>Home</a>{'' if self.is_moved else links}</header>"
        footer = f"<footer>{links if self.is_moved else ''}<a href=/imprint>Imprint</a></footer>"
        main = f"<main><h1>{title}</h1>{body}</main>"
        parts = [footer, main, header] if self.is_moved else [header, main, footer]
        if self.has_banner:
            over = "position:fixed;inset:0;background:#fff;z-index:9"
            button = "<button onclick='this.parentElement.remove()'>Accept all</button>"
            parts.append(f"<div role=dialog aria-label=Cookies style='{over}'>{button}</div>")
        return f"<!doctype html><title>{title}</title>{''.join(parts)}"

    def home(self) -> str:
        return self.frame("Corner shop", "<p>Pots since 1904.</p>")

    def pots_page(self, number: int = 1) -> str:
        if number > 1 and self.further == "wall":
            return self.frame("Members only", "<p>Please log in to see more.</p>")
        shown = self.goods[(number - 1) * self.per_page : number * self.per_page]
        rows = "".join(
            f"<tr><td><a href='/pot/{escape(name)}'>{name}</a></td><td>{price}</td>"
            f"<td><form method=post action='/basket/{escape(name)}'><button>{self.add}</button></form></td></tr>"
            for name, price in shown
        )
        ways = {"Previous": number - 1, "Next": number + 1 if number * self.per_page < len(self.goods) else 0}
        attributes = "onclick='return false'" if self.further == "dead" else ""
        links = "".join(f"<a href='/pots/{to}' {attributes}>{name}</a> " for name, to in ways.items() if to)
        table = f"<table><tr><th>Name</th><th>Price</th><th></th></tr>{rows}</table>"
        return self.frame("All pots", f"{table}<p>{links}</p>")

    def pot(self, name: str) -> str:
        price = next((price for known, price in self.goods if known == name), "sold")
        tick = """<script>
          const { port1, port2 } = new MessageChannel(); // between any two looks
          port1.onmessage = () => {
            document.querySelector('td').textContent = `£${performance.now()}`;
            port2.postMessage(0);
          };
          port2.postMessage(0);
        </script>"""
        return self.frame(
            name,
            f"<table><tr><th>Price</th><td>{price}</td></tr><tr><th>Weight</th><td>2 kg</td></tr></table>"
            f"<p>Made of what it says. Now {price} only.</p>{tick if self.ticks else ''}",
        )

    def order(self) -> str:
        said = f"<div role=alert>{self.refusal}</div>" if self.refusal and self.posted else ""
        button = f"<button>{self.send}</button>" if self.has_button else ""
        fields = [
            "<label>Name <input name=name></label>",
            f"<label>{self.email} <input name=email></label>",
            "<label>Password <input name=word type=password></label>",
            "<label>Colour <select name=colour><option>Red<option>Blue</select></label>",
            "<label><input type=checkbox name=gift> Gift</label>",
        ]
        ordered = reversed(fields) if self.is_moved else fields
        return self.frame("Order", f"{said}<form method=post action=/order>{''.join(ordered)}{button}</form>")


class _Handler(BaseHTTPRequestHandler):
    server: CornerShop

    def do_GET(self) -> None:
        kind, _, rest = self.path.lstrip("/").partition("/")
        pages = {"": self.server.home, "pots": self.server.pots_page, "order": self.server.order}
        if kind == "pot":
            self._answer(self.server.pot(rest.replace("%20", " ")))
        elif kind == "pots" and rest:
            self._answer(self.server.pots_page(int(rest)))
        else:
            self._answer(pages.get(kind, self.server.home)())

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        self.server.posted.append((self.path.replace("%20", " "), body))
        if self.path == "/order" and self.server.refusal:
            self._answer(self.server.order())
        else:
            self._answer(self.server.frame("Done", f"<p>{self.server.thanks}</p>"))

    def _answer(self, page: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page.encode())))
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: Any) -> None:
        """Silent."""


@contextmanager
def open_shop() -> Iterator[CornerShop]:
    with CornerShop() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
