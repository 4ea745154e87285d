"""Small pages in the style of real ones, and a memory of the forms that were sent to them."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from benchmarks.scout_tasks.records import NEWS, ORDERS, SHOES, Article, Order, Shoe

__all__ = ["LocalSite", "serving_local"]

_PAGES: Final = Path(__file__).with_name("pages")
_ORDERS_A_PAGE: Final = 6
_NEWS_A_PAGE: Final = 3

Query = Mapping[str, Sequence[str]]


class LocalSite:
    """The address of the running site, and what was posted to it: path and fields, in order."""

    def __init__(self, url: str, posts: list[tuple[str, dict[str, str]]]) -> None:
        self.url = url
        self.posts = posts


@contextmanager
def serving_local() -> Iterator[LocalSite]:
    """Serve the pages on 127.0.0.1 for the duration."""
    posts: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            page = render(address.path, parse_qs(address.query))
            self._send(200 if page else 404, page or _page("Not found", "<p>There is no such page.</p>"))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posts.append((self.path, dict(parse_qsl(body, keep_blank_values=True))))
            self._send(200, _page("Thank you", "<p role=status>Your changes were saved.</p>"))

        def _send(self, status: int, page: str) -> None:
            body = page.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Requests are not written down."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield LocalSite(f"http://127.0.0.1:{server.server_port}", posts)
        finally:
            server.shutdown()


def render(path: str, query: Query) -> str:
    """The page of an address; "" when there is none."""
    match path.strip("/").split("/"):
        case ["signup" | "settings" as name]:
            return (_PAGES / f"{name}.html").read_text("utf-8")
        case ["orders"]:
            return _orders(int(query.get("page", ["1"])[0]))
        case ["news"]:
            return _news(int(query.get("page", ["1"])[0]))
        case ["news", slug]:
            return next((_article(article) for article in NEWS if article.slug == slug), "")
        case ["shoes"]:
            return _shoes(query)
    return ""


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} – Tidewater</title></head><body>'
        '<header><a href="/">Tidewater</a> <nav><a href="/news">News</a> <a href="/orders">Orders</a>'
        ' <a href="/shoes">Shoes</a> <a href="/settings">Settings</a></nav></header>'
        f"<main><h1>{title}</h1>{content}</main></body></html>"
    )


def _pager(path: str, page: int, pages: int) -> str:
    numbers = " ".join(
        f"<b>{number}</b>" if number == page else f'<a href="{path}?page={number}">{number}</a>'
        for number in range(1, pages + 1)
    )
    older = f' <a href="{path}?page={page + 1}" rel="next">Next ›</a>' if page < pages else ""
    return f'<nav aria-label="Pages">{numbers}{older}</nav>'


def _orders(page: int) -> str:
    shown = ORDERS[(page - 1) * _ORDERS_A_PAGE : page * _ORDERS_A_PAGE]
    head = "".join(f"<th>{name}</th>" for name in ("Order", "Placed", "Customer", "Total", "Status", ""))
    body = "".join(map(_order, shown))
    pager = _pager("/orders", page, -(-len(ORDERS) // _ORDERS_A_PAGE))
    return _page("Orders", f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{pager}")


def _order(order: Order) -> str:
    cells = (order.number, order.placed, order.customer, order.total, order.status)
    button = f'<form method="post" action="/orders/{order.number}/cancel"><button>Cancel</button></form>'
    last = button if order.status == "Open" else ""
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + f"<td>{last}</td></tr>"


def _news(page: int) -> str:
    shown = NEWS[(page - 1) * _NEWS_A_PAGE : page * _NEWS_A_PAGE]
    teasers = "".join(
        f'<article><h2><a href="/news/{article.slug}">{article.headline}</a></h2>'
        f"<p><time>{article.date}</time></p><p>{article.text}</p></article>"
        for article in shown
    )
    return _page("Harbour news", teasers + _pager("/news", page, -(-len(NEWS) // _NEWS_A_PAGE)))


def _article(article: Article) -> str:
    return _page(article.headline, f"<p>By {article.author}, <time>{article.date}</time></p><p>{article.text}</p>")


def _shoes(query: Query) -> str:
    shown = [shoe for shoe in SHOES if _wanted(shoe, query)]
    items = "".join(f"<li><h3>{shoe.name}</h3><p>{shoe.colour}, size {shoe.size}</p><p>{shoe.price}</p></li>"
                    for shoe in shown)  # fmt: skip
    colours = "".join(f"<option>{name}</option>" for name in ("Red", "Blue", "Green", "Brown"))
    sizes = "".join(
        f'<label><input type="checkbox" name="size" value="{size}"> {size}</label>' for size in ("41", "42", "43")
    )
    form = (
        f'<form><label>Colours <select name="colour" multiple size="4">{colours}</select></label>'
        f"<fieldset><legend>Size</legend>{sizes}</fieldset><button>Apply filters</button></form>"
    )
    return _page("Shoes", f"{form}<p>{len(shown)} shoes</p><ul>{items}</ul>")


def _wanted(shoe: Shoe, query: Query) -> bool:
    return shoe.colour in query.get("colour", [shoe.colour]) and shoe.size in query.get("size", [shoe.size])
