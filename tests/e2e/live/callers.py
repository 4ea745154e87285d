"""A browser that a caller of the API runs: a real one, with a DevTools port."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from outrider.browsers.command import find_binary

_OPTIONS = (
    "--headless --remote-debugging-port=0 --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --no-default-browser-check"
)


@dataclass(frozen=True)
class CallersBrowser:
    """``url`` is its WebSocket, ``http_url`` its DevTools over HTTP."""

    process: "subprocess.Popen[str]"
    url: str

    @property
    def http_url(self) -> str:
        return f"http://{self.url.split('/')[2]}"

    @property
    def tabs(self) -> list[str]:
        """Addresses of all open tabs."""
        return sorted(each["url"] for each in httpx.get(f"{self.http_url}/json/list").json() if each["type"] == "page")

    def open(self, url: str) -> None:
        """The caller opens a tab."""
        httpx.put(f"{self.http_url}/json/new?{url}").raise_for_status()

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def callers_browser(profile: Path) -> Iterator[CallersBrowser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    line = [str(find_binary(None)), *_OPTIONS.split(), *sandbox, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    try:
        found = (re.search(r"ws://\S+", line) for line in process.stderr)
        url = next(match[0] for match in found if match)
        browser = CallersBrowser(process, url)
        yield browser
    finally:
        browser.kill()
        process.stderr.close()
