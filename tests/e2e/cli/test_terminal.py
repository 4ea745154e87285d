"""``outrider run`` on a terminal: a moving view, and a question that is asked and answered."""

import os
import pty
import re
import subprocess
from contextlib import suppress
from typing import IO

import pytest
from tests.e2e.api.serving import COMMAND, Pages
from tests.e2e.cli.conftest import Outrider

pytestmark = [pytest.mark.browser]


def read_until(screen: IO[bytes], wanted: str) -> str:
    """What the terminal shows up to ``wanted``; bounded by the test's own timeout."""
    shown = ""
    while wanted not in shown:
        shown += screen.read(65536).decode(errors="replace")
    return shown


def read_to_the_end(screen: IO[bytes]) -> str:
    shown = ""
    with suppress(OSError):  # the terminal has no writer any more
        while chunk := screen.read(65536):
            shown += chunk.decode(errors="replace")
    return shown


def test_a_question_is_asked_and_the_answer_taken(outrider: Outrider, pages: Pages) -> None:
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "run", "Report the price"],
        env=outrider.environment(TERM="xterm", COLUMNS="100", OUTRIDER_EGRESS_ALLOW="localhost"),
        stdin=end, stdout=end, stderr=end, start_new_session=True,
    )  # fmt: skip
    os.close(end)
    with os.fdopen(terminal, "rb", buffering=0) as screen, process:
        asked = read_until(screen, "\n> ")
        os.write(screen.fileno(), f"{pages.url}/\n".encode())
        answered = read_to_the_end(screen)

    assert re.search(r"asks +\S", asked)
    assert re.search("step [1-9]", answered)
    assert "3 EUR" in answered
    assert process.returncode == 0
