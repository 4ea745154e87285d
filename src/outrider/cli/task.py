"""Carries out one task in a session of its own: send, follow, answer questions, read the result, tidy up."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from outrider.cli.exits import Exit, exit_for
from outrider.cli.progress import View
from outrider.client import Event, OutriderClient
from outrider.client.errors import error_of_report
from outrider.problems import OutriderError

__all__ = ["Job", "Outcome", "carry_out"]

#: Time to end the session, also after Ctrl-C.
TIDY_SECONDS = 5.0

#: Why a session is left that could be ended by somebody else: worth telling, unlike that it is gone.
_REFUSALS: Final = frozenset({"SCOPE_MISSING", "RATE_LIMITED", "THROTTLE_IGNORED", "MAINTENANCE", "OVERLOADED"})

#: Asks the user; None when nobody can be asked.
Ask = Callable[[str], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A task as the command line was given it."""

    task: str = ""
    #: A script in YAML that is done instead, with values of its variables.
    script: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    ask_model: bool = True
    start_url: str | None = None
    output_schema: Mapping[str, Any] | None = None
    agent: str | None = None
    max_steps: int | None = None
    #: US dollars.
    max_cost: float | None = None
    timeout_seconds: float | None = None
    keep: bool = False
    screenshot: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task ended. ``status`` is finished, error or waiting_for_input."""

    session_id: str | None
    status: str
    result: str | dict[str, Any] | list[Any] | None = None
    metadata: Mapping[str, Any] | None = None
    question: str | None = None
    error: OutriderError | None = None
    exit: Exit = Exit.DONE

    @property
    def text(self) -> str:
        """The answer for people: text as it is, JSON indented."""
        return self.result if isinstance(self.result, str) else json.dumps(self.result, indent=2, ensure_ascii=False)

    @property
    def missing(self) -> list[str]:
        """What the task asked for and the answer does not have."""
        return list((self.metadata or {}).get("missing", ()))

    @property
    def usage(self) -> Mapping[str, Any] | None:
        """What language models took, where one was asked."""
        return (self.metadata or {}).get("usage")

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        metadata = self.metadata or {}
        return {
            "session_id": self.session_id,
            "status": self.status,
            "result": self.result,
            "evidence": metadata.get("evidence", []),
            "missing": self.missing,
            "steps": metadata.get("steps"),
            "seconds": metadata.get("seconds"),
            "usage": self.usage,
            "question": self.question,
            "error": self.error.as_envelope(getattr(self.error, "request_id", ""))["error"] if self.error else None,
        }


async def carry_out(client: OutriderClient, job: Job, view: View, ask: Ask) -> Outcome:
    """Do the job in a new session, which is ended afterwards unless it is to be kept.

    Raises OutriderError when there could be no session; what fails after that is the outcome.
    Cancelling ends the task and the session before it returns.
    """
    session_id = await _new_session(client, job)
    view.say(f"Session {session_id} at {client.base_url}")
    completed = False
    try:
        async with asyncio.timeout(job.timeout_seconds):
            outcome = await _follow(client, session_id, job, view, ask)
        completed = True
        if job.screenshot is not None:
            outcome = await _with_screenshot(client, outcome, job.screenshot, view)
    except TimeoutError:
        problem = OutriderError("TASK_TIMEOUT", seconds=job.timeout_seconds)
        outcome = Outcome(session_id, "error", error=problem, exit=Exit.FAILED)
    except OutriderError as problem:
        outcome = Outcome(session_id, "error", error=problem, exit=exit_for(problem))
    finally:
        await _tidy(client, session_id, view, keep=job.keep, completed=completed)
    return outcome


async def _new_session(client: OutriderClient, job: Job) -> str:
    """The id of a session. One that comes into being when nobody wants it any more is ended."""
    creating = asyncio.ensure_future(client.create_session(agent_name=job.agent, max_steps=job.max_steps))
    try:
        return str((await asyncio.shield(creating))["session_id"])
    except asyncio.CancelledError:
        with suppress(OutriderError, TimeoutError):
            async with asyncio.timeout(TIDY_SECONDS):
                await client.delete_session((await creating)["session_id"])
        raise


async def _follow(client: OutriderClient, session_id: str, job: Job, view: View, ask: Ask) -> Outcome:
    """Send the task and show its events until it ends or has a question that nobody answers."""
    await _send(client, session_id, job)
    async with aclosing(client.stream_events(session_id)) as events:
        async for event in events:
            view.show(event)
            if event.event == "question":
                question = str(event.data["text"])
                with view.prompt():
                    answer = await ask(question)
                if answer is None:
                    return Outcome(session_id, "waiting_for_input", question=question, exit=Exit.NEEDS_ANSWER)
                await client.send_message(session_id, answer)
            elif event.event == "error":
                problem = error_of_report(event.data, str(event.data.get("error", "")), client.base_url)
                return Outcome(session_id, "error", error=problem, exit=Exit.FAILED)
            elif event.event == "done":
                return await _finished(client, session_id, event)
    raise OutriderError("STREAM_LAGGED", reason="It ended without an answer.")


async def _send(client: OutriderClient, session_id: str, job: Job) -> None:
    if job.script is None:
        limits = None if job.max_cost is None else {"max_cost": job.max_cost}
        await client.send_message(
            session_id, job.task, start_url=job.start_url, output_schema=job.output_schema, config_updates=limits
        )
    else:
        await client.replay(session_id, job.script, variables=job.variables, ask_model=job.ask_model)


async def _finished(client: OutriderClient, session_id: str, event: Event) -> Outcome:
    """The answer as the log has it: the event wraps whatever is no object."""
    message = (await client.get_messages(session_id, after_id=event.id - 1, limit=1))[0]
    return Outcome(session_id, "finished", message["content"], message["metadata"])


async def _with_screenshot(client: OutriderClient, outcome: Outcome, file: Path, view: View) -> Outcome:
    """Save the page as it is at the end; a failure changes the exit code, but never costs the answer."""
    try:
        picture = (await client.screenshot(str(outcome.session_id)))["screenshot"]
        await asyncio.to_thread(file.write_bytes, base64.b64decode(picture.partition(",")[2]))
    except OSError as error:
        problem = OutriderError("FILE_UNREADABLE", path=str(file), reason=error.strerror or "it can't be written")
    except OutriderError as error:
        problem = error
    else:
        view.say(f"Screenshot: {file}")
        return outcome
    view.say(problem.as_cli())
    return outcome if outcome.exit else replace(outcome, exit=exit_for(problem))


async def _tidy(client: OutriderClient, session_id: str, view: View, *, keep: bool, completed: bool) -> None:
    """End what should not go on; when the server can't be told any more, there is nothing left to end."""
    with suppress(TimeoutError):
        try:
            async with asyncio.timeout(TIDY_SECONDS):
                if not keep:
                    await client.delete_session(session_id)
                elif not completed:
                    await client.cancel(session_id)
        except OutriderError as problem:
            if problem.code in _REFUSALS:
                view.say(
                    f"The session was not ended: {problem.message} [{problem.code}] It ends when it has been idle."
                )
