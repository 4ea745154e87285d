"""Scripts beside the page's own run as they do for any user."""

import pytest
from tests.integration.browsers.conftest import Open

from outrider.browsers.browser import Browser

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
