"""Filling, choosing, ticking, uploading."""

import json

import pytest
from tests.integration.browsers.conftest import Finder, Open
from tests.pages.server import PageServer

from outrider.browsers.browser import Browser
from outrider.interfaces.actions import Check, Click, Extract, Fill, Press, Select, Upload
from outrider.interfaces.pages import Page
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("Full name", "Ada Lovelace", "Ada Lovelace"),
        ("E-mail", "ada@example.org", "ada@example.org"),
        ("Secret", "hunter2", "•••••••"),
        ("Nickname", "a😀b", "a😀b"),
        ("About", "New\ntext", "New\ntext"),
        ("Notes", "New notes", "New notes"),
        ("Born", "1815-12-10", "1815-12-10"),
        ("At", "12:30", "12:30"),
        ("Volume", "7", "7"),
        ("Colour", "#ff0000", "#ff0000"),
        ("Count", "12", "12"),
        ("About", "", ""),
    ],
)
async def test_fields_take_a_new_value(goto: Open, find: Finder, name: str, text: str, value: str) -> None:
    page = await goto("form.html")
    effect = await page.act(Fill((await find(name)).index, text))
    assert (effect.value, effect.changed) == (value, True)
    assert (await find(name)).value == value


async def test_scripts_of_the_page_hear_of_it(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    await page.act(Fill((await find("Full name")).index, "Ada"))
    await page.act(Select((await find("Country")).index, "Austria"))
    await page.act(Fill((await find("Born")).index, "1815-12-10"))
    heard = await _heard(page)
    assert {event.rsplit(":", 1)[0] for event in heard} >= {
        "input:name", "change:name", "input:country", "change:country", "input:born", "change:born",
    }  # fmt: skip
    assert "input:name:true" in heard


async def _heard(page: Page) -> list[str]:
    """What the page's own script wrote down, by way of its address."""
    observation = await page.observe()
    script = "javascript:document.title=JSON.stringify(heard)"
    assert observation.title == "Form"
    tab = await page._stage.tabs.current()  # type: ignore[attr-defined] # the world of the page has no other way in
    await tab.session.call("Runtime.evaluate", expression=script.removeprefix("javascript:"))
    heard: list[str] = json.loads((await page.observe()).title)
    return heard


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Fixed", "read-only"), ("Country", "takes no text"), ("Send", "takes no text")],
)
async def test_what_can_not_be_filled_says_why(goto: Open, find: Finder, name: str, reason: str) -> None:
    page = await goto("form.html")
    with pytest.raises(OutriderError, match=reason) as caught:
        await page.act(Fill((await find(name)).index, "x"))
    assert caught.value.code == "ELEMENT_NOT_ACTIONABLE"


@pytest.mark.parametrize(
    ("option", "value"),
    [("Austria", "Austria"), ("australia", "Australia"), ("United", "United States"), ("Britain", "Great Britain"),
     ("us", "United States")],
)  # fmt: skip
async def test_options_are_found_by_label_or_value(goto: Open, find: Finder, option: str, value: str) -> None:
    page = await goto("form.html")
    effect = await page.act(Select((await find("Country")).index, option))
    assert effect.value == value


async def test_an_option_that_is_not_there_lists_the_others(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    with pytest.raises(OutriderError) as caught:
        await page.act(Select((await find("Country")).index, "Aus"))
    assert caught.value.code == "OPTION_NOT_FOUND"
    assert "“Austria”" in caught.value.cause


@pytest.mark.parametrize("name", ["Newsletter", "Dark mode", "Large", "Sound"])
async def test_boxes_and_switches_are_brought_into_a_state(goto: Open, find: Finder, name: str) -> None:
    page = await goto("form.html")
    index = (await find(name)).index
    for _ in range(2):
        effect = await page.act(Check(index))
        assert effect.value == "checked"
        assert "checked" in (await find(name)).states
    if name != "Large":
        assert (await page.act(Check(index, checked=False))).value == "unchecked"


async def test_a_form_is_sent_by_enter(goto: Open, find: Finder, pages: PageServer) -> None:
    page = await goto("form.html")
    effect = await page.act(Fill((await find("Full name")).index, "Ada", submit=True))
    assert (effect.title, effect.navigated) == ("Posted", True)
    assert b"name=Ada" in pages.posted[-1]


@pytest.mark.parametrize(
    ("field", "button"),
    [
        ("Plain", "Send"),
        ("Classic", "Go"),
        ("Picture", "Map"),
        ("Apart", "Beyond"),
        ("Clobbered", "Still found"),
        ("Lonely", None),
    ],
)
async def test_the_button_that_enter_presses_is_known_beforehand(goto: Open, field: str, button: str | None) -> None:
    page = await goto("enter.html")
    shown = (await page.observe()).elements
    (found,) = (each for each in shown if each.name == field)

    assert next((each.name for each in shown if each.index == found.presses), None) == button
    assert (await page.act(Fill(found.index, "x", submit=True))).title == (button or "by itself")


async def test_what_is_in_no_form_presses_nothing(goto: Open) -> None:
    shown = (await (await goto("enter.html")).observe()).elements

    assert [each.presses for each in shown if each.name in ("Homeless", "Look up")] == [None, None]
    assert [each.index for each in shown] == sorted(each.index for each in shown)


async def test_chords_edit_text(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    index = (await find("About")).index
    await page.act(Press("Control+a", index))
    await page.act(Press("Delete"))
    for key in ("H", "i", "!", "Shift+ArrowLeft", "Backspace"):
        await page.act(Press(key))
    assert (await find("About")).value == "Hi"


async def test_disabled_elements_are_refused(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    with pytest.raises(OutriderError, match="disabled"):
        await page.act(Click((await find("Not yet")).index))


async def test_files_of_the_session_are_uploaded(goto: Open, find: Finder, browser: Browser) -> None:
    page = await goto("form.html")
    for name in ("a.txt", "b.txt"):
        (browser.folder / "files" / name).write_text(name)
    effect = await page.act(Upload((await find("Files")).index, ("a.txt", "b.txt")))
    assert effect.changed
    assert (await find("Files")).value == "a.txt, b.txt"
    with pytest.raises(OutriderError) as caught:
        await page.act(Upload((await find("One file")).index, ("a.txt", "b.txt")))
    assert caught.value.code == "ELEMENT_NOT_ACTIONABLE"


@pytest.mark.parametrize("name", ["missing.txt", "../profile/Local State", "/etc/passwd", "", ".", "link"])
async def test_other_files_are_not(goto: Open, find: Finder, browser: Browser, name: str) -> None:
    page = await goto("form.html")
    (browser.folder / "files" / "link").symlink_to("/etc/passwd")
    with pytest.raises(OutriderError) as caught:
        await page.act(Upload((await find("Files")).index, (name,)))
    assert caught.value.code == "UPLOAD_FILE_NOT_FOUND"


async def test_values_are_part_of_an_extraction(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    effect = await page.act(Extract())
    assert effect.extraction is not None
    assert effect.extraction.title == "Form"


WORDLESS = """
  document.body.innerHTML = `<style>
    .box { position: relative; height: 18px }
    .box input { position: absolute; opacity: 0; width: 0; height: 0 }
    .box label { display: inline-block; padding-left: 25px }
    .box label::before { content: ''; position: absolute; left: 0; top: 0; width: 18px; height: 18px }
    </style><div class=box><input type=checkbox id=a name=upload><label for=a></label></div>`;
"""


async def test_a_hidden_box_is_ticked_by_what_is_drawn_for_its_label_without_words(goto: Open) -> None:
    page = await goto(f"script?run={WORDLESS}")
    box = next(each for each in (await page.observe()).elements if "upload" in each.hints)
    await page.act(Check(box.index))
    ticked = next(each for each in (await page.observe()).elements if each.index == box.index)
    assert "checked" in ticked.states
