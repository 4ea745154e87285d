"""What an observation shows: roles, names, states, frames, shadow roots, overlays, paging."""

import orjson
import pytest
from tests.integration.browsers.conftest import Finder, Open
from tests.pages.server import PageServer

from outrider.agents.repetition import digest_of
from outrider.interfaces.actions import Click, Fill, Navigate
from outrider.interfaces.pages import Element, Page

pytestmark = pytest.mark.browser


async def elements(page: Page) -> dict[str, Element]:
    return {each.name: each for each in (await page.observe()).elements}


async def test_roles_names_values_and_states(goto: Open) -> None:
    shown = await elements(await goto("form.html"))
    roles = {name: (each.role, each.value) for name, each in shown.items()}
    assert roles["Full name"] == ("textbox", "")
    assert roles["E-mail"] == ("textbox", "")
    assert roles["Secret"] == ("textbox", "•••")
    assert roles["Nickname"] == ("textbox", "")
    assert roles["About"] == ("textbox", "Old text")
    assert roles["Notes"] == ("textbox", "Old notes")
    assert roles["Country"] == ("combobox", "Choose")
    assert roles["Toppings"] == ("listbox", "")
    assert roles["Volume"] == ("slider", "5")
    assert roles["Sound"] == ("switch", None)
    assert roles["Clickable box"] == ("generic", None)
    assert shown["Newsletter"].states == {"checked"}
    assert shown["Not yet"].states == {"disabled"}
    assert shown["Full name"].states == {"required"}
    assert shown["Fixed"].states == {"readonly"}
    assert shown["Toppings"].states == {"multiple"}
    assert shown["More"].states == {"collapsed"}


async def test_context_region_and_hints(goto: Open) -> None:
    shown = await elements(await goto("form.html"))
    assert shown["Home"].region == "banner"
    assert shown["First"].region == "navigation"
    assert shown["Imprint"].region == "contentinfo"
    assert shown["Full name"].region == "form"
    assert shown["Full name"].context == "Person"
    assert shown["Full name"].hints == ("name",)
    assert shown["Country"].options[:2] == ("Choose", "Austria")
    assert shown["Clickable box"].region == "main"
    assert shown["First"].href.endswith("/other.html#a")


async def test_elements_that_only_listen_are_found(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    await page.act(Click((await find("Listening box")).index))
    names = [each.name for each in (await page.observe()).elements]
    assert names[names.index("Clickable box") + 1] == "Heard"


async def test_what_a_user_can_not_see_is_left_out(goto: Open) -> None:
    shown = await elements(await goto("form.html"))
    assert not {"Hidden button", "Invisible button", "Skip link", "Inside details"} & set(shown)
    assert "Dark mode" in shown, "a box that is hidden behind its label is used through the label"


async def test_texts_by_region_and_kind(goto: Open) -> None:
    page = await goto("form.html")
    texts = [(block.region, block.kind, block.text) for block in (await page.observe()).texts]
    assert ("main", "heading1", "Registration") in texts
    assert ("form", "label", "Person") in texts
    assert ("navigation", "item", "First") in texts
    assert not [text for _, _, text in texts if "Details text" in text or "Invisible" in text]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>One <b>two</b> <i>three</i> <u>four</u></p>", ["One two three four"]),
        ("<p>One <b>two</b> <i hidden>three</i> <u>four</u></p>", ["One two four"]),
        ("<p style='display:none'>One <b>two</b> <i>three</i> <u>four</u></p>", []),
        ("<p style='text-transform:uppercase'>One <b>two</b> <i>three</i> <u>four</u></p>", ["One two three four"]),
        ("<p>Pick <select><option>A<option>B</select> <b>now</b> <i>or</i> <u>later</u></p>", ["Pick now or later"]),
        ("<pre><b>def</b> <i>f</i>(<u>x</u>):\n  pass</pre>", ["def f(x): pass"]),
        ("<div>b<b>o</b>ld</div>", ["bold"]),
        ("<div>left<span style='display:inline-block'>right</span></div>", ["left right"]),
        ("<div>up<br>down</div>", ["up down"]),
        ("<div>Before <p>inside</p> after</div>", ["Before", "inside", "after"]),
        ("<div style='display:contents'>shown</div>", ["shown"]),
        ("<ul><li>a<li>b</ul><style>c {}</style><noscript>none</noscript>", ["a", "b"]),
    ],
)
async def test_texts_are_those_that_a_reader_sees(goto: Open, html: str, texts: list[str]) -> None:
    page = await goto(f"script?run=document.body.innerHTML = {orjson.dumps(html).decode()}")
    assert [block.text for block in (await page.observe()).texts] == texts


async def test_headings_and_rows_are_contexts(goto: Open) -> None:
    html = "<section><h2>Fruit</h2><button>Buy</button></section><ul><li>Pear <a href=/x>More</a></li></ul>"
    page = await goto(f"script?run=document.body.innerHTML = {orjson.dumps(html).decode()}")
    shown = await elements(page)
    assert (shown["Buy"].context, shown["More"].context) == ("Fruit", "Pear More")


@pytest.mark.parametrize(
    "widget",
    [
        # as Select2 draws it: called after its own value
        "<label for=native>Size</label>"
        "<select id=native style='position:absolute;width:1px;height:1px;border:0;padding:0'><option>S</select>"
        "<span><span><span role=combobox tabindex=0 aria-expanded=false aria-labelledby=now>"
        "<span id=now role=textbox aria-readonly=true>Small</span></span></span></span>",
        # as Bootstrap-select does
        "<label for=native>Size</label><div><select id=native hidden><option>S</select>"
        "<button role=combobox aria-expanded=false>Small</button></div>",
        # as Choices does
        "<label for=native>Size</label>"
        "<div role=combobox tabindex=0 aria-expanded=false><select id=native hidden><option>S</select>Small</div>",
        # as MUI does
        "<span id=label>Size</span><div role=combobox tabindex=0 aria-expanded=false aria-labelledby='label text'>"
        "<span id=text>Small</span></div>",
    ],
)
async def test_a_list_that_is_drawn_for_a_hidden_one_has_its_label_and_a_value(goto: Open, widget: str) -> None:
    page = await goto(f"script?run=document.body.innerHTML = {orjson.dumps(widget).decode()}")
    (shown,) = (await page.observe()).elements
    assert (shown.role, shown.name, shown.value) == ("combobox", "Size", "Small")
    assert shown.states == {"collapsed"}


async def test_indices_are_stable_and_the_digest_follows_the_content(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    first = await page.observe()
    second = await page.observe()
    assert digest_of(first) == digest_of(second)
    assert [each.index for each in first.elements] == [each.index for each in second.elements]
    await page.act(Fill((await find("Full name")).index, "Ada"))
    third = await page.observe()
    assert digest_of(third) != digest_of(first)
    assert [each.index for each in first.elements] == [each.index for each in third.elements]


async def test_frames_are_shown_in_their_place(goto: Open) -> None:
    page = await goto("frames.html")
    names = [each.name for each in (await page.observe()).elements]
    assert names == [
        "Before", "Inner button", "Inner field", "Between", "Inner button", "Inner field", "In srcdoc", "In sandbox",
        "Inner button", "Inner field", "After",
    ]  # fmt: skip


async def test_elements_in_frames_of_any_kind_are_pressed_and_filled(goto: Open) -> None:
    page = await goto("frames.html")
    shown = [each for each in (await page.observe()).elements if each.name in ("Inner button", "In srcdoc")]
    for element in shown:
        assert (await page.act(Click(element.index))).changed
    after = {each.index: each.name for each in (await page.observe()).elements}
    assert [after[each.index] for each in shown] == ["Pressed ?same", "Pressed ?other", "Pressed", "Pressed ?far"]
    for field in [each for each in (await page.observe()).elements if each.name == "Inner field"]:
        effect = await page.act(Fill(field.index, "inside"))
        assert (effect.value, effect.changed) == ("inside", True)


async def test_boxes_in_frames_are_relative_to_the_top_viewport(goto: Open) -> None:
    page = await goto("frames.html")
    observation = await page.observe()
    before, inner, between = (next(each for each in observation.elements if each.name == name)
                              for name in ("Before", "Inner button", "Between"))  # fmt: skip
    assert inner.box.y > before.box.y
    assert inner.box.x >= 8 + 10 + 5 + 7 + 8
    assert inner.box.x < between.box.x
    assert inner.in_view
    assert not observation.elements[-2].in_view


async def test_paging_over_frames_is_seamless(goto: Open) -> None:
    page = await goto("frames.html")
    whole = await page.observe()
    found: list[int] = []
    offset: int | None = 0
    while offset is not None:
        part = await page.observe(offset=offset, limit=3)
        found += [each.index for each in part.elements]
        offset = part.next_offset
    assert found == [each.index for each in whole.elements]


async def test_open_shadow_roots_are_part_of_the_page(goto: Open, find: Finder) -> None:
    page = await goto("shadow.html")
    observation = await page.observe()
    names = [each.name for each in observation.elements]
    assert names == ["Light before", "Shadow button", "Deep field", "Host link", "Light after"]
    assert "Shadow text Slotted name" in [block.text for block in observation.texts]
    assert (await page.act(Click((await find("Shadow button")).index))).changed
    assert (await page.act(Fill((await find("Deep field")).index, "deep"))).value == "deep"


async def test_a_modal_hides_what_lies_under_it(goto: Open, find: Finder) -> None:
    page = await goto("modal.html")
    close = await find("Close")
    assert close.region == "dialog"
    assert list(await elements(page)) == ["Close"]
    await page.act(Click(close.index))
    assert list(await elements(page)) == ["Under the modal", "Far under the modal"]


async def test_large_pages_come_in_parts(goto: Open) -> None:
    page = await goto("many?count=5000")
    first = await page.observe()
    assert (len(first.elements), first.total_elements, first.next_offset) == (300, 5000, 300)
    assert sum(len(block.text) for block in first.texts) <= 16_000
    last = await page.observe(offset=4900)
    assert (len(last.elements), last.next_offset) == (100, None)
    assert last.elements[-1].name == "Link 4999"


async def test_an_element_far_down_a_large_page_is_used(goto: Open) -> None:
    page = await goto("many?count=5000")
    last = (await page.observe(offset=4999)).elements[0]
    effect = await page.act(Click(last.index))
    assert (effect.navigated, effect.title) == (True, "Not found")


async def test_the_page_can_not_see_the_injected_world(page: Page, pages: PageServer) -> None:
    await page.act(Navigate(f"{pages.url}/script?run=document.title=typeof%20outrider"))
    assert (await page.observe()).title == "undefined"
