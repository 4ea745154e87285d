"""Shows on standard error what a session does while it does it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from outrider.cli.output import printable
from outrider.client import Event

__all__ = ["View", "open_view", "step_line"]

_LABELS: Final = {
    "user": "task",
    "thought": "think",
    "step": "step",
    "question": "asks",
    "done": "done",
    "error": "failed",
    "log": "note",
    "paused": "paused",
    "resumed": "goes on",
}
_STYLES: Final = {"thought": "dim", "question": "bold yellow", "done": "bold green", "error": "bold red"}
_LONGEST_LINE: Final = 300


def step_line(event: Event, seconds: float) -> str:
    """One line about an event: seconds since the start, what kind it is, its text."""
    text = printable(" ".join(str(event.data.get("text", "")).split()))
    shown = text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1]}…"
    return f"{seconds:6.1f} s  {_LABELS.get(event.event, event.event):<7} {shown}"


class View(Protocol):
    """Where progress is shown."""

    def say(self, line: str) -> None:
        """Show a line that is no event."""
        ...

    def show(self, event: Event) -> None:
        """Show an event."""
        ...

    @contextmanager
    def prompt(self) -> Iterator[None]:
        """Leave the terminal to a question."""
        ...


@contextmanager
def open_view() -> Iterator[View]:
    """A moving view on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    view = _Terminal()
    with view.progress:
        yield view


class _Lines:
    def __init__(self) -> None:
        self._started = time.monotonic()

    def say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    def show(self, event: Event) -> None:
        self.say(step_line(event, time.monotonic() - self._started))

    @contextmanager
    def prompt(self) -> Iterator[None]:
        yield


class _Terminal:
    """Lines that stay, and below them one that moves: spinner, time, number of the step, what it is about."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self.progress = Progress(
            SpinnerColumn(),
            TimeElapsedColumn(),
            TextColumn("step {task.completed:.0f}"),
            TextColumn("{task.description}"),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._task = self.progress.add_task("starting", total=None)

    def say(self, line: str) -> None:
        self.progress.console.print(escape(line))

    def show(self, event: Event) -> None:
        line = escape(step_line(event, time.monotonic() - self._started))
        style = _STYLES.get(event.event, "")
        self.progress.console.print(f"[{style}]{line}[/]" if style else line, overflow="ellipsis", no_wrap=True)
        description: dict[str, Any] = {}
        if event.event == "thought":
            description["description"] = escape(printable(str(event.data.get("text", ""))[:60]))
        self.progress.update(self._task, advance=1 if event.event == "step" else 0, **description)

    @contextmanager
    def prompt(self) -> Iterator[None]:
        self.progress.stop()
        try:
            yield
        finally:
            self.progress.start()
