"""A process that is killed at any moment loses nothing that it had acknowledged."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from outrider.storage import Database, SqlSessionStore

APPENDER = Path(__file__).with_name("appender.py")
WRITERS = 4


def run_and_kill(path: Path, after_lines: int) -> dict[str, int]:
    """Start the appender, kill it after so many acknowledgements; returns the last one of each session."""
    acknowledged: dict[str, int] = defaultdict(int)
    with subprocess.Popen([sys.executable, APPENDER, path, str(WRITERS)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(after_lines):
            note(acknowledged, process.stdout.readline())
        process.kill()
        for line in process.stdout:  # what it had said before it died
            note(acknowledged, line)
    return acknowledged


def note(acknowledged: dict[str, int], line: bytes) -> None:
    if line.endswith(b"\n"):
        session_id, message_id = line.split()
        acknowledged[session_id.decode()] = int(message_id)


@pytest.mark.slow
async def test_no_acknowledged_message_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    for after_lines in (1, 37, 150, 311, 400):
        acknowledged = run_and_kill(path, after_lines)

        async with await Database.open(path) as database:
            store = SqlSessionStore(database)
            for session_id, last in acknowledged.items():
                messages = await store.messages(session_id, limit=1_000_000)
                assert [message.id for message in messages] == list(range(1, len(messages) + 1))
                assert len(messages) >= last
                assert len(messages) % 2 == 0  # a change is there as a whole or not at all
                assert (await store.get(session_id)).last_message_id == len(messages)
                assert messages[-1].content == f"{session_id}:1"
