"""A file that is offered to a session reaches a page by the upload action, whenever it was offered."""

import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.integration.agents.worker import DEADLINE_SECONDS, Open

from outrider.config import load_settings
from outrider.files.store import FileStore
from outrider.interfaces.actions import Upload
from outrider.interfaces.models import Act, Decision, Finish, Step, Task
from outrider.interfaces.pages import Observation
from outrider.interfaces.sessions import MessageType

pytestmark = pytest.mark.browser

PAGE = b"""<!doctype html><title>Form</title><label>Report <input type="file" multiple></label><p id="said"></p>
<script>document.querySelector("input").onchange = async (event) => {
    const texts = await Promise.all([...event.target.files].map((file) => file.text()));
    document.title = [...event.target.files].map((file, i) => `${file.name}=${texts[i]}`).join(" ");
};</script>"""


class Form(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def form() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Form) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join(DEADLINE_SECONDS)


def give(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
    """Give the files that the task names to the page's one field."""
    if history and isinstance(history[-1].action, Upload):
        problem = history[-1].problem
        return Finish(problem[0] if problem else observation.title)
    (field,) = (element for element in observation.elements if element.kind == "file")
    return Act(Upload(field.index, tuple(task.text.split())), "Giving files")


async def test_offered_files_are_uploaded_by_name(opened: Open, form: str, tmp_path: Path) -> None:
    async with opened(give, screening={"upload": "allow"}) as worker:
        store = FileStore.of(load_settings(data_dir=tmp_path))
        for name in ("a.txt", "b.txt"):
            store.offer(worker.session_id, name, f"content of {name}".encode())
        await worker.engine.call(worker.session_id, "files", {}, timeout=DEADLINE_SECONDS)

        await worker.say("a.txt b.txt", start_url=form)
        (*_, last) = await worker.end()
        assert (last.type, last.content) == (MessageType.DONE, "a.txt=content of a.txt b.txt=content of b.txt")

        asked = await worker.say("../a.txt", start_url=form)
        assert (await worker.end(asked))[-1].content == "UPLOAD_FILE_NOT_FOUND"

        store.remove(worker.session_id, "a.txt")
        await worker.engine.call(worker.session_id, "files", {}, timeout=DEADLINE_SECONDS)
        asked = await worker.say("a.txt", start_url=form)
        assert (await worker.end(asked))[-1].content == "UPLOAD_FILE_NOT_FOUND"
