"""``outrider run``: one task in a real browser, from the terminal."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import orjson
import typer

from outrider.cli.connect import Target, connect
from outrider.cli.exits import Exit, exit_for
from outrider.cli.help import FLAG
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import as_json_text, printable
from outrider.cli.progress import open_view
from outrider.cli.task import Job, Outcome, carry_out
from outrider.problems import OutriderError

__all__ = ["Agent", "MaxSteps", "Screenshot", "Timeout", "do", "print_outcome", "run", "writable"]

#: Of a line from a terminal, in every encoding; longer ones come in parts.
_LONGEST_ANSWER_BYTES: Final = 65_536

OutputSchema = Annotated[Path | None, typer.Option(metavar="FILE", help="JSON Schema that the answer has to fit.")]
Screenshot = Annotated[Path | None, typer.Option(metavar="FILE", help="Save the page as it is at the end, as JPEG.")]
Timeout = Annotated[float | None, typer.Option(min=0.1, metavar="SECONDS", help="Give up after so long.")]
Agent = Annotated[str | None, typer.Option(metavar="NAME", help="Agent that does it. [default: agi-0]")]
MaxSteps = Annotated[
    int | None, typer.Option(min=1, metavar="COUNT", help="Steps that the task may take. [default: 100]")
]
MaxCost = Annotated[
    float | None,
    typer.Option(min=0.0001, metavar="DOLLARS", help="End the task when its language models have cost so much."),
]


def run(
    task: Annotated[str, typer.Argument(metavar="TASK", help="What is to be done, in plain imperative sentences.")],
    start_url: Annotated[str | None, typer.Option(metavar="URL", help="Page to open first.")] = None,
    output_schema: OutputSchema = None,
    as_json: AsJson = False,
    keep: Annotated[bool, typer.Option("--keep", metavar=FLAG, help="Don't end the session afterwards.")] = False,
    screenshot: Screenshot = None,
    timeout: Timeout = None,
    agent: Agent = None,
    max_steps: MaxSteps = None,
    max_cost: MaxCost = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Do a task in a real browser. Shows every step, and prints the answer.

    Steps go to standard error, the answer to standard output. Exit code 0: done; 1: the task failed; 2: wrong usage or
    configuration; 3: no server answers; 4: the agent has a question and nobody is there to ask; 130: interrupted.
    Ctrl-C cancels the task and closes the browser.

    ```sh
    outrider run "Reply with 'OK'"
    outrider run "Search for 'clock', open the cheapest match and report it" \\
        --start-url http://127.0.0.1:8300/ --screenshot clock.jpg
    outrider run "Open the first product and report its name and price" \\
        --start-url http://127.0.0.1:8300/ --output-schema product.json --json
    ```

    The shop at that address is the one that “scripts/run” opens.
    """
    if not task.strip():
        raise typer.BadParameter("say what is to be done", param_hint="task")

    def job() -> Job:
        return Job(
            task=task,
            start_url=start_url,
            output_schema=None if output_schema is None else _read_schema(output_schema),
            agent=agent,
            max_steps=max_steps,
            max_cost=max_cost,
            timeout_seconds=timeout,
            keep=keep,
            screenshot=None if screenshot is None else writable(screenshot),
        )

    do(Target(server, key, data_dir, config), job, as_json=as_json)


def do(target: Target, job: Callable[[], Job], *, as_json: bool) -> NoReturn:
    """Do the job, print what came of it, and exit as that says."""
    outcome = _attempt(target, job, may_ask=not as_json)
    print_outcome(outcome, as_json=as_json)
    raise typer.Exit(outcome.exit)


def _attempt(target: Target, job: Callable[[], Job], *, may_ask: bool) -> Outcome:
    """The outcome, also of what fails before there is a session."""
    try:
        return asyncio.run(_run(target, job(), may_ask=may_ask))
    except OutriderError as problem:
        return Outcome(None, "error", error=problem, exit=exit_for(problem))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("interrupted: the task was cancelled", file=sys.stderr)
        raise typer.Exit(Exit.INTERRUPTED) from None


async def _run(target: Target, job: Job, *, may_ask: bool) -> Outcome:
    """The outcome of the job on the target's server. SIGTERM cancels it as Ctrl-C does."""
    this = asyncio.current_task()
    if this is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    async with AsyncExitStack() as stack:
        view = stack.enter_context(open_view())
        client = await stack.enter_async_context(connect(target, lasting=job.keep, start_url=job.start_url or ""))
        return await carry_out(client, job, view, _ask if may_ask else _nobody)


async def _ask(question: str) -> str | None:
    """A line from the terminal; None when there is none."""
    if not (os.isatty(0) and os.isatty(2)):
        return None
    print(f"\n{printable(question)}\n> ", end="", file=sys.stderr, flush=True)
    # A thread that waits for input could not be interrupted.
    typed = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin)
    # A line, and not more: what was typed ahead stays with the terminal for the next question.
    return os.read(0, _LONGEST_ANSWER_BYTES).decode(errors="replace").strip() or None


async def _nobody(question: str) -> None:
    del question


def print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """The answer on standard output, what is in its way on standard error."""
    if as_json:
        print(as_json_text(outcome.as_json()))
    elif outcome.status == "finished":
        print(printable(outcome.text), flush=True)
        if outcome.missing:
            print(f"missing: {printable('; '.join(outcome.missing))}", file=sys.stderr)
        if outcome.usage:
            print(_used(outcome.usage), file=sys.stderr)
    elif outcome.error is not None:
        print(printable(outcome.error.as_cli()), file=sys.stderr)
    else:
        asked = printable(outcome.question or "")
        print(f"The agent asks: {asked}\nAnswer it in a terminal, or with --keep over the API.", file=sys.stderr)


def _used(usage: Mapping[str, Any]) -> str:
    cost = usage.get("cost_usd")
    price = "of unknown cost" if cost is None else f"for {cost:.4f} US dollars"
    tokens = f"{usage['input_tokens']:,} tokens read and {usage['output_tokens']:,} written"
    return f"Language models: {usage['requests']} requests, {tokens}, {price}"


def _read_schema(file: Path) -> dict[str, Any]:
    """The schema in a file; whether it is a valid one is the server's to say. Raises FILE_UNREADABLE."""
    try:
        schema = orjson.loads(file.read_bytes())
    except OSError as error:
        raise OutriderError("FILE_UNREADABLE", path=str(file), reason=error.strerror or "it can't be read") from error
    except ValueError as error:
        raise OutriderError("FILE_UNREADABLE", path=str(file), reason=f"it is not JSON ({error})") from error
    if not isinstance(schema, dict):
        raise OutriderError("FILE_UNREADABLE", path=str(file), reason="a JSON Schema is a JSON object")
    return schema


def writable(file: Path) -> Path:
    """The file, once its folder is known to be there: better now than after the task. Raises FILE_UNREADABLE."""
    if not file.absolute().parent.is_dir() or file.is_dir():
        raise OutriderError("FILE_UNREADABLE", path=str(file), reason="its folder does not exist, or it is one")
    return file
