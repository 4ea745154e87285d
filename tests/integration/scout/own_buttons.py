"""Pages whose entries have buttons of their own, and a table that says yes and no; each tells what it did."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["LISTS", "whole"]

_TELL: Final = "const told = document.getElementById('told'); const tell = (words) => { told.textContent = words; };"
#: What a button does: it says its name, and what its entry begins with.
_PRESSES: Final = (
    "document.addEventListener('click', ({ target }) => { if (target.matches('button:not(form *)'))"
    " tell(`${target.textContent} ${target.closest('li,tr,div').firstElementChild.textContent}`); });"
)
_TIMES: Final = (("08:05 – 09:02", "£12.40"), ("09:15 – 09:58", "£8.90"), ("10:20 – 11:10", "£15.00"))


def trains() -> str:
    """Trains that can be selected; the list is drawn anew some time after an order was chosen."""
    draw = (
        f"let trains = {[list(one) for one in _TIMES]};"
        " const draw = () => { list.innerHTML = trains.map(([times, price]) =>"
        " `<li><h3>${times}</h3><span>${price}</span> <button>Select</button></li>`).join(''); }; draw();"
        " const pounds = ([, price]) => Number(price.slice(1));"
        " order.onchange = () => setTimeout(() => { trains.sort((a, b) => pounds(a) - pounds(b)); draw(); }, 700);"
    )
    return (
        "<h1>Trains</h1><label>Sort by <select id=order><option>Departure<option>Price</select></label>"
        f"<ul id=list></ul><script>{draw}</script>"
    )


def loans() -> str:
    """Books to renew, clubs to join, rooms to book, a list to add to, a form of two fields with one letter each."""
    books = "".join(
        f"<tr><td>{name}<td>{due}<td><button>Renew</button></tr>"
        for name, due in (("Moby Dick", "3 May"), ("Emma", "9 May"))
    )
    clubs = "".join(f"<li><b>{name} club</b> <button>Join</button></li>" for name in ("Chess", "Poetry"))
    rooms = "".join(
        f"<li><b>{name}</b> <span>{price}</span> <button>Book</button></li>"
        for name, price in (("Attic", "£70"), ("Cellar", "£40"))
    )
    script = (
        "post.onsubmit = (event) => { event.preventDefault(); tell(`Posted ${post.words.value}`); };"
        " more.onsubmit = (event) => { event.preventDefault(); tell(`Added ${more.what.value}`); };"
        " sum.onsubmit = (event) => { event.preventDefault(); tell(`Sum ${+sum.a.value + +sum.b.value}`); };"
    )
    return (
        f"<h1>My library</h1><table><tr><th>Title<th>Due<th></tr>{books}</table><h2>Clubs</h2><ul>{clubs}</ul>"
        f"<h2>Rooms</h2><ul>{rooms}</ul><h2>Trending</h2><ol><li>Wooden boats<li>Knots</ol>"
        "<form id=post><textarea name=words aria-label='Write a post'></textarea><button>Post</button></form>"
        "<form id=more><input name=what aria-label='New item'><button>Add</button></form>"
        "<form id=sum><label>A <input name=a></label><label>B <input name=b></label><button>Add up</button></form>"
        f"<script>{script}</script>"
    )


def laptops() -> str:
    """A table with a column that says yes or no."""
    rows = (
        ("Aero 13", "€899", "Yes", "1.1 kg"),
        ("Basic 15", "€449", "No", "1.9 kg"),
        ("Core 14", "€649", "No", "1.4 kg"),
        ("Duo 12", "€1,099", "Yes", "0.9 kg"),
    )
    lines = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}</tr>" for row in rows)
    return f"<h1>Laptops</h1><table><tr><th>Name<th>Price<th>Touchscreen<th>Weight</tr>{lines}</table>"


def fares() -> str:
    """Two entries of one name."""
    trains = "".join(
        f"<li><span>{price}</span> <h3>York – Leeds</h3> <button>Select</button></li>" for price in ("£12.40", "£8.90")
    )
    return f"<h1>Trains</h1><ul>{trains}</ul>"


def phones() -> str:
    """One whose name begins like another's, and one with a button that only begins like a verb."""
    blocks = "".join(
        f"<div class=phone><b>{name}</b> <span>{price}</span> <button>{button}</button></div>"
        for name, price, button in (
            ("Pixel 8", "£500", "Book"),
            ("Pixel", "£100", "Book"),
            ("Nova", "£90", "Pick up today"),
        )
    )
    return f"<h1>Phones</h1>{blocks}"


def issues() -> str:
    """A table with cells that are empty, or say that there is nothing."""
    rows = (("Lamp", "urgent", "ann"), ("Door", "", "Unassigned"), ("Roof", "none", ""), ("Wall", "minor", "ben"))
    lines = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}</tr>" for row in rows)
    return f"<h1>Issues</h1><table><tr><th>Title<th>Label<th>Assignee</tr>{lines}</table>"


def alerts() -> str:
    """Settings that are saved by a button, which the page points out."""
    return (
        "<h1>Alerts</h1><p id=unsaved hidden>You have unsaved changes</p>"
        "<label><input type=checkbox checked> Push alerts</label> <form id=form><button>Save</button></form>"
        "<script>document.querySelector('input').onchange = () => { unsaved.hidden = false; };"
        " form.onsubmit = (event) => { event.preventDefault(); unsaved.hidden = true; tell('Saved'); };</script>"
    )


def whole(name: str) -> str:
    """The page of that name."""
    return (
        f"<!doctype html><title>{name.capitalize()}</title><p id=told role=status></p>"
        f"<script>{_TELL}{_PRESSES}</script><main>{LISTS[name]()}</main>"
    )


#: What pages have, by the first part of their address.
LISTS: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "trains": trains,
        "loans": loans,
        "laptops": laptops,
        "alerts": alerts,
        "fares": fares,
        "phones": phones,
        "issues": issues,
    }
)
