"""What a look takes over from the last one is what it would have read: compared after many kinds of touches."""

import random
from itertools import zip_longest
from typing import Any, Final

import pytest
from tests.integration.browsers.conftest import Open

from outrider.browsers.browser import Browser
from outrider.interfaces.actions import Extract

pytestmark = pytest.mark.browser

ALL_TEXT: Final = 16_000
#: So many changes between two looks are read as soon as they were drawn, further ones when the look comes.
READ_AHEAD: Final = 3
LOOK: Final = {"offset": 0, "limit": 300, "floor": 0, "base": 0}

#: Each changes one thing about an element ``it`` that was chosen at random; ``n`` is another number each time.
TOUCHES: Final = (
    "it.append(` word ${n}`)",
    "it.prepend(document.createTextNode(`word ${n} `))",
    "it.textContent = `Said anew ${n}`",
    "it.firstChild && (it.firstChild.data = `Text ${n}`)",
    "it.hidden = !it.hidden",
    "it.style.display = it.style.display ? '' : 'none'",
    "it.style.visibility = it.style.visibility ? '' : 'hidden'",
    "it.className = n % 2 ? 'off' : 'on'",
    "it.setAttribute('aria-label', `Label ${n}`)",
    "it.setAttribute('role', ['button', 'heading', 'navigation', 'listitem'][n % 4])",
    "it.removeAttribute('role')",
    "it.toggleAttribute('disabled')",
    "it.tabIndex = n % 2 - 1",
    "it.remove()",
    "it.after(it.cloneNode(true))",
    "it.parentElement.prepend(it)",
    "it.insertAdjacentHTML('beforebegin', `<p>New <b>words</b> and <i>more</i> <a href='#${n}'>link ${n}</a></p>`)",
    "it.insertAdjacentHTML('beforeend', `<div><h3>Heading ${n}</h3><button>Press ${n}</button></div>`)",
    "it.insertAdjacentHTML('afterend', `<li>Item ${n}</li>`)",
    "it.insertAdjacentHTML('afterbegin', `<label>Box ${n} <input type=checkbox></label>`)",
    "it.focus()",
    "it.value = `${n}`",
    "it.checked = !it.checked",
    "it.open = !it.open",
    "document.body.className = n % 2 ? 'dark' : ''",
    "document.body.append(Object.assign(document.createElement('p'), {textContent: `Toast ${n}`}))",
    "document.styleSheets[0]?.insertRule(n % 2 ? '.off { display: none }' : '.on { visibility: hidden }')",
    "history.replaceState(null, '', `#part${n}`)",
)
SHEETS: Final = (
    "",
    "li:nth-child(3n) { display: none } .off + * { display: none }",
    "section:has(.off) p { display: none } .on ~ * { visibility: hidden }",
    "input:checked ~ * { display: none } :focus + * { visibility: hidden }",
)


class Looker:
    """Looks at the top document of a browser's page, with and without what the last look left."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.page
        self.chars = ALL_TEXT

    async def run(self, script: str) -> None:
        tab = await self.page._stage.tabs.current()
        # With the next frame the browser takes the focus away from what can't have it any more.
        frame = "new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))"
        expression = f"(() => {{ {script} }})(); {frame}"
        await tab.session.call("Runtime.evaluate", expression=expression, awaitPromise=True)

    async def look(self, *, anew: bool) -> dict[str, Any]:
        tab = await self.page._stage.tabs.current()
        seen: dict[str, Any] = await tab.call("observe", LOOK | {"chars": self.chars, "anew": anew})
        # Boxes and the focus are read at every look, and may move between two.
        seen["elements"] = [
            [*row[:6], [state for state in row[6] if state != "focused"], *row[9:]] for row in seen["elements"]
        ]
        if (
            self.chars < ALL_TEXT
        ):  # what was left out is known by reading, or by what is in the document: two ways to say it
            seen["elements"] = [row[:8] + row[9:] for row in seen["elements"]]
        return {name: seen[name] for name in ("title", "total", "elements", "texts")}


@pytest.fixture
def looker(browser: Browser) -> Looker:
    return Looker(browser)


@pytest.mark.parametrize("chars", [ALL_TEXT, 700], ids=["all text", "room for some"])
@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("path", ["form.html", "shop.html", "other.html"])
async def test_what_is_kept_is_what_would_be_read(
    goto: Open, looker: Looker, path: str, sheet: str, chars: int
) -> None:
    looker.chars = chars
    await goto(path)
    await looker.run(
        f"document.head.append(Object.assign(document.createElement('style'), {{textContent: `{sheet}`}}))"
    )
    # A picture that can't be loaded changes what is shown when that turns out.
    await looker.run("document.querySelectorAll('img').forEach((image) => image.removeAttribute('src'))")
    await looker.look(anew=True)
    chosen = random.Random(f"{path}{sheet}")  # noqa: S311 - the same at every run
    for number in range(20):
        touches: list[str] = []
        for _ in range(chosen.choice((1, 1, READ_AHEAD + 2))):
            touches = chosen.sample(TOUCHES, chosen.choice((1, 1, 2, 3)))
            place = chosen.random()
            script = "const all = document.body.getElementsByTagName('*');"
            script += f"const n = {number}; let it = all[Math.floor(all.length * {place})]; if (!it) return;"
            script += "".join(f"try {{ {touch} }} catch {{}}" for touch in touches)
            await looker.run(script)
        kept = await looker.look(anew=False)
        if chosen.random() < 0.4:  # else the next one is taken from what was taken over itself
            anew = await looker.look(anew=True)
            assert not (wrong := _differences(kept, anew)), f"after {touches}, step {number}: {wrong}"


LISTENER: Final = """
const it = document.body.appendChild(Object.assign(document.createElement('div'), {textContent: 'Late box'}));
it.addEventListener('click', () => {})"""


async def test_what_was_read_ahead_and_only_listens_is_found_at_once(goto: Open, looker: Looker) -> None:
    page = await goto("form.html")
    await page.observe()
    await looker.run(LISTENER)
    assert "Late box" in [each.name for each in (await page.observe()).elements]


async def test_what_was_extracted_and_only_listens_is_found_at_once(goto: Open, looker: Looker) -> None:
    page = await goto("form.html")
    await page.observe()
    for _ in range(READ_AHEAD):
        await looker.run("document.body.append('words')")
    await looker.run(LISTENER)
    await page.act(Extract())
    assert "Late box" in [each.name for each in (await page.observe()).elements]


async def test_a_page_that_changes_by_itself_is_not_read_for_ever(goto: Open, looker: Looker) -> None:
    page = await goto("form.html")
    await page.observe()
    tab = await looker.page._stage.tabs.current()

    async def in_our_world(expression: str) -> Any:
        world = {"contextId": tab.frames.main.context_number, "returnByValue": True}
        return (await tab.session.call("Runtime.evaluate", expression=expression, **world))["result"].get("value")

    # Once in each reading, and nowhere else.
    await in_our_world("let reads = 0; document.getAnimations = () => { reads++; return []; }; null")
    counts = []
    for _ in range(READ_AHEAD + 2):
        await looker.run("document.body.append(document.createElement('p'))")
        await looker.run("")  # a frame later it has been read
        counts.append(await in_our_world("reads"))
    assert counts == [1, 2, 3, 3, 3]


def _differences(kept: dict[str, Any], anew: dict[str, Any]) -> list[Any]:
    """What is not the same: field, what was kept, what is so."""
    found: list[Any] = [(name, kept[name], anew[name]) for name in ("title", "total") if kept[name] != anew[name]]
    for name in ("elements", "texts"):
        pairs = zip_longest(kept[name], anew[name])
        found += [(name, old, new) for old, new in pairs if old != new][:3]
    return found
