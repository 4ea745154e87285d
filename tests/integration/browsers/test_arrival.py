"""What a page fades, slides or unfolds: there at the next look, and not waited for where nothing comes of it."""

import pytest
from tests.integration.browsers.conftest import Finder, Open

from outrider.interfaces.actions import Action, Click, Fill
from outrider.interfaces.pages import Page

pytestmark = pytest.mark.browser

PAGE = """
  document.head.insertAdjacentHTML('beforeend', `<style>%s</style>`);
  document.body.innerHTML = `<button>Menu</button><input aria-label=Word>%s`;
  const menu = document.getElementById('menu');
  const act = () => { %s };
  document.querySelector('button').onclick = document.querySelector('input').oninput = act;
"""
MENU = (
    '<div id=menu><div style="margin-top: 20px"><a href=x>Settings</a></div>'
    '<a href=x style="position: absolute; top: 200px">Last</a></div>'
)
OPEN = "menu.classList.toggle('open')"
STYLES = {
    "fades in": "#menu { visibility: hidden; opacity: 0 }"
    " #menu.open { transition: all .1s; visibility: visible; opacity: 1 }",
    "fades in later": "#menu { visibility: hidden } #menu.open { transition: visibility 0s .2s; visibility: visible }",
    "slides in": "#menu { position: fixed; top: -100%; height: 100% } #menu.open { transition: top .4s; top: 60% }",
    "unfolds": "#menu { transform: scaleY(0) } #menu.open { transition: transform .3s; transform: none }",
    "comes as an animation": "#menu { display: none } #menu.open { display: block; animation: come .1s .2s both }"
    " @keyframes come { from { opacity: 0 } }",
}
FRAMES_LATER = """
  document.body.insertAdjacentHTML('beforeend', '<p style="opacity: 0"><a href=x>Settings</a>');
  const fade = () => document.body.lastChild.animate({ opacity: [0, 1] }, { duration: 100, delay: 50, fill: 'both' });
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(fade)));
"""
IN_A_SHADOW_TREE = """
  const host = document.createElement('p');
  document.body.append(host);
  const root = host.attachShadow({ mode: 'open' });
  root.innerHTML = '<a href=x>Settings</a>';
  root.firstChild.animate({ opacity: [0, 0, 1] }, 200);
"""
IN_A_VIEW_TRANSITION = """
  document.startViewTransition(() => document.body.insertAdjacentHTML('beforeend', '<a href=x>Settings</a>'));
"""
INSTEAD_OF_ANOTHER = """
  const route = document.createElement('div');
  route.innerHTML = '<p style="height: 500px">Old</p>';
  document.body.append(route);
  route.animate({ opacity: [1, 0] }, 200).onfinish = () => {
    route.innerHTML = '<a href=x>Settings</a>';
    route.style.opacity = 0;
    const enter = () => { route.animate({ opacity: [0, 1] }, { duration: 100, fill: 'both' }); };
    requestAnimationFrame(() => requestAnimationFrame(enter));
  };
"""
AFTER_A_WHILE_OF_NOTHING = """
  document.head.insertAdjacentHTML('beforeend', '<style>main { transition: opacity .05s } .out { opacity: 0 }</style>');
  document.body.insertAdjacentHTML('beforeend', '<main>Old</main>');
  const route = document.querySelector('main');
  route.getBoundingClientRect();
  route.className = 'out';
  setTimeout(() => { route.innerHTML = '<a href=x>Settings</a>'; route.className = ''; }, 300);
"""
SCRIPTS = {
    "comes a while after a page has faded out": AFTER_A_WHILE_OF_NOTHING,
    "comes when a page has faded out": INSTEAD_OF_ANOTHER,
    "comes in a view transition": IN_A_VIEW_TRANSITION,
    "is added, and faded in frames later": FRAMES_LATER,
    "fades in a shadow tree": IN_A_SHADOW_TREE,
}
CASES = {name: (style, MENU, OPEN) for name, style in STYLES.items()} | {
    name: ("", "", script) for name, script in SCRIPTS.items()
}


async def opened(goto: Open, style: str, body: str, script: str) -> Page:
    return await goto(f"script?run={PAGE % (style, body, script)}")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("kind", ["click", "fill"])
async def test_what_an_action_brings_has_arrived_at_the_next_look(
    goto: Open, find: Finder, kind: str, case: tuple[str, str, str]
) -> None:
    page = await opened(goto, *case)
    button, field = await find("Menu"), await find("Word")
    action: Action = Click(button.index) if kind == "click" else Fill(field.index, "x")
    await page.act(action)
    assert await find("Settings", "link")


EMPTY = "<p id=menu></p>"
#: With what begins at a click, and how many milliseconds the page takes.
NOTHING_COMES = {
    "a ripple": ("#menu { width: 0; height: 0 } #menu.open { transition: all 60s; width: 90px }", EMPTY, OPEN, 0),
    "a shade": ("#menu { opacity: 0 } #menu.open { transition: opacity 60s 60s; opacity: 1 }", EMPTY, OPEN, 0),
    "a menu that closes": (".open { visibility: hidden; opacity: 0; transition: opacity 60s }", MENU, OPEN, 0),
    "a small thing that leaves": (
        ".open { opacity: 0; transition: opacity 60s }", "<p id=menu style='width: 200px'>Gone</p>", OPEN, 0,
    ),
    "a list that turns": (
        "#menu { position: relative; left: -5000px } #menu.open { transition: left 60s; left: -5100px }",
        '<div id=menu><a href=x style="position: relative; left: 5050px">Slide</a></div>', OPEN, 0,
    ),
    "what comes too late": (
        "#menu { opacity: 0 } .open { animation: come 1s 60s both } @keyframes come { to { opacity: 1 } }",
        MENU, f"{OPEN}; fetch('/delayed?seconds=0.7')", 700,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOTHING_COMES.values(), ids=NOTHING_COMES)
async def test_nothing_is_waited_for_in_vain(goto: Open, find: Finder, case: tuple[str, str, str, int]) -> None:
    *looks, takes = case
    took = []
    for _ in range(4):  # the machine may be busy with something else
        page = await opened(goto, *looks)
        took.append((await page.act(Click((await find("Menu")).index))).milliseconds)
    assert min(took) < takes + 400
