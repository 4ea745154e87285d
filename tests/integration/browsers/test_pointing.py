"""Pointing, dragging, keys pressed often, waiting for what moves; and what a look tells of lists and blocks."""

import time

import pytest
from tests.integration.browsers.conftest import Finder, Open

from outrider.interfaces.actions import Click, Drag, Hover, Press, Wait
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser

FADING = """
  document.body.innerHTML = '<button>Go</button><div id=over></div>';
  document.getElementById('over').style = 'position: absolute; inset: 0 auto auto 0; width: 200px; height: 60px';
  document.querySelector('button').addEventListener('click', () => { document.title = 'gone through'; });
  let frames = 0;
  const fade = () => { const over = document.getElementById('over'); if (++frames < 30) {
    over.style.opacity = 1 - frames / 30; requestAnimationFrame(fade); } else over.remove(); };
  fade();
"""


async def test_a_menu_opens_under_the_pointer(goto: Open, find: Finder) -> None:
    page = await goto("widgets.html")
    await page.act(Hover((await find("File")).index))
    started = time.monotonic()
    await page.act(Wait(at_least=0.4))
    assert time.monotonic() - started >= 0.4
    await page.act(Click((await find("Export")).index))
    assert "menu: Export" in [text.text for text in (await page.observe()).texts]


async def test_an_entry_is_dragged_onto_another_and_by_pixels(goto: Open, find: Finder) -> None:
    page = await goto("widgets.html")
    await page.act(Drag((await find("Mend")).index, (await find("Sweep")).index, down=-4))
    assert "Mend,Sweep,Paint" in [text.text for text in (await page.observe()).texts]
    await page.act(Drag((await find("Mend")).index, down=200))
    assert "Sweep,Paint,Mend" in [text.text for text in (await page.observe()).texts]


async def test_nothing_is_dragged_onto_what_is_gone(goto: Open, find: Finder) -> None:
    page = await goto("widgets.html")
    index = (await find("Mend")).index
    with pytest.raises(OutriderError) as caught:
        await page.act(Drag(index, 99_999))
    assert caught.value.code == "ELEMENT_GONE"
    assert "Mend,Sweep,Paint" not in [text.text for text in (await page.observe()).texts]


async def test_a_key_is_pressed_as_often_as_is_said(goto: Open) -> None:
    page = await goto("widgets.html")
    handle = next(one for one in (await page.observe()).elements if "ui-slider-handle" in one.hints)
    await page.act(Press("ArrowRight", handle.index, 12))
    assert "29" in [text.text for text in (await page.observe()).texts]


async def test_a_list_that_listens_is_seen_by_its_entries_and_a_drawn_button_at_its_block(goto: Open) -> None:
    elements = (await (await goto("widgets.html")).observe()).elements
    assert [one.name for one in elements if one.name in ("Sweep", "Paint", "Mend")] == ["Sweep", "Paint", "Mend"]
    assert [one.context for one in elements if "trash" in " ".join(one.hints)] == ["Ann Lunch today", "Bob The bill"]


async def test_a_click_waits_until_what_lies_over_it_has_faded(goto: Open, find: Finder) -> None:
    page = await goto(f"script?run={FADING}")
    button = next(one for one in (await page.observe()).elements if one.name == "Go")
    assert (await page.act(Click(button.index))).title == "gone through"


async def test_waiting_without_a_text_ends_when_nothing_is_moved_any_more(goto: Open, find: Finder) -> None:
    page = await goto("widgets.html")
    await page.act(Click((await find("Returns")).index))
    await page.act(Wait())
    assert "Send back" in [one.name for one in (await page.observe()).elements]
