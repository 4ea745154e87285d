"""The owner of a session: holds its lease and its browser, and turns inbox commands into tasks.

One owner per session. A task runs beside the inbox, so that pause, cancel and delete reach it at any time; when a
task does not stop within ``STOP_SECONDS`` its browser is ended under it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from outrider.agents.custody import Custody, append_if_held
from outrider.agents.evidence import Witness
from outrider.agents.files import FileExchange
from outrider.agents.loop import Budget, TaskLoop
from outrider.agents.record import Recorder
from outrider.agents.replay.replay import Replay
from outrider.agents.secrets import Secrets
from outrider.agents.steering import Steering, UserText
from outrider.agents.vault_page import VaultPage
from outrider.config import Settings
from outrider.environments.environments import Environments
from outrider.files.store import FileStore
from outrider.interfaces.models import Model, Task
from outrider.interfaces.pages import Browser, Page
from outrider.interfaces.sessions import (
    Call,
    Change,
    Command,
    Engine,
    Entry,
    Lease,
    MessageType,
    SessionFencedError,
    State,
)
from outrider.interfaces.usage import Meter
from outrider.interfaces.vault import Vault
from outrider.problems import OutriderError
from outrider.screening.content import Screener, TaskScreen
from outrider.sessions.lifecycle import ENDED
from outrider.sessions.replays import ReplayOrder
from outrider.sessions.task_limits import TaskLimits
from outrider.telemetry import bound, get_logger, report_failure

__all__ = ["SessionOwner", "run_worker"]

#: Time that a cancelled task has to let go of its page.
STOP_SECONDS: Final = 1.0

#: Problems that end a task in the middle of an action.
_CUT_OFF: Final = frozenset({"STEP_TIMEOUT", "TASK_TIMEOUT"})

log = get_logger(__name__)


async def run_worker(
    engine: Engine,
    environments: Environments,
    models: Mapping[str, Model],
    vault: Vault,
    screener: Screener,
    settings: Settings,
) -> None:
    """Own sessions as the engine hands them out, until it stops."""
    async with asyncio.TaskGroup() as group:
        async for lease in engine.leases(settings.max_sessions):
            owner = SessionOwner(lease, environments, models, vault, screener, settings)
            group.create_task(owner.run(), name=f"session {lease.session.id}")


class SessionOwner:
    """Runs one session for as long as the lease lasts."""

    def __init__(
        self,
        lease: Lease,
        environments: Environments,
        models: Mapping[str, Model],
        vault: Vault,
        screener: Screener,
        settings: Settings,
    ) -> None:
        self._lease = lease
        self._models = models
        self._vault = vault
        self._screener = screener
        self._settings = settings
        self._files = FileExchange(lease.session.id, FileStore.of(settings))
        self._custody = Custody(lease, environments, self._files, self._spawn)
        self._steering = Steering()
        self._secrets = Secrets()
        self._task: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._children: set[asyncio.Task[None]] = set()
        #: Names of the calls under way.
        self._calls: list[str] = []
        self._commands: dict[str, Callable[[Command], Awaitable[None]]] = {
            "message": self._on_message,
            "pause": self._on_pause,
            "resume": self._on_resume,
            "cancel": self._on_cancel,
        }

    async def run(self) -> None:
        """Serve the session; never raises but for cancellation."""
        with bound(session_id=self._lease.session.id):
            try:
                self._lease.equipped = self._lease.session.state is State.INITIALIZING
                if self._lease.equipped:
                    self._spawn(self._start())
                await self._serve()
            except SessionFencedError:
                log.info("lease lost")
            except Exception:
                log.exception("session owner failed")
            finally:
                await self._stop_task()
                await self._cancel_children()
                await self._custody.close()
                if self._lease.session.state in ENDED:
                    await self._files.end()
                await self._lease.release()

    async def _serve(self) -> None:
        """Handle inbox items until the session ends or the lease is to be given up."""
        async for item in self._lease.inbox():
            if not isinstance(item, Command):
                self._spawn(self._answer(item))
                continue
            handle = self._commands.get(item.kind)
            if handle is None:  # delete, expire: the session is over
                return
            await handle(item)
            # Consumed after it was handed over, so that a task can't end between the two without having read it.
            await self._lease.append(Change(consumes=(item.id,)))
            self._steering.inbox_read()

    # --- commands

    async def _on_message(self, command: Command) -> None:
        wanted = command.body.get("screening") or {}
        text = UserText(command.body["text"], command.body.get("start_url") or "", wanted)
        self._secrets.learn(text.text)
        if not command.body["starts_task"]:
            self._steering.say(text)
            return
        await self._stop_task()
        self._steering = Steering()
        limits = TaskLimits.of_json(command.body.get("limits"))
        max_cost = limits.cost_within(self._settings.max_cost)
        task = Task(
            id=command.body["message_id"],
            text=text.text,
            start_url=text.start_url,
            output_schema=command.body.get("output_schema"),
            context=command.body.get("context") or "",
            meter=Meter(None if max_cost is None else Decimal(str(max_cost))),
        )
        screen = self._screen(task, wanted)
        self._task = self._spawn(self._run_task(task, command.body, self._budget(limits), screen))

    async def _on_pause(self, command: Command) -> None:
        del command
        self._steering.pause()

    async def _on_resume(self, command: Command) -> None:
        del command
        self._steering.resume()

    async def _on_cancel(self, command: Command) -> None:
        del command
        await self._stop_task()
        await self._drop_if_stuck()

    # --- the task

    def _budget(self, limits: TaskLimits) -> Budget:
        settings = self._settings
        steps, seconds = limits.applied_to(self._lease.session.spec.max_steps, settings.task_timeout_seconds)
        return Budget(steps, seconds, settings.step_timeout_seconds)

    async def _model(self, body: Mapping[str, Any]) -> Model:
        """What decides: the session's model, or a script with that model for what it does not find."""
        name = self._lease.session.spec.model
        own = self._models.get(name)
        if own is None:  # it was there when the session was made
            raise OutriderError("AGENT_UNKNOWN", agent_name=name, known=", ".join(sorted(self._models)))
        if (replay := await ReplayOrder.of_body(body)) is None:
            return own
        for name, value in replay.secrets.items():
            self._secrets.put(value, name)
        return Replay(replay.script, replay.values, own if replay.ask_model else None)

    def _screen(self, task: Task, wanted: Mapping[str, Any]) -> TaskScreen:
        spec = self._lease.session.spec
        changes = spec.screening or {}, wanted
        return self._screener.for_task(spec.organisation_id, spec.id, task.id, changes, self._secrets.mask)

    def _witness(self, task: Task, page: Page) -> Witness:
        """Pictures are taken for answers that a program reads."""
        return Witness(page, task.id, self._files.keep_picture if task.output_schema is not None else None)

    async def _run_task(self, task: Task, body: Mapping[str, Any], budget: Budget, screen: TaskScreen) -> None:
        """Carry out a task to one of its ends; the outermost edge of everything that happens in it."""
        recorder = Recorder(self._lease, task, self._secrets)
        try:
            try:
                model = await self._model(body)
                browser = await self._custody.browser()
                spec = self._lease.session.spec
                page = VaultPage(browser.page, self._vault.of_session(spec.organisation_id, spec.id), self._secrets)
                task = replace(task, logins=tuple(await self._vault.logins(spec.organisation_id)))
                witness = self._witness(task, browser.page)
                await TaskLoop(task, page, model, budget, recorder, self._steering, screen, witness).run()
            except OutriderError as problem:
                if problem.code in _CUT_OFF:
                    await self._drop_if_stuck()
                await recorder.failed(problem)
            except SessionFencedError:
                raise
            except Exception:
                log.exception("task failed with an internal error", task_id=task.id)
                await recorder.failed(OutriderError("INTERNAL_ERROR"))
        except SessionFencedError:
            log.info("task was ended meanwhile", task_id=task.id)

    async def _stop_task(self) -> None:
        """Stop the running task; a page that does not let go loses its browser."""
        task = self._task
        if task is None or task.done():
            return
        if task is not self._stopping:  # else somebody else waits for its end already, and it is cleaning up
            self._stopping = task
            task.cancel()
        done, _ = await asyncio.wait({task}, timeout=STOP_SECONDS)
        if not done:
            log.warning("task did not stop, ending its browser")
            await self._custody.end()

    async def _drop_if_stuck(self) -> None:
        """Until the document of a client's navigation has come, its page answers nothing; that has its own deadline."""
        if "navigate" not in self._calls:
            await self._custody.drop_if_stuck()

    # --- calls: navigate, screenshot

    async def _answer(self, call: Call) -> None:
        self._calls.append(call.name)
        try:
            if call.name == "files":
                await self._custody.exchange_files()
                call.answer(None)
                return
            if call.name == "save":
                await self._stop_task()
                call.answer(await self._custody.save(**call.arguments))
                return
            browser = await self._custody.browser()
            call.answer(self._secrets.hide(await _CALLS[call.name](browser, call.arguments)))
        except OutriderError as problem:
            call.fail(self._secrets.hide(problem))
        except Exception:
            log.exception("call failed with an internal error", call=call.name)
            call.fail(OutriderError("INTERNAL_ERROR"))
        finally:
            self._calls.remove(call.name)

    # --- its start

    async def _start(self) -> None:
        """Make a new session ready, or say why it can't be."""
        try:
            await self._custody.browser()
            await self._lease.append(Change(event="started"))
        except OutriderError as problem:
            await self._break(problem)
        except SessionFencedError:
            log.info("session was ended before it was ready")
        except Exception:
            log.exception("session could not start for an internal error")
            await self._break(OutriderError("INTERNAL_ERROR"))

    async def _break(self, problem: OutriderError) -> None:
        content, metadata = problem.as_message(f"session {self._lease.session.id}")
        entry = Entry(MessageType.ERROR, content, metadata)
        await append_if_held(self._lease, Change(event="broke", entries=(entry,)))

    # --- children

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        child = asyncio.create_task(work)
        self._children.add(child)
        child.add_done_callback(self._children.discard)
        child.add_done_callback(report_failure)
        return child

    async def _cancel_children(self) -> None:
        children = tuple(self._children)
        for child in children:
            child.cancel()
        await asyncio.gather(*children, return_exceptions=True)


async def _navigate(browser: Browser, arguments: Mapping[str, Any]) -> dict[str, str]:
    effect = await browser.page.open(arguments["url"])
    return {"current_url": effect.url}


async def _screenshot(browser: Browser, arguments: Mapping[str, Any]) -> Any:
    del arguments
    return await browser.page.screenshot()


async def _inspect(browser: Browser, arguments: Mapping[str, Any]) -> Any:
    del arguments
    return browser.inspection


_CALLS: Final[Mapping[str, Callable[[Browser, Mapping[str, Any]], Awaitable[Any]]]] = {
    "navigate": _navigate,
    "screenshot": _screenshot,
    "inspect": _inspect,
}
