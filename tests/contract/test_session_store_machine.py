"""Any sequence of changes: the store does what the lifecycle and the fences say, and never half of it."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.contract.builders import log_entry, spec
from tests.contract.conftest import RECORDS

from outrider.interfaces.sessions import Change, Message, SessionFencedError, SessionInboxError, SessionStore, State
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED, TAKES_TASK, TRANSITIONS

EVENTS = sorted({event for _, event in TRANSITIONS})
BACK = st.integers(min_value=0, max_value=2)


class StoreMachine(RuleBasedStateMachine):
    """Drives one session, and keeps beside it what must have become of it."""

    record_name = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.state = State.INITIALIZING
        self.epoch = 0
        self.task_id: int | None = None
        self.log: list[Message] = []
        self.inbox: list[int] = []

    @initialize()
    def open(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        record = self.runner.run(self.stack.enter_async_context(RECORDS[self.record_name](folder)))
        self.store: SessionStore = record.sessions
        self.runner.run(self.store.insert(spec()))

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    # --- what happens

    @rule(
        event=st.none() | st.sampled_from(EVENTS),
        entries=st.integers(min_value=0, max_value=3),
        command=st.booleans(),
        consumed=st.integers(min_value=0, max_value=2),
        inbox_empty=st.booleans(),
    )
    def change(self, event: str | None, entries: int, command: bool, consumed: int, inbox_empty: bool) -> None:
        consumes = tuple(self.inbox[:consumed])
        change = Change(
            event=event,
            entries=tuple(log_entry(f"entry {number}") for number in range(entries)),
            command=("note", {"of": event}) if command else None,
            consumes=consumes,
            inbox_empty=inbox_empty,
        )
        if event is not None and (self.state, event) not in TRANSITIONS:
            self.refused(change, OutriderError)
        elif inbox_empty and len(consumes) < len(self.inbox):
            self.refused(change, SessionInboxError)
        else:
            self.applied(change)

    @rule()
    def raise_epoch(self) -> None:
        self.epoch += 1
        assert self.runner.run(self.store.raise_epoch("s-1")).epoch == self.epoch

    @rule(back=BACK)
    def append_as_owner(self, back: int) -> None:
        change = Change(entries=(log_entry("owner"),), epoch=self.epoch - back)
        if back or self.state in ENDED:
            self.refused(change, SessionFencedError)
        else:
            self.applied(change)

    @rule(task_id=st.integers(min_value=1, max_value=12))
    def append_as_task(self, task_id: int) -> None:
        change = Change(entries=(log_entry("step"),), task_id=task_id)
        if task_id == self.task_id and self.state in (State.RUNNING, State.PAUSED):
            self.applied(change)
        else:
            self.refused(change, SessionFencedError)

    # --- what must follow

    def applied(self, change: Change) -> None:
        before = len(self.log)
        record, messages = self.runner.run(self.store.apply("s-1", change))
        self.log += messages
        if change.event is not None:
            if change.event == "message" and change.entries and self.state in TAKES_TASK:
                self.task_id = before + 1
            self.state = TRANSITIONS[self.state, change.event]
        self.inbox = [known for known in self.inbox if known not in change.consumes]
        if change.command is not None:
            self.inbox.append(self.runner.run(self.store.inbox("s-1"))[-1].id)
        assert (record.state, record.task_id) == (self.state, self.task_id)
        assert len(messages) == len(change.entries)

    def refused(self, change: Change, kind: type[Exception]) -> None:
        with pytest.raises(kind):
            self.runner.run(self.store.apply("s-1", change))

    @invariant()
    def record_is_as_expected(self) -> None:
        record = self.runner.run(self.store.get("s-1"))
        stored = self.runner.run(self.store.messages("s-1"))
        times = [record.created_at, *(message.timestamp for message in stored), record.updated_at]
        assert (record.state, record.epoch, record.task_id) == (self.state, self.epoch, self.task_id)
        assert list(stored) == self.log
        assert [message.id for message in stored] == list(range(1, record.last_message_id + 1))
        assert times == sorted(times)
        assert [command.id for command in self.runner.run(self.store.inbox("s-1"))] == self.inbox


@pytest.mark.parametrize("record_name", sorted(RECORDS))
def test_any_sequence_of_changes(record_name: str) -> None:
    machine = type("Machine", (StoreMachine,), {"record_name": record_name})
    limits = settings(
        max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(machine, settings=limits)
