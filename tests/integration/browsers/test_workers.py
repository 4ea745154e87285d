"""Scripts beside the page's own run as they do for any user."""

import pytest
from tests.integration.browsers.conftest import Finder, Open

from outrider.browsers.browser import Browser
from outrider.interfaces.actions import Click

pytestmark = pytest.mark.browser

BLOB = "URL.createObjectURL(new Blob([{source!r}], {{type: 'text/javascript'}}))"
WORKER = "new Promise(end => {{ const w = new {kind}({address}); {port}.onmessage = message => end(message.data); }})"
AUDIO = "new OfflineAudioContext(1, 128, 44100).audioWorklet.addModule({address}).then(() => 7)"
SCRIPTS = {
    "worker": WORKER.format(kind="Worker", address=BLOB.format(source="postMessage(7)"), port="w"),
    "shared worker": WORKER.format(
        kind="SharedWorker", address=BLOB.format(source="onconnect = e => e.ports[0].postMessage(7)"), port="w.port"
    ),
    "worklet": AUDIO.format(address=BLOB.format(source="1")),
}


@pytest.mark.parametrize("kind", SCRIPTS)
async def test_workers_start(kind: str, browser: Browser, goto: Open) -> None:
    await goto("other.html")
    tab = await browser.page._stage.tabs.current()
    answer = await tab.session.call("Runtime.evaluate", expression=SCRIPTS[kind], awaitPromise=True, returnByValue=True)
    assert answer["result"].get("value") == 7, answer


@pytest.mark.parametrize("address", [BLOB.format(source="1"), "'/script'", "'/nowhere'"])
async def test_the_page_is_not_held_by_a_worker(address: str, browser: Browser, goto: Open, find: Finder) -> None:
    # What is fetched afterwards is announced after the worker's script, and waited for.
    start = f"const w = new Worker({address}); fetch('/data').then(() => {{ document.getElementById('o').append(7) }})"
    page = await goto(
        f"script?run=document.body.innerHTML = '<button>Go</button><p id=o></p>'; "
        f"document.querySelector('button').onclick = () => {{ {start} }};"
    )
    assert (await page.act(Click((await find("Go")).index))).changed
    activity = (await browser.page._stage.tabs.current()).activity
    assert not activity.busy
    assert not activity._endless, "nothing was waited for in vain"
