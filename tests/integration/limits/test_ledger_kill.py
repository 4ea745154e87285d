"""A process that is killed between any two steps: no credit is lost, none is charged twice, and all can be repeated."""

import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outrider.interfaces.credits import Line
from outrider.storage import Database, SqlCreditStore

SPENDER = Path(__file__).with_name("spender.py")
ORGANISATION = "org"


def run_and_kill(path: Path, turn: int, after_lines: int) -> dict[str, list[str]]:
    """Start the spender, kill it after so many lines; what it said of each reference, in order."""
    said: dict[str, list[str]] = defaultdict(list)
    with subprocess.Popen([sys.executable, SPENDER, path, str(turn)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout):
            if number == after_lines:
                process.kill()
            if line.endswith(b"\n"):
                word, reference, _ = line.decode().split()
                said[reference].append(word)
    return said


async def whole_statement(store: SqlCreditStore) -> list[Line]:
    lines: list[Line] = []
    while page := await store.statement(ORGANISATION, lines[-1].id if lines else None, 200):
        lines += page
    return lines


@pytest.mark.slow
async def test_no_credit_is_lost_or_charged_twice(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    for turn, after_lines in enumerate((25, 151, 212)):
        said = run_and_kill(path, turn, after_lines)
        async with await Database.open(path) as database:
            store = SqlCreditStore(database)
            assert await store.faults() == ()
            done = {(line.kind, line.reference) for line in await whole_statement(store)}
            for reference, words in said.items():
                for word in words:
                    if not word.startswith("about-"):
                        assert (word, reference) in done  # what was acknowledged is there
                await repeat_last_step(store, reference, words)
            await check_sums(store)


async def repeat_last_step(store: SqlCreditStore, reference: str, words: list[str]) -> None:
    """What a client does that does not know whether its last request was carried out: send it again, and go on."""
    last = words[-1].removeprefix("about-")
    if last == "grant":
        await store.grant(ORGANISATION, 100, reference, "")
    elif last in ("hold", "settle") and words[-1] != "hold":
        if last == "hold" and (await store.balance(ORGANISATION)).available < 7:
            return
        if last == "hold":
            await store.hold(ORGANISATION, 7, reference, datetime.now(UTC) + timedelta(hours=1))
        for _ in range(2):
            assert (await store.settle(ORGANISATION, reference, 5)).charged == 5
    elif last == "release":
        assert (await store.release(ORGANISATION, reference)).state == "released"


async def check_sums(store: SqlCreditStore) -> None:
    lines = await whole_statement(store)
    settled = [line.reference for line in lines if line.kind == "settle"]
    assert len(settled) == len(set(settled))
    assert all(line.amount == 5 for line in lines if line.kind == "settle")
    assert min(line.available for line in lines) >= 0
    granted = sum(line.amount for line in lines if line.kind == "grant")
    balance = await store.balance(ORGANISATION)
    assert balance.available + balance.held + 5 * len(settled) == granted
    assert sum(line.change for line in lines) == balance.available == lines[0].available
    assert await store.faults() == ()
