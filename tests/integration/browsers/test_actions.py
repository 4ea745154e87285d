"""Clicking, dialogs, tabs, downloads: what an action does and what its effect says."""

import asyncio
from collections.abc import Callable

import pytest
from tests.integration.browsers.conftest import Finder, Open

from outrider.browsers.browser import Browser
from outrider.interfaces.actions import (
    Back,
    Check,
    Click,
    Download,
    Extract,
    Fill,
    Hover,
    Press,
    Scroll,
    SwitchTab,
    Wait,
)
from outrider.interfaces.pages import Dialog, Effect, Page
from outrider.problems import OutriderError

pytestmark = pytest.mark.browser


async def texts(page: Page) -> list[str]:
    return [block.text for block in (await page.observe()).texts]


async def test_a_click_is_trusted_and_its_effect_is_told(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find("Write")).index))
    assert effect.changed
    assert not effect.navigated
    assert "pressed" in await texts(page)


async def test_a_click_that_does_nothing_says_so(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find("Nothing")).index))
    assert (effect.changed, effect.navigated, effect.alerts) == (False, False, ())


async def test_what_only_the_pointer_holds_open_does_not_cover(goto: Open, find: Finder) -> None:
    style = (
        "<style>ul ul { display: none; position: absolute; background: white } li:hover ul { display: block }</style>"
    )
    menu = "<li><a href=%23>{}</a><ul><li><a href=other.html>{}</a><li>One<li>Two</ul>"
    body = f"{style}<ul>{menu.format('Tools', 'Saw')}{menu.format('Toys', 'Kite')}</ul>"
    page = await goto(f"script?run=document.body.innerHTML = `{body}`")
    for name, inner in (("Tools", "Saw"), ("Toys", "Kite")):
        await page.act(Hover((await find(name)).index))
        assert (await find(inner)).name == inner
    assert (await page.act(Click((await find("Kite")).index))).navigated


async def test_why_a_field_is_marked_as_invalid_is_told(goto: Open, find: Finder) -> None:
    body = (
        "<form><input aria-label=Age aria-invalid=true aria-describedby=why><p id=why>You must be 18.</p>"
        "<input aria-label=Town required aria-describedby=hint><p id=hint>We tell nobody.</p><input aria-label=Name>"
        "<button>Send</button></form>"
    )
    page = await goto(f"script?run=document.body.innerHTML = `{body}`")
    assert not (await find("Town")).complaint
    await page.act(Click((await find("Send")).index))
    told = {element.name: element.complaint for element in (await page.observe()).elements}
    assert told == {"Age": "You must be 18.", "Town": "Please fill out this field.", "Name": "", "Send": ""}


async def test_what_comes_after_an_answer_is_told_to_who_waits(goto: Open, find: Finder) -> None:
    script = (
        "document.body.innerHTML = '<button>Go</button><p id=told>';"
        " const tell = (words) => { told.textContent = words; };"
        " document.querySelector('button').onclick = () => fetch('/delayed?seconds=0.1').then(() => { tell('One');"
        " setTimeout(() => tell('Two'), 250); })"
    )
    page = await goto(f"script?run={script}")
    assert (await page.act(Click((await find("Go")).index))).changed
    await asyncio.sleep(0.5)
    assert (await page.act(Wait())).changed


async def test_an_answer_that_comes_at_once_is_told(goto: Open, find: Finder) -> None:
    script = (
        "let count = 0; document.body.innerHTML = '<button>Go</button><p id=told>';"
        " document.querySelector('button').onclick = async () => {"
        " const answer = await fetch('/data'); await answer.text(); told.textContent = count -= 1; }"
    )
    page = await goto(f"script?run={script}")
    button = await find("Go")
    assert [(await page.act(Click(button.index))).changed for _ in range(40)] == [True] * 40


async def test_what_a_frame_says_that_an_action_adds_is_told(goto: Open, find: Finder) -> None:
    script = (
        "document.body.innerHTML = '<button>Go</button>'; document.querySelector('button').onclick = () => {"
        " document.body.insertAdjacentHTML('beforeend', `<iframe srcdoc='<p role=alert>Wrong!</p>'></iframe>`); }"
    )
    page = await goto(f"script?run={script}")
    assert (await page.act(Click((await find("Go")).index))).alerts == ("Wrong!",)


async def test_a_long_hidden_complaint_of_many_fields_is_no_burden(goto: Open) -> None:
    script = (
        "const field = '<input aria-label=Age aria-invalid=true aria-errormessage=why>';"
        " document.body.innerHTML = field.repeat(1500) + '<div id=why hidden>';"
        " why.innerHTML = '<p>Too young.' + ' So it is.'.repeat(500000) + '<p>More.'.repeat(20000)"
    )
    page = await goto(f"script?run={script}")
    seen = await page.observe(limit=2000)
    assert len(seen.elements) == 1500
    assert all(element.complaint.startswith("Too young. So it is.") for element in seen.elements)


async def test_a_complaint_repeats_no_password(goto: Open, find: Finder) -> None:
    page = await goto("script?run=document.body.innerHTML = '<input type=password aria-label=Word aria-invalid=true>'")
    await page.act(Fill((await find("Word")).index, "hunter2"))
    tab = await page._stage.tabs.current()  # type: ignore[attr-defined]
    script = "const e = document.querySelector('input'); e.setCustomValidity(`${e.value} is weak`)"
    await tab.session.call("Runtime.evaluate", expression=script)
    assert (await find("Word")).complaint == ""


async def test_a_modal_dialog_is_not_switched_off_with_what_it_lies_in(goto: Open, find: Finder) -> None:
    body = "<main inert><button>Under</button><dialog id=d><button onclick=this.append(1)>Over</button></dialog></main>"
    page = await goto(f"script?run=document.body.innerHTML = `{body}`; d.showModal()")
    assert (await page.act(Click((await find("Over")).index))).changed


async def test_parts_that_come_from_a_frame_are_read_as_any(goto: Open, find: Finder) -> None:
    script = "document.body.innerHTML = '<iframe id=f></iframe>'; f.contentDocument.body.innerHTML = "
    page = await goto(f"script?run={script}'<form id=box><label>Word <input></label><button>Send</button></form>'")
    await page.observe()
    tab = await page._stage.tabs.current()  # type: ignore[attr-defined]
    moves = "document.body.append(f.contentDocument.getElementById('box')); f.remove()"
    await tab.session.call("Runtime.evaluate", expression=moves)
    assert [element.name for element in (await page.observe()).elements] == ["Word", "Send"]
    await page.act(Extract())
    assert (await page.act(Fill((await find("Word")).index, "tea"))).value == "tea"


async def test_a_part_that_is_switched_off_is_disabled(goto: Open, find: Finder) -> None:
    body = "<button onclick=zone.inert=!zone.inert>Switch</button><div id=zone inert><a href=other.html>On</a><input>"
    page = await goto(f"script?run=document.body.innerHTML = `{body}`")
    for states in (frozenset({"disabled"}), frozenset[str]()):
        inner = [element.states for element in (await page.observe()).elements[1:]]
        assert inner == [states, states]
        if states:
            with pytest.raises(OutriderError) as caught:
                await page.act(Click((await find("On")).index))
            assert caught.value.code == "ELEMENT_NOT_ACTIONABLE"
        assert (await page.act(Click((await find("Switch")).index))).changed


async def test_opening_and_closing_a_popover_are_changes(goto: Open, find: Finder) -> None:
    page = await goto(
        "script?run=document.body.innerHTML = '<button popovertarget=p>More</button><p popover id=p>There';"
    )
    for _ in range(2):
        assert (await page.act(Click((await find("More")).index))).changed


async def test_links_in_drawings_are_links(goto: Open, find: Finder) -> None:
    drawing = '<svg><a href="other.html"><text y=20>Drawn</text></a></svg>'
    page = await goto(f"script?run=document.body.innerHTML = '{drawing}'")
    link = await find("Drawn", "link")
    assert link.href.endswith("/other.html")
    await page.act(Extract())
    assert (await page.act(Click(link.index))).navigated


LATER = {
    "a promise": "Promise.resolve().then(write)",
    "a timer": "setTimeout(write)",
    "a message": "const c = new MessageChannel(); c.port1.onmessage = write; c.port2.postMessage(0)",
    "the next frame": "requestAnimationFrame(write)",
    "after the next frame": "requestAnimationFrame(() => setTimeout(write))",
}
REACTING = """
  document.body.innerHTML = '<button>Go</button><input aria-label=Word><p id=o></p>';
  const write = () => { document.getElementById('o').textContent = 'reacted'; };
  for (const type of ['click', 'input']) document.body.addEventListener(type, () => { %s; });
"""


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
async def test_what_a_page_does_a_moment_later_belongs_to_the_click(goto: Open, find: Finder, later: str) -> None:
    page = await goto(f"script?run={REACTING % later}")
    assert (await page.act(Click((await find("Go")).index))).changed
    assert "reacted" in await texts(page)


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
async def test_what_a_page_does_a_moment_later_shows_after_filling(goto: Open, find: Finder, later: str) -> None:
    page = await goto(f"script?run={REACTING % later}")
    await page.act(Fill((await find("Word")).index, "x"))
    assert "reacted" in await texts(page)


# What a page does by itself when an action is accounted for, and what of the next wait's effect tells it.
LATE: dict[str, tuple[str, Callable[[Effect], bool]]] = {
    "changes": ("o.textContent = 'late'", lambda effect: (effect.changed, effect.navigated) == (True, False)),
    "tells": ("o.role = 'alert'; o.textContent = 'late'", lambda effect: effect.alerts == ("late",)),
    "asks": ("confirm('late')", lambda effect: [dialog.message for dialog in effect.dialogs] == ["late"]),
    "moves": ("history.pushState(0, '', '#late')", lambda effect: effect.navigated and not effect.replaced),
    "leaves": ("location = 'other.html'", lambda effect: effect.replaced and effect.title == "Other"),
    "opens": ("open('other.html')", lambda effect: effect.opened_tab and effect.title == "Other"),
    "scrolls": ("scrollTo(0, 500)", lambda effect: effect.changed),
    "changes in a frame": ("f.contentDocument.body.append('late')", lambda effect: effect.changed),
    "gets another frame": ("f.srcdoc = 'late'", lambda effect: effect.changed),
    "nothing": ("", lambda effect: not effect.changed),
}


@pytest.mark.parametrize("after", ["a click", "a look", "an opening", "a wait that is not taken"])
@pytest.mark.parametrize("does", LATE)
async def test_a_wait_accounts_for_what_came_since_the_last_action(
    goto: Open, find: Finder, browser: Browser, does: str, after: str
) -> None:
    what, is_told = LATE[does]
    body = "<p id=o style=height:9000px></p><iframe id=f></iframe><button style=position:fixed;top:9px>Go</button>"
    page = await goto(f"script?run=document.body.innerHTML = '{body}'")
    if after != "an opening":
        assert not (await page.act(Click((await find("Go")).index))).changed
    if after == "a wait that is not taken":
        await page.watch(Wait())
    tab = await browser.page._stage.tabs.current()
    await tab.session.call("Runtime.evaluate", expression=f"{{ {what} }}", userGesture=True)
    if after == "a look":
        await page.observe()
        await page.act(Extract())
    assert is_told(await page.act(Wait()))
    effect = await page.act(Wait())  # and the next one for nothing of that
    assert not (effect.changed or effect.navigated or effect.dialogs or effect.opened_tab), effect


async def test_what_a_filled_field_changes_at_once_is_told_though_more_comes(goto: Open, find: Finder) -> None:
    script = "document.body.innerHTML = '<input aria-label=Word><p id=o>'; document.querySelector('input').oninput = "
    page = await goto(f"script?run={script} () => {{ o.textContent = 'looking'; fetch('/delayed?seconds=0.1') }}")
    assert (await page.act(Fill((await find("Word")).index, "x"))).changed


SCROLLING = """
  document.body.innerHTML = '<p id=o></p><div id=inner tabindex=0><p>Rules</p></div><p id=end>End</p>';
  const high = document.createElement('style');
  high.textContent = '#inner { height: 300px; overflow: auto } #inner p, #end { padding-top: 3000px }';
  document.head.append(high);
  const write = () => { document.getElementById('o').textContent = 'reacted'; };
  %s.addEventListener('scroll', write);
"""


@pytest.mark.parametrize("scroller", ["document", "document.getElementById('inner')"])
async def test_what_a_page_does_when_it_is_scrolled_belongs_to_the_key(goto: Open, scroller: str) -> None:
    page = await goto(f"script?run={SCROLLING % scroller}")
    if scroller != "document":
        await page.act(Press("Tab"))
    assert (await page.act(Press("PageDown"))).changed
    assert "reacted" in await texts(page)


async def test_a_key_that_scrolls_has_done_so_when_it_is_over(goto: Open) -> None:
    page = await goto(f"script?run={SCROLLING % 'document'}")
    await page.act(Press("End"))
    there = (await page.observe()).scroll_y
    await page.act(Wait(at_least=0.3))
    assert there == (await page.observe()).scroll_y > 0


async def test_what_is_told_beforehand_of_an_action_is_watched_from_then_on(goto: Open, find: Finder) -> None:
    page = await goto(f"script?run={REACTING % 'write()'}")
    nothing, word = Press("Shift"), Fill((await find("Word")).index, "x")
    await page.watch(word)
    effect = await page.act(word)
    assert (effect.changed, effect.value) == (True, "x")
    await page.watch(word)  # another one comes: what it does is told of it alone
    assert not (await page.act(nothing)).changed
    await page.watch(nothing)
    assert not (await page.act(nothing)).changed


async def test_watching_a_page_that_hangs_is_left_to_the_action(goto: Open, find: Finder, browser: Browser) -> None:
    page = await goto("actions.html")
    click = Click((await find("Write")).index)
    tab = await browser.page._stage.tabs.current()
    tab.session.post("Runtime.evaluate", expression="for (;;);")
    await page.watch(click)
    with pytest.raises(OutriderError) as caught:
        await page.act(click)
    assert caught.value.code == "PAGE_UNRESPONSIVE"


LEAVING = """
  document.body.innerHTML = '<input aria-label=Word>';
  document.querySelector('input').addEventListener('change', () => { location.href = '/other.html'; });
"""


async def test_a_page_that_a_filled_field_leads_to_is_waited_for(goto: Open, find: Finder) -> None:
    page = await goto(f"script?run={LEAVING}")
    effect = await page.act(Fill((await find("Word")).index, "x"))
    assert effect.navigated
    assert (effect.title, effect.replaced) == ("Other", True)


async def test_alerts_that_appear_are_reported(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find("Complain")).index))
    assert effect.alerts == ("Please fill in the name",)


@pytest.mark.parametrize(
    ("name", "dialog", "after"),
    [
        ("Alert", Dialog("alert", "Saved", True), "after alert"),
        ("Confirm", Dialog("confirm", "Sure?", True), "true"),
        ("Prompt", Dialog("prompt", "Name?", True), "Ada"),
    ],
)
async def test_dialogs_are_answered(goto: Open, find: Finder, name: str, dialog: Dialog, after: str) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find(name)).index))
    assert effect.dialogs == (dialog,)
    assert after in await texts(page)


async def test_of_dialogs_without_end_the_latest_are_told(goto: Open, find: Finder) -> None:
    script = "for (let i = 0; i < 30; i++) alert(`${++n} ${'x'.repeat(9000)}`)"
    button = "document.body.innerHTML = '<button>Ask</button>'"
    page = await goto(f"script?run={button}; let n = 0; onclick = () => {{ {script} }}")
    for last in (30, 60):
        dialogs = (await page.act(Click((await find("Ask")).index))).dialogs
        assert [int(dialog.message.split()[0]) for dialog in dialogs] == [*range(last - 19, last + 1)]
        assert max(len(dialog.message) for dialog in dialogs) == 2000


@pytest.mark.parametrize("name", ["Open window", "Open tab", "Open apart"])
async def test_new_tabs_are_followed(goto: Open, find: Finder, name: str) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find(name)).index))
    assert effect.opened_tab
    assert (effect.title, effect.url.rsplit("/", 1)[1]) == ("Other", "other.html")
    tabs = (await page.observe()).tabs
    assert [(tab.title, tab.current) for tab in tabs] == [("Actions", False), ("Other", True)]
    effect = await page.act(SwitchTab(tabs[0].number))
    assert effect.title == "Actions"


async def test_a_closed_tab_gives_way_to_its_opener(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    await page.act(Click((await find("Open window")).index))
    await goto("script?run=document.body.innerHTML = '<button onclick=window.close()>Shut</button>'")
    await page.act(Click((await find("Shut")).index))
    assert (await page.act(Wait("Write"))).title == "Actions"
    assert len((await page.observe()).tabs) == 1
    with pytest.raises(OutriderError, match="no tab 7"):
        await page.act(SwitchTab(7))


async def test_downloads_are_kept_under_distinct_names(goto: Open, find: Finder, browser: Browser) -> None:
    page = await goto("actions.html")
    link = (await find("Report")).index
    assert (await page.act(Download(link))).downloads == ("report.txt",)
    assert (await page.act(Click(link))).downloads == ("report (2).txt",)
    assert (browser.folder / "downloads" / "report (2).txt").read_bytes() == b"content"


async def test_a_response_without_content_leaves_the_page(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find("No content")).index))
    assert (effect.title, effect.navigated) == ("Actions", False)


async def test_requests_that_an_action_starts_are_awaited(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    await page.act(Click((await find("Fetch")).index))
    assert "from the server" in await texts(page)


@pytest.mark.parametrize("name", ["Go on", "Go soon"])
async def test_navigations_that_an_action_starts_are_awaited(goto: Open, find: Finder, name: str) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find(name)).index))
    assert (effect.navigated, effect.title) == (True, "Other")


async def test_a_pushed_address_counts_as_navigation(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find("Push")).index))
    assert effect.navigated
    assert effect.url.endswith("/pushed")


async def test_a_stream_is_not_waited_for(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    effect = await page.act(Click((await find("Stream")).index))
    assert effect.milliseconds < 1000


async def test_a_moving_element_is_caught_when_it_stands_still(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    await page.act(Click((await find("Sliding")).index))
    assert "caught" in await texts(page)


async def test_an_element_that_keeps_moving_is_refused(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    with pytest.raises(OutriderError, match="keeps moving"):
        await page.act(Click((await find("Restless")).index))


async def test_a_covered_element_names_its_cover(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    with pytest.raises(OutriderError) as caught:
        await page.act(Click((await find("Covered")).index))
    assert caught.value.code == "ELEMENT_COVERED"
    assert "Cookie notice" in caught.value.message


async def test_an_index_of_an_element_that_left_is_refused(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    index = (await find("Vanish")).index
    await page.act(Click(index))
    with pytest.raises(OutriderError) as caught:
        await page.act(Click(index))
    assert caught.value.code == "ELEMENT_GONE"


async def test_an_index_never_means_an_element_of_a_later_document(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    index = (await find("Write")).index
    await goto("form.html")
    await page.observe()
    with pytest.raises(OutriderError) as caught:
        await page.act(Click(index))
    assert caught.value.code == "ELEMENT_GONE"


async def test_elements_out_of_view_are_scrolled_to(goto: Open, find: Finder) -> None:
    page = await goto("other.html")
    far = await find("Far down")
    assert not far.in_view
    await page.act(Click(far.index))
    assert (await find("Pressed")).in_view


async def test_back_restores_the_page_and_ends_at_the_first(goto: Open, find: Finder) -> None:
    page = await goto("form.html")
    with pytest.raises(OutriderError) as caught:
        await page.act(Back())
    assert caught.value.code == "NO_HISTORY"
    await goto("other.html")
    effect = await page.act(Back())
    assert (effect.navigated, effect.title) == (True, "Form")
    await page.act(Check((await find("Newsletter")).index, checked=False))
    assert "checked" not in (await find("Newsletter")).states


async def test_scrolling_reports_where_it_went(goto: Open) -> None:
    page = await goto("other.html")
    await page.act(Scroll())
    assert (await page.observe()).scroll_y == pytest.approx(640, abs=1)


async def test_waiting_for_a_text(goto: Open) -> None:
    page = await goto("script?run=setTimeout(() => document.body.append('it came'), 50)")
    await page.act(Wait("It came"))
    assert any("it came" in text for text in await texts(page))
    with pytest.raises(OutriderError) as caught:
        await page.act(Wait("never", seconds=0.2))
    assert caught.value.code == "TARGET_NOT_FOUND"


FADED_IN = """setTimeout(() => {
  document.body.innerHTML = '<div style="opacity: 0">A message<button>Save</button></div>';
  const { style } = document.body.firstChild;
  let frames = 0;
  const fade = () => { style.order = ++frames; if (frames < 30) requestAnimationFrame(fade); else style.opacity = 1; };
  fade();
}, 50)"""


async def test_what_was_waited_for_can_be_used(goto: Open) -> None:
    page = await goto(f"script?run={FADED_IN}")
    await page.act(Wait("A message"))
    assert [element.name for element in (await page.observe()).elements] == ["Save"]


async def test_a_cancelled_action_leaves_the_page_usable(goto: Open, find: Finder) -> None:
    page = await goto("actions.html")
    index = (await find("Restless")).index
    action = asyncio.create_task(page.act(Click(index)))
    await asyncio.wait([action], timeout=0.1)
    action.cancel()
    with pytest.raises(asyncio.CancelledError):
        await action
    assert (await page.act(Click((await find("Write")).index))).changed


async def test_keys_reach_the_page(goto: Open) -> None:
    page = await goto("other.html")
    await page.act(Press("End"))
    await page.act(Wait())
    assert (await page.observe()).scroll_y > 0
