"""Pages as small applications have them: everything is done by a script, some time later. Each tells what it did."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["DESKS", "desk_page"]

#: Tickets with a menu of their own each, a list in a cell, and a dialog that asks before one is deleted.
_TICKETS: Final = """
<h1>Tickets</h1><table><tr><th>Ticket<th>Subject<th>Status<th></tr></table>
<div id=menu role=menu hidden></div><div id=box role=dialog hidden></div>
<script>
  const table = document.querySelector('table');
  const ask = (number, row) => {
    box.innerHTML = `<p>Delete ticket ${number}?</p><button>Cancel</button><button>Delete</button>`;
    box.hidden = false;
    box.lastChild.onclick = () => { box.hidden = true; row.remove(); tell(`Deleted ${number}`); };
  };
  const open = (number, row) => {
    menu.innerHTML = '<button role=menuitem>Mute</button><button role=menuitem>Delete ticket</button>';
    menu.hidden = false;
    menu.firstChild.onclick = () => { menu.hidden = true; tell(`Muted ${number}`); };
    menu.lastChild.onclick = () => { menu.hidden = true; setTimeout(() => ask(number, row), 300); };
  };
  for (const [number, subject, status] of [['HH-1', 'Printer offline', 'Open'], ['HH-2', 'No sound', 'Solved'],
    ['HH-3', 'Refund', 'Open']]) {
    const row = table.insertRow();
    row.innerHTML = `<td>${number}<td>${subject}<td><select><option>Open<option>Solved</select>
      <td><button aria-haspopup=menu aria-label=Actions>⋯</button>`;
    row.querySelector('select').value = status;
    row.querySelector('button').onclick = () => open(number, row);
  }
</script>
"""
#: Hotels that are filtered by boxes, half a second later; one of them can't be selected.
_HOTELS: Final = """
<h1>Hotels</h1><label><input type=checkbox value=Pool> Pool</label> <label><input type=checkbox value=Spa> Spa</label>
<ul id=list></ul>
<script>
  const draw = (wanted) => {
    list.innerHTML = [['Alfama', '€90', 'Pool'], ['Tejo', '€149', 'Spa'], ['Verde', '€210', 'Pool']]
      .filter(([,, has]) => wanted.every((one) => one === has)).map(([name, price, has]) => `<li>
        <h3><a href=/imprint?${name}>${name}</a></h3><p>${price}</p><p>${has}</p>
        <button aria-label="Save to wishlist">♡</button>
        ${name === 'Verde' ? '<em>Sold out</em>' : '<button>Select room</button>'}</li>`).join('');
    for (const button of list.querySelectorAll('button')) {
      const name = button.closest('li').querySelector('a').textContent;
      button.onclick = () => tell(`${button.ariaLabel || button.textContent}: ${name}`);
    }
  };
  draw([]);
  const boxes = [...document.querySelectorAll('input')];
  const wanted = () => boxes.filter((box) => box.checked).map((box) => box.value);
  for (const box of boxes) box.onchange = () => setTimeout(() => draw(wanted()), 500);
</script>
"""
#: A table of seven lines on three pages that are turned by a script, the last of which has one line.
_LEDGER: Final = """
<h1>Transactions</h1><table><thead><tr><th>Date<th>Description<th>Amount</tr></thead><tbody id=lines></tbody></table>
<button id=back>Previous</button> <span id=place></span> <button id=onward>Next</button>
<script>
  let at = 0;
  const turn = (by) => setTimeout(() => { at += by; draw(); }, 200);
  const draw = () => {
    const all = [...'ABCDEFG'].map((shop, day) => `<tr><td>${day + 1} Jun 2030<td>Shop ${shop}<td>£${day + 1}.50</tr>`);
    lines.innerHTML = all.slice(at * 3, at * 3 + 3).join('');
    place.textContent = `Page ${at + 1} of 3`;
    [back.disabled, onward.disabled] = [at === 0, at === 2];
  };
  back.onclick = () => turn(-1);
  onward.onclick = () => turn(1);
  draw();
</script>
"""
#: An application in three steps, each of which comes a moment after “Continue”.
_WIZARD: Final = """
<h1>Application</h1><p role=alert id=wrong></p><div id=step></div>
<script>
  const steps = ['<label>First name <input></label><button type=button>Continue</button>',
    '<label>Years of experience <input></label><button type=button>Continue</button>',
    '<p>Please check your answers.</p><button type=button>Submit application</button>',
    '<p>Your reference is AP-77.</p>'];
  let at = 0;
  const draw = () => {
    step.innerHTML = steps[at];
    const [field, button] = [step.querySelector('input'), step.querySelector('button')];
    if (button) button.onclick = () => {
      wrong.textContent = field && !field.value ? 'Please say what it is' : '';
      if (!wrong.textContent) setTimeout(() => { at++; draw(); if (at === 3) tell('Submitted'); }, 350);
    };
  };
  draw();
</script>
"""
#: A job that can be saved or applied for, and a board on which cards are made in a dialog.
_JOB: Final = """
<h1>Baker</h1><button>Save job</button><button>New card</button>
<form id=card role=dialog hidden><label>Title <input></label><button>Create</button></form><ul id=cards></ul>
<script>
  const [save, make] = document.querySelectorAll('button');
  save.onclick = () => tell('Saved');
  make.onclick = () => { card.hidden = false; };
  card.onsubmit = (event) => { event.preventDefault(); card.hidden = true; tell(`Made ${card[0].value}`); };
</script>
"""
#: Some courses are online, some cost nothing, and one thing is told within a line.
_COURSES: Final = """
<h1>Courses</h1><p>Evening classes · Closing date: 30 September 2030 · Bring a pen</p>
<table><tr><th>Course<th>Fee<th>Online<th>Certificate<th>Price</tr><tr><td>Spanish<td>12<td>Yes<td>No<td>£120</tr>
<tr><td>Sourdough<td>10<td>No<td>No<td>Free</tr><tr><td>Python<td>8<td>Yes<td>Yes<td>£80</tr></table>
"""
DESKS: Final[Mapping[str, str]] = MappingProxyType(
    {"tickets": _TICKETS, "hotels": _HOTELS, "ledger": _LEDGER, "wizard": _WIZARD, "job": _JOB, "courses": _COURSES}
)


def desk_page(name: str) -> str:
    """The page of that name."""
    tell = "const told = document.getElementById('told'); const tell = (words) => { told.textContent = words; };"
    return (
        f"<!doctype html><title>{name.capitalize()}</title><p id=told role=status></p><script>{tell}</script>"
        f"<main>{DESKS[name]}</main>"
    )
