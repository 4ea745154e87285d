"""A small town's website for tests: a shop with search and basket, accounts, forms, tables, awkward pages."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from tests.integration.scout.desks import DESKS, desk_page
from tests.integration.scout.own_buttons import LISTS, whole

#: Name, price, old price, stars, stock.
GOODS: Final = (
    ("Green tea pot", "£14.50", "£20.00", "four", "In stock"),
    ("Clay tea pot", "£9.99", "", "two", "In stock"),
    ("Glass tea pot", "£1,009.00", "", "five", "In stock"),
    ("Tea cosy", "", "", "", "Price on request"),
    ("Tin tea pot", "£9.49", "", "three", "Out of stock"),
    ("Tea strainer", "£3.25", "£3.75", "one", "In stock"),
    ("Iron tea pot", "£45.00", "", "four", "In stock"),
)
PER_PAGE: Final = 3
USERS: Final = MappingProxyType({"ann@example.org": "right horse"})

Query = Mapping[str, str]


def frame(title: str, body: str, extra: str = "") -> str:
    return (
        f"<!doctype html><title>{title} | Smallham</title><header><a href='/'>Smallham</a>"
        "<form role=search action=/search><input name=q placeholder='Search the shop'><button>Go</button></form>"
        "<nav><a href=/shop>Shop</a> <a href=/login>Sign in</a> <a href=/form>Report a pothole</a>"
        f"<a href=/towns>Towns</a> <a href=/cart>Your cart</a></nav></header><main>{body}</main>"
        f"<footer><a href=/imprint>Imprint</a></footer>{extra}"
    )


def card(at: int) -> str:
    name, price, old, stars, stock = GOODS[at]
    before = f"<s class='old-price'>{old}</s> " if old else ""
    rated = f"<p class='stars star-{stars}'></p>" if stars else ""
    now = f"<span class=price>{price}</span>" if price else ""
    return (
        f"<article class=card><h3><a href='/item/{at}'>{name}</a></h3>{rated}<p>{before}{now}</p>"
        f"<p class=stock>{stock}</p>"
        f"<form method=post action='/cart?add={at}'><button>Add to cart</button></form></article>"
    )


def listing(title: str, places: list[int], query: Query, address: str) -> str:
    page = int(query.get("page", "1"))
    shown = places[(page - 1) * PER_PAGE : page * PER_PAGE]
    more = page * PER_PAGE < len(places)
    following = f"<a rel=next href='{address}page={page + 1}'>Next</a>" if more else ""
    return frame(title, f"<h1>{title}</h1>{''.join(map(card, shown))}<nav class=pagination>{following}</nav>")


def home(query: Query) -> str:
    return frame("Welcome", "<h1>Welcome to Smallham</h1><p>A quiet town with a shop.</p>")


def shop(query: Query) -> str:
    return listing("All goods", list(range(len(GOODS))), query, "/shop?")


def search(query: Query) -> str:
    words = query.get("q", "").lower()
    places = [at for at, good in enumerate(GOODS) if words in good[0].lower()]
    if not places:
        return frame("Nothing", f"<h1>Search</h1><p>No results for “{escape(words)}”.</p>")
    return listing(f"Results for {escape(words)}", places, query, f"/search?q={quote(words)}&")


def item(query: Query) -> str:
    at = int(query["rest"])
    name, price, _, _, stock = GOODS[at]
    return frame(
        name,
        f"<h1>{name}</h1><p class=price>{price}</p><p>{stock}</p>"
        f"<form method=post action='/cart?add={at}'><label>Quantity <input type=number name=n value=1></label>"
        "<button>Add to cart</button></form>"
        f"<h2>Description</h2><p>A fine thing, made in Smallham by the river.</p>"
        f"<table><tr><th>Article number</th><td>SM-{at:03}</td></tr>"
        f"<tr><th>Weight</th><td>{at + 1} kg</td></tr></table>",
    )


def cart(query: Query) -> str:
    lines = [part for part in query.get("cart", "").split(".") if part]
    if not lines:
        return frame("Your cart", "<h1>Your cart</h1><p>Your cart is empty.</p>")
    rows = "".join(
        f"<tr><td><a href='/item/{at}'>{GOODS[int(at)][0]}</a></td><td>{GOODS[int(at)][1]}</td><td>{count}</td></tr>"
        for at, count in (line.split("x") for line in lines)
    )
    told = f"<div role=alert>{GOODS[int(lines[-1].split('x')[0])][0]} is in your cart.</div>" if "add" in query else ""
    head = "<tr><th>Product</th><th>Price</th><th>Quantity</th></tr>"
    return frame("Your cart", f"{told}<h1>Your cart</h1><table>{head}{rows}</table>")


def login(query: Query) -> str:
    wrong = "<div role=alert>The password is incorrect.</div>" if "wrong" in query else ""
    fields = "<label>E-mail <input name=user type=email></label><label>Password <input name=word type=password></label>"
    more = "<label>E-mail <input name=user></label><label>Choose a password <input name=word type=password></label>"
    return frame(
        "Sign in",
        f"{wrong}<h1>Sign in</h1><form method=post action=/login><h2>Log in</h2>{fields}<button>Log in</button></form>"
        f"<form method=post action=/join><h2>Register</h2>{more}<button>Register</button></form>",
    )


def hello(query: Query) -> str:
    return frame("My page", "<h1>Hello Ann</h1><p>Member since: 2019</p>")


def form(query: Query) -> str:
    return frame(
        "Report a pothole",
        "<h1>Report a pothole</h1><form method=post action=/form>"
        "<label>Your name <input name=name required></label>"
        "<label>Street <input name=street required></label>"
        "<label>How deep is it? <select name=depth><option>Shallow</option><option>Deep</option>"
        "<option>Bottomless</option></select></label>"
        "<fieldset><legend>Reply by</legend><label><input type=radio name=by value=post> Post</label>"
        "<label><input type=radio name=by value=mail> E-mail</label></fieldset>"
        "<label><input type=checkbox name=photo> I have a photo</label>"
        "<button>Send report</button> <button type=reset>Clear</button></form>",
    )


def towns(query: Query) -> str:
    rows = (("Smallham", "1,204", "2019"), ("Bigton", "98,311", "1854"), ("Midbury", "20,007", "1702"))
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "<tr><th>Town</th><th>Population</th><th>Founded</th></tr>"
    return frame("Towns", f"<h1>Towns</h1><table>{head}{body}</table>")


def census(query: Query) -> str:
    """As many rows as asked for; with ``page`` there is always a next one. ``of`` is the total that it states."""
    rows, before = int(query.get("rows", "3")), 3 * int(query.get("page", "0"))
    body = "".join(f"<tr><td>Person {n + before}</td><td>{90 - n % 80}</td></tr>" for n in range(rows))
    told = f"<p>{query['of']} entries</p>" if "of" in query else ""
    more = f"<nav class=pagination><a rel=next href='/census?page={int(query.get('page', '1')) + 1}'>Next</a></nav>"
    table = f"<table><tr><th>Name</th><th>Age</th></tr>{body}</table>"
    return frame("Census", f"<h1>Census</h1>{told}{table}{more if 'page' in query else ''}")


def covered(query: Query) -> str:
    banner = (
        "<div role=dialog style='position:fixed;inset:0;background:#fff'><p>We use cookies.</p>"
        "<button onclick='this.parentNode.remove()'>Accept all</button></div>"
    )
    return frame("Covered", "<h1>Covered</h1><a href=/imprint>Opening hours</a>", banner)


def awkward(query: Query) -> str:
    return frame(
        "Awkward",
        "<h1>Awkward</h1><section><h2>Spring fair</h2><a href=/item/1>Details</a></section>"
        "<section><h2>Autumn fair</h2><a href=/item/2>Details</a></section><button>Do nothing</button>"
        "<div id=size role=combobox tabindex=0 aria-label=Size aria-expanded=false>Choose</div><div id=list></div>"
        "<script>size.onclick = () => { list.innerHTML = ['Small', 'Large'].map(s =>"
        " `<div role=option tabindex=0"
        " onclick=\"size.textContent = this.textContent; list.textContent = ''\">${s}</div>`"
        ").join('') }</script>",
    )


def imprint(query: Query) -> str:
    return frame("Imprint", "<h1>Imprint</h1><p>Mayor: Una Vale</p>")


def workshop(query: Query) -> str:
    return (Path(__file__).parents[2] / "pages" / "widgets.html").read_text("utf-8")


def repair(query: Query) -> str:
    """A record of the town's with its state, which can be changed."""
    states = "".join(f"<option{' selected' * (one == 'Planned')}>{one}</option>" for one in ("Planned", "Done"))
    return frame(
        "Repair 7",
        "<h1>Repair 7: Fence of the pond</h1><form method=post action=/repair><table>"
        f"<tr><th>State<td><select name=state>{states}</select><th>Crew<td><input name=crew></table>"
        "<button>Save</button></form>",
    )


def bridges(query: Query) -> str:
    return frame("Bridges", "<h1>Bridges</h1><p>Ours are <a href=/bridge>Long Bridge</a> and a ford.</p>")


def bridge(query: Query) -> str:
    rows = "<tr><th>Warden</th><td>Piet Holm</td></tr><tr><th>Last painted</th><td>3 May 2024</td></tr>"
    return frame("Long Bridge", f"<h1>Long Bridge</h1><table>{rows}</table>")


def stars(query: Query) -> str:
    """A rating by stars, beside a button that has nothing to do with it; a form whose title may not be empty."""
    style = "display:inline-block;width:16px;height:16px;cursor:pointer"
    five = "".join(f"<i class='fas fa-star' style='{style}' onclick='rate.value = {n}'></i>" for n in range(1, 6))
    return frame(
        "Your stars",
        "<button type=button onclick='this.append(\"!\")'>Browse store</button><h1>Write a review of Your stars</h1>"
        f"<form method=post action=/stars><p>Score {five}<input type=hidden name=rate id=rate></p>"
        "<label>Title <input name=title required></label><button>Save review</button></form>",
    )


def opinion(query: Query) -> str:
    return frame(
        "Your opinion",
        "<h1>Your opinion</h1><form method=post action=/opinion><label>Title <input name=title></label>"
        "<label>Body <textarea name=body></textarea></label><button>Send</button></form>",
    )


def shelf(query: Query) -> str:
    """Things that can be removed: ``asks`` says how a page asks first, ``gone`` has those that are no longer there."""
    gone, asks, thing = query.get("gone", ""), query.get("asks", ""), query["rest"]
    left = [name for name in ("Gate", "Fence") if name not in gone.split(".")]
    told = f"<div role=status>{gone} was deleted.</div>" if gone else ""
    removing = "<form action=/shelf>{}<input type=hidden name=gone value={}><button>Delete</button></form>"
    if not thing:
        rows = "".join(
            f"<tr><td><a href='/shelf/{name}?asks={asks}'>{name}</a></td>"
            f"<td>{removing.format('', '.'.join(filter(None, (gone, name))))}</td></tr>"
            for name in left
        )
        return frame("Shelf", f"{told}<h1>Shelf</h1><table><tr><th>Name</th><th></th></tr>{rows}</table>")
    if "sure" in query:
        cancel = "<button formaction=/shelf name=kept>Don't delete</button>"
        return frame(f"Delete {thing}", f"<h1>Delete {thing}?</h1>{removing.format(cancel, thing)}")
    ways = {
        "": removing.format("", thing),
        "page": f"<form action='/shelf/{thing}'><button name=sure value=1>Delete</button></form>",
        "dialog": f"<button onclick='ask.showModal()'>Delete</button><dialog id=ask><p>Are you sure that {thing} is to "
        f"go?</p>{removing.format('', thing)}<button onclick='ask.close()'>Keep it</button></dialog>",
        "unclear": f"<button onclick='ask.showModal()'>Delete</button><dialog id=ask><p>Delete {thing}?</p>"
        f"{removing.format('', thing)}<button>Delete all</button></dialog>",
    }
    return frame(thing, f"<h1>{thing}</h1>{ways[asks]}")


def steps(query: Query) -> str:
    """A form in two pages. The second one marks what is still empty, and so does the first where it is sent back."""
    name, town = query.get("name"), query.get("town")
    if name and name != "Ann":
        return frame("Step 1", f"<h1>Step 1</h1>{_step('name', name, wrong=True)}")
    if name:
        return frame("Step 2", f"<h1>Step 2</h1>{_step('town', '', wrong=True)}")
    if town:
        return frame("Thank you", f"<h1>Thank you</h1><div role=status>Received: {escape(town)}</div>")
    return frame("Step 1", f"<h1>Step 1</h1>{_step('name', '', wrong=False)}")


def _step(field: str, value: str, *, wrong: bool) -> str:
    marked = f"{'true' if wrong else 'false'} oninput='this.ariaInvalid = false'"
    return (
        f"<form action=/steps><label>{field.title()} <input name={field} value='{escape(value)}' aria-invalid={marked}"
        f" aria-describedby={field}-why></label><span id={field}-why>{'Only Ann may enter' * wrong}</span>"
        "<button>Continue</button></form>"
    )


def patience(query: Query) -> str:
    """A form that is answered after ``after`` milliseconds in the page itself: ``as`` says how. ``clock`` ticks."""
    answers = {
        "text": "form.outerHTML = '<p>Thank you, Ann</p>'",
        "alert": "told.textContent = 'Thank you, Ann'",
        "refusal": "told.textContent = 'Invalid name'",
        "dialog": "alert('Thank you, Ann')",
        "nothing": "",
    }
    clock = "setInterval(() => { time.textContent = Date.now() }, 300);" if "clock" in query else ""
    return frame(
        "Patience",
        "<h1>Patience</h1><form id=form><label>Name <input name=name></label><button>Send</button></form>"
        "<p id=time></p><div id=told role=status></div>"
        f"<script>{clock} form.onsubmit = (event) => {{ event.preventDefault();"
        f" new Promise((done) => setTimeout(done, {query['after']})).then(() => {{ {answers[query['as']]} }}); }};"
        "</script>",
    )


def counting(query: Query) -> str:
    """Counts primes beside the page; ``output`` and how long it takes at least are asked for."""
    tag = query["in"]
    return frame(
        "Counting",
        f"<h1>Counting</h1><button id=go>Count primes</button><{tag} id=found></{tag}><script>"
        "const work = () => { let n = 0; for (let i = 2; i < 1000; i++) { let p = 2; while (i % p) p++; n += p === i; }"
        f" setTimeout(() => postMessage(n), {query['after']}); }};"
        "go.onclick = () => { found.textContent = 'counting…';"
        " const worker = new Worker(URL.createObjectURL(new Blob([`(${work})()`])));"
        " worker.onmessage = ({ data }) => { found.textContent = `${data} primes`; }; };</script>",
    )


#: Boat, owner, length, berth.
BOATS: Final = (
    ("Sea Lark", "Tom Reed", "9.2 m", "A3"),
    ("Grey Gull", "Ida Holm", "12.4 m", "A7"),
    ("Otter", "Tom Reed", "6.1 m", "B2"),
    ("Nordlys", "Jon Ek", "15 m", "C1"),
)


def harbour(query: Query) -> str:
    """Boats in a table, under a menu that opens when it is pointed at."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in BOATS)
    style = "nav ul ul { display: none; position: absolute; background: white } nav li:hover ul { display: block }"
    menus = (("Services", ("Crane hire", "Storage", "Fuel")), ("About", ("Join us",)))
    menu = "".join(
        f"<li><a href='#'>{name}</a><ul>{''.join(f'<li><a href=/imprint?{one[0]}>{one}</a>' for one in inner)}</ul>"
        for name, inner in menus
    )
    head = "<tr><th>Boat</th><th>Owner</th><th>Length</th><th>Berth</th></tr>"
    return frame(
        "Harbour",
        f"<style>{style}</style><nav><ul>{menu}</ul></nav><h1>Boats in the harbour</h1><table>{head}{rows}</table>",
    )


def mugs(query: Query) -> str:
    """A list that alone has the buttons for the basket; ``rest`` is the page of one mug."""
    if name := query["rest"]:
        return frame(f"{name} mug", f"<h1>{name} mug</h1><p>It holds 0.3 l.</p>")
    cards = "".join(
        f"<li><a href=/mugs/{name}>{name} mug</a> <span>{price}</span>"
        f" <button {state} onclick=\"told.textContent = '{name} mug was added to your basket.'\">{button}</button></li>"
        for name, price, state, button in (
            ("Tin", "£4.50", "", "Add to basket"),
            ("Clay", "£6.00", "", "Add to basket"),
            ("Glass", "£7.20", "disabled", "Sold out"),
            ("Steel", "£9.20", "disabled", "Add to basket"),
        )
    )
    return frame("Mugs", f"<h1>Mugs</h1><p id=told role=status></p><ul>{cards}</ul>")


def sums(query: Query) -> str:
    """A form whose page tells a result and a number."""
    return frame(
        "Sums",
        "<h1>Sums</h1><label>A <input id=one></label><button onclick='out.textContent = one.value * 2;"
        ' told.textContent = "Your order number is HC-2291."\'>Compute</button>'
        "<p>Result: <output id=out></output></p><p id=told></p>",
    )


def busy(query: Query) -> str:
    """Says what it is doing before it answers: a form, and a search for what can be clicked; or says so for ever."""
    answer = "nm.value === 'bob' ? 'This username is taken' : 'Your settings were saved.'"
    times = "<button onclick=&quot;told.textContent = 'Booked 21:00'&quot;>21:00</button>"
    stays = "told.textContent = 'Saving…'"
    return frame(
        "Busy",
        "<h1>Busy</h1><form id=form><label>User name <input id=nm></label><button id=save>Save</button></form>"
        f"<button onclick=\"found.textContent = 'Checking tables…'; later(() => {{ found.innerHTML = `{times}` }})\">"
        f'Check times</button><p id=found></p><p id=told></p><button onclick="{stays}">Stay</button><script>'
        "const later = (then) => new Promise((done) => setTimeout(done, 700)).then(then);"
        "form.onsubmit = (event) => { event.preventDefault(); save.textContent = 'Saving…';"
        f" later(() => {{ save.textContent = 'Save'; told.textContent = {answer}; }}); }};</script>",
    )


def coffees(query: Query) -> str:
    """Prices of before struck through, a part of the list, contacts by links that are no pages."""
    cards = "".join(
        f"<li><h3><a href=/coffees/{name}>{name} Roast</a></h3><p>{price}</p></li>"
        for name, price in (
            ("Highland", "<s>£9.00</s> <b>£6.50</b>"),
            ("Valley", "<b>£7.20</b>"),
            ("Night", "Now <del>£11.00</del> £8.00"),
        )
    )
    if query["rest"]:
        return frame("Roast", "<h1>Highland Roast</h1><p><s>£9.00</s> £6.50</p>")
    contacts = "<section><h3>Sales</h3><a href='tel:0800555018'>0800 555 018</a></section>"
    more = "<p>Showing 3 of 8 coffees</p>" if "more" in query else ""
    return frame("Coffees", f"<h1>Coffees</h1><ul>{cards}</ul>{more}<h2>Contact</h2>{contacts}")


def rows(query: Query) -> str:
    """Things with buttons of their own, of which some are switched off, and names that begin like others."""
    entries = "".join(
        f"<li><h3>{name}</h3> £{price} "
        f"<button {state} onclick=\"told.textContent = '{name}: {button}'\">{button}</button></li>"
        for name, price, button, state in (
            ("Pen", 1, "Sold out", "disabled"),
            ("Pen Deluxe", 9, "Add to basket", ""),
            ("Ink", 3, "Add to basket", ""),
            ("Rent letter", 0, "Archive", ""),
            ("Tax letter", 0, "Archive", "disabled"),
            ("Old letter", 0, "Delete", ""),
        )
    )
    return frame(
        "Rows",
        "<nav><a href=/imprint?saved>Saved (2)</a></nav><h1>Rows</h1><p id=told role=status></p>"
        f"<ul>{entries}</ul><button onclick='told.textContent = \"unsaved\"'>Saved</button>",
    )


def questions(query: Query) -> str:
    """Answers that have to be opened, a field, amounts behind their names; pages of an application that fade."""
    closed = "".join(
        f"<details><summary>{asked}</summary><p>{answer}</p></details>"
        for asked, answer in (("Where is my refund?", "It takes five days."), ("How do I pay?", "By card."))
    )
    zone = "<label>Time zone <select><option>London<option selected>Paris</select></label>"
    return frame("Questions", f"<h1>Questions</h1>{closed}{zone}<p>Delivery £4.50</p><p>Deposit £1,100</p>")


def application(query: Query) -> str:
    """Its pages are parts of one document, and the next one comes when the one before has faded out."""
    return (
        "<!doctype html><meta charset=utf-8><title>Events</title><style>#view { transition: opacity .3s }"
        "#view.out { opacity: 0 }</style><nav><a href='#/'>Home</a></nav><main id=view></main><script>"
        "const pages = { folk: 'Folk Night', ghost: 'Ghost Walk' };"
        "const list = Object.entries(pages).map(([key, name]) => `<li><a href='#/${key}'>${name}</a>`).join('');"
        "const show = () => { const name = pages[location.hash.slice(2)];"
        " view.innerHTML = name ? `<h1>${name}</h1>` : `<h1>Events</h1><ul>${list}</ul>`; };"
        "onhashchange = () => { view.classList.add('out');"
        " setTimeout(() => { show(); view.classList.remove('out'); }, 300); }; show();</script>"
    )


def newsletter(query: Query) -> str:
    """A form that looks at its values by itself, and says beside each what is wrong, by a class of its own."""
    return frame(
        "Newsletter",
        "<h1>Newsletter</h1><form id=form novalidate><label>Postcode <input name=code></label><span class=err></span>"
        "<label><input type=checkbox name=agreed> I agree</label><span class=err></span>"
        "<button type=button id=send>Subscribe</button></form><p id=told role=status></p><script>"
        "form.onsubmit = (event) => event.preventDefault(); send.onclick = () => {"
        " const [first, second] = document.querySelectorAll('.err');"
        " first.textContent = /^[A-Z]+\\d/.test(form.code.value) ? '' : 'Enter a UK postcode';"
        " second.textContent = form.agreed.checked ? '' : 'You must agree to continue';"
        " if (!first.textContent && !second.textContent) told.textContent = 'You are subscribed.'; };</script>",
    )


def menu(query: Query) -> str:
    """Dishes one after the other under headings, prices for different times, and how many hold each."""
    dishes = (
        ("Starters", "Soup", "£5.00"),
        ("", "Bread", "£3.00"),
        ("Mains", "Pie", "£12.00"),
        ("", "Curry", "£11.00"),
    )
    parts = "".join(
        f"{f'<h2>{section}</h2>' if section else ''}<div class=dish><b>{name}</b> <span>{price}</span></div>"
        for section, name, price in dishes
    )
    homes = "".join(
        f"<li><h3><a href=/menu?{at}>{name}</a></h3><p>{price}</p><div>{holds} holds</div></li>"
        for at, (name, price, holds) in enumerate(
            (("Garden Flat", "£275 pw", 17), ("Mill House", "£1,150 pcm", 4), ("Loft", "£900 per month", 9))
        )
    )
    if query["rest"]:
        return frame("Homes", f"<h1>Homes to let</h1><ul>{homes}</ul>")
    return frame("Menu", f"<h1>Our menu</h1><div>{parts}</div>")


def shown(page: str, query: Query) -> str:
    del query
    return page


PAGES: Final[Mapping[str, Callable[[Query], str]]] = MappingProxyType(
    {
        "": home, "shop": shop, "search": search, "item": item, "cart": cart, "login": login, "hello": hello,
        "form": form, "towns": towns, "census": census, "covered": covered, "awkward": awkward, "imprint": imprint,
        "workshop": workshop, "repair": repair, "bridges": bridges, "bridge": bridge, "opinion": opinion,
        "stars": stars, "shelf": shelf, "steps": steps, "patience": patience, "counting": counting,
        "harbour": harbour, "mugs": mugs, "sums": sums, "busy": busy, "coffees": coffees, "rows": rows, "menu": menu,
        "questions": questions, "application": application,
        "newsletter": newsletter,
        **{name: partial(shown, whole(name)) for name in LISTS},
        **{name: partial(shown, desk_page(name)) for name in DESKS},
    }
)  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name, _, rest = parts.path.lstrip("/").partition("/")
        page = PAGES.get(name)
        text = page(self._query(parts.query) | {"rest": rest}) if page else frame("Lost", "<h1>Not here</h1>")
        self._send(200 if page else 404, text)

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[-1] for name, values in parse_qs(body).items()}
        match parts.path:
            case "/cart":
                self._add(self._query(parts.query)["add"], fields.get("n", "1"))
            case "/login":
                right = USERS.get(fields.get("user", "")) == fields.get("word")
                self._redirect("/hello" if right else "/login?wrong=1")
            case _:
                told = ", ".join(f"{name}={value}" for name, value in fields.items())
                self._send(
                    200, frame("Thank you", f"<h1>Thank you</h1><div role=status>Received: {escape(told)}</div>")
                )

    def _query(self, text: str) -> dict[str, str]:
        cookie = self.headers.get("Cookie", "").removeprefix("cart=")
        return {"cart": cookie} | {name: values[-1] for name, values in parse_qs(text).items()}

    def _add(self, at: str, count: str) -> None:
        lines = [part for part in self._query("")["cart"].split(".") if part]
        self._redirect("/cart?add=1", f"cart={'.'.join([*lines, f'{at}x{count}'])}; Path=/")

    def _redirect(self, address: str, cookie: str = "") -> None:
        self.send_response(303)
        self.send_header("Location", address)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args


@contextmanager
def serve_site() -> Iterator[str]:
    """Serve the site on a free port of 127.0.0.1; its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
