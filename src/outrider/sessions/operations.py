"""What can be done to sessions, whatever the surface: the rules between a request and the engine.

Every operation takes the principal and answers SESSION_NOT_FOUND for a session of another organisation, as for one
that does not exist or was deleted, and SESSION_EXPIRED for one that has expired.
"""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final

from outrider.config import Settings
from outrider.environments.environments import SAVE_SECONDS
from outrider.environments.external import ExternalBrowsers
from outrider.environments.selection import choose
from outrider.interfaces.environments import SnapshotMode, SnapshotStore
from outrider.interfaces.identities import Principal
from outrider.interfaces.pages import Screenshot
from outrider.interfaces.sessions import (
    Change,
    Engine,
    Entry,
    Message,
    MessageType,
    SessionRecord,
    SessionStore,
    State,
)
from outrider.limits.plans import Plans
from outrider.limits.prices import Prices
from outrider.limits.quotas import SessionQuota
from outrider.problems import OutriderError, ReportedError
from outrider.protocol.urls import check_url
from outrider.redaction import mask_text
from outrider.screening.content import Policy, Screener
from outrider.sessions.creation import Agents, NewSession
from outrider.sessions.expiry import Expiry
from outrider.sessions.lifecycle import ENDED, RESTING, TAKES_TASK
from outrider.sessions.output_schema import check_output_schema
from outrider.sessions.task_limits import TaskLimits
from outrider.sessions.view import View

__all__ = ["SessionOperations"]

#: What a call may take beyond the page's own deadline: the session may have to get a browser first.
_CALL_MARGIN_SECONDS: Final = 10.0
_PAGE_OF_MESSAGES: Final = 1000
#: Ids of sessions are shorter.
_ID_CHARACTERS: Final = 100
_TASK_ENDS: Final = frozenset({MessageType.DONE, MessageType.ERROR})


@dataclass(frozen=True, slots=True)
class _Steer:
    """A command that holds, continues or ends the task: what it writes, and what is said when it does not fit.

    Clients look for “already_paused” and “not_paused” in what is said.
    """

    event: str
    done: str
    entry: Entry
    refused: str
    #: What is said instead in some states.
    refused_when: Mapping[State, str] = field(default_factory=dict)


def _log(event: str, text: str) -> Entry:
    return Entry(MessageType.LOG, text, {"event": event})


_PAUSE: Final = _Steer(
    "pause",
    "Session paused successfully",
    _log("paused", "The task was paused."),
    "There is nothing to pause: no task is running (already_paused)",
    {
        State.PAUSED: "The session is paused already (already_paused)",
        State.WAITING: "There is nothing to pause: the task waits for an answer (already_paused)",
    },
)
_RESUME: Final = _Steer(
    "resume",
    "Session resumed successfully",
    _log("resumed", "The task goes on."),
    "There is nothing to resume: the session is not paused (not_paused)",
)
_CANCEL: Final = _Steer(
    "cancel",
    "Session cancelled successfully",
    Entry(MessageType.ERROR, *OutriderError("TASK_CANCELLED").as_message()),
    "There is nothing to cancel: no task is running",
)


class SessionOperations:
    """The operations of the sessions API. Stateless; one instance serves all requests."""

    def __init__(
        self,
        engine: Engine,
        store: SessionStore,
        snapshots: SnapshotStore,
        expiry: Expiry,
        models: Collection[str],
        settings: Settings,
        screener: Screener,
        external: ExternalBrowsers | None = None,
        check_webhook_url: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """``check_webhook_url`` raises WEBHOOK_URL_REFUSED; without it every URL is taken."""
        self._check_webhook_url = check_webhook_url
        self._engine = engine
        self._external = external
        self._store = store
        self._snapshots = snapshots
        self._expiry = expiry
        self._settings = settings
        self._screener = screener
        self._quota = SessionQuota(store, Plans(settings))
        self.prices = Prices(settings)
        self.agents = Agents(models, settings.model_aliases)

    # --- the life of a session

    async def create(self, principal: Principal, wanted: NewSession) -> SessionRecord:
        """A new session that is ready for its first message; ``restored`` says what became of a restore.

        Raises AGENT_UNKNOWN, AGENT_NOT_ALLOWED, CDP_URL_INVALID, NOT_SUPPORTED, EXTERNAL_BROWSER_UNFIT,
        WEBHOOK_URL_REFUSED, REQUEST_BLOCKED, SNAPSHOT_NOT_FOUND, SNAPSHOT_UNREADABLE, what ``Engine.create`` and
        ``SessionQuota`` do, SESSION_START_TIMEOUT, SESSION_NOT_FOUND when it was deleted meanwhile, or what kept the
        browser from starting.
        A session that could not be started is deleted, so that the request can be sent again.
        """
        source = await choose(self._snapshots, principal, wanted.wish)
        spec = wanted.spec(
            principal.organisation_id, self.agents.of(principal), source, max_steps=self._settings.max_steps
        )
        if spec.webhook_url is not None and self._check_webhook_url is not None:
            await self._check_webhook_url(spec.webhook_url)
        await self._screener.admit(principal.organisation_id, spec.id, wanted.goal)
        if spec.cdp_url is not None:
            spec = dataclasses.replace(spec, cdp_url=self._sealed_address(spec.id, spec.cdp_url))
        # First, so that no session is left that nobody looks at.
        await self._expiry.watch(spec.id, principal.organisation_id)
        async with self._quota.admitted(principal):
            await self._engine.create(spec)
        seconds = self._settings.session_start_timeout_seconds
        try:
            record = await self._engine.wait_state(spec.id, leave=frozenset({State.INITIALIZING}), timeout=seconds)
        except asyncio.CancelledError:  # the request has run out of time: nobody would know of the session
            await self.delete(principal, spec.id)
            raise
        if record.state in (State.INITIALIZING, State.BROKEN):
            problem = await self._start_problem(record)
            await self.delete(principal, spec.id)
            raise problem
        if record.state in ENDED:  # deleted while it started
            raise OutriderError("SESSION_NOT_FOUND", session_id=spec.id)
        return record

    async def restored(self, record: SessionRecord) -> Mapping[str, Any] | None:
        """The report on the restore that a new session asked for; None when it asked for none.

        Its fields are those of ``interfaces.environments.RestoreReport``.
        """
        if record.spec.restore is None:
            return None
        log = await self._store.messages(record.id)
        return next((message.metadata["restore"] for message in log if "restore" in message.metadata), None)

    async def all(self, principal: Principal) -> tuple[SessionRecord, ...]:
        """The organisation's sessions that are neither expired nor deleted, oldest first."""
        return await self._store.of_organisation(principal.organisation_id)

    async def get(self, principal: Principal, session_id: str) -> SessionRecord:
        """The session as it is now."""
        if len(session_id) > _ID_CHARACTERS:  # an error repeats it
            raise OutriderError("SESSION_NOT_FOUND", session_id=f"{session_id[:_ID_CHARACTERS]}…")
        record = await self._store.get(session_id)
        if record.spec.organisation_id != principal.organisation_id or record.state is State.DELETED:
            raise OutriderError("SESSION_NOT_FOUND", session_id=session_id)
        if record.state is State.EXPIRED:
            idle = round(principal.limits.idle_timeout_seconds or self._settings.idle_timeout_seconds)
            raise OutriderError("SESSION_EXPIRED", session_id=session_id, idle_timeout_seconds=idle)
        return record

    async def delete(
        self,
        principal: Principal,
        session_id: str,
        *,
        snapshot_mode: SnapshotMode | None = None,
        save_as_default: bool = False,
    ) -> bool:
        """End the session for good, at once or when its environment is saved; False when there is none.

        Raises SNAPSHOT_MODE_MISSING for a default that is not saved. When saving fails the session is not deleted:
        raises SNAPSHOT_TOO_LARGE, SNAPSHOT_FAILED, BROWSER_CRASHED, STORAGE_FAILED or, for a browser that the caller
        runs, EXTERNAL_BROWSER_UNFIT.
        """
        if save_as_default and snapshot_mode is None:
            raise OutriderError("SNAPSHOT_MODE_MISSING")
        try:
            record = await self.get(principal, session_id)
            if snapshot_mode is not None:
                await self._save(principal, record, snapshot_mode, save_as_default)
            await self._engine.send(session_id, Change(event="delete", command=("delete", {})))
        except OutriderError as problem:
            if problem.code not in ("SESSION_NOT_FOUND", "SESSION_EXPIRED", "INVALID_STATE"):
                raise
            return False
        return True

    async def delete_all(self, principal: Principal) -> int:
        """Delete every session of the organisation; returns how many."""
        return sum([await self.delete(principal, record.id) for record in await self.all(principal)])

    # --- its task

    async def send_message(
        self,
        principal: Principal,
        session_id: str,
        text: str,
        *,
        start_url: str | None = None,
        output_schema: Mapping[str, Any] | None = None,
        config_updates: Mapping[str, Any] | None = None,
        context: str | None = None,
        replay: Mapping[str, Any] | None = None,
    ) -> Message:
        """Start a task, answer a question, or add to the running task; the session is running when this returns.

        While the session is paused the message is kept for when it goes on. ``config_updates`` may tighten the limits
        of a new task, see ``TaskLimits``, and its screening, see ``Policy``; ``context`` is kept with the message.
        ``replay`` has a script do the task, see ``sessions.replays``: INVALID_STATE, unless it starts one.
        Raises AGENT_UNKNOWN and AGENT_NOT_ALLOWED when the principal may not use the session's agent (any more),
        INVALID_URL, OUTPUT_SCHEMA_INVALID, SCREENING_INVALID, REQUEST_BLOCKED for a task that screening does not let
        in, what ``Engine.send`` does when the session has no browser and there is no room for one, and last
        INSUFFICIENT_CREDITS for a task that costs more than there is.
        """
        record = await self.get(principal, session_id)
        self.agents.check(principal, record.spec.agent_name, record.spec.model)
        if record.state in TAKES_TASK:  # later words are screened by the task that they are for
            await self._screener.admit(principal.organisation_id, session_id, text, context)
        if output_schema is not None:
            check_output_schema(output_schema)
        url = check_url(start_url) if start_url else ""
        limits = TaskLimits.of(config_updates)
        body = {"text": text, "start_url": url, "output_schema": output_schema, "context": context}
        body |= {"limits": limits.as_json(), "screening": Policy.check(config_updates or {})}
        body |= {"replay": replay} if replay else {}
        metadata: dict[str, Any] = {"context": mask_text(context)} if context else {}
        metadata |= {"output_schema": output_schema} if output_schema is not None else {}
        metadata |= {"replay": True} if replay else {}
        entry = Entry(MessageType.USER, mask_text(text), metadata)
        price = self.prices.of(record.spec.agent_name, record.spec.model, limits.steps_within(record.spec.max_steps))
        change = Change("message", (entry,), ("message", body), new_task=replay is not None, price=price)
        try:
            _, (message,) = await self._engine.send(session_id, change)
        except OutriderError as problem:
            await self._recheck(principal, session_id, problem)
            raise
        return message

    async def pause(self, principal: Principal, session_id: str) -> str:
        """Hold the running task before its next step; returns what was done, in words."""
        return await self._steer(principal, session_id, _PAUSE)

    async def resume(self, principal: Principal, session_id: str) -> str:
        """Let a paused task go on; returns what was done, in words."""
        return await self._steer(principal, session_id, _RESUME)

    async def cancel(self, principal: Principal, session_id: str) -> str:
        """End the task; the session takes new messages. Returns what was done, in words."""
        return await self._steer(principal, session_id, _CANCEL)

    # --- its page

    async def navigate(self, principal: Principal, session_id: str, url: str) -> str:
        """Open an address, whatever the task is doing; returns where the browser ended up. Raises INVALID_URL."""
        await self.get(principal, session_id)
        seconds = self._settings.navigation_timeout_seconds + _CALL_MARGIN_SECONDS
        result = await self._engine.call(session_id, "navigate", {"url": check_url(url)}, timeout=seconds)
        return str(result["current_url"])

    async def screenshot(self, principal: Principal, session_id: str) -> Screenshot:
        """The viewport now."""
        await self.get(principal, session_id)
        seconds = 2 * self._settings.action_timeout_seconds + _CALL_MARGIN_SECONDS
        screenshot: Screenshot = await self._engine.call(session_id, "screenshot", {}, timeout=seconds)
        return screenshot

    # --- its log

    async def messages(
        self, principal: Principal, session_id: str, *, after: int, view: View, limit: int | None = None
    ) -> tuple[SessionRecord, tuple[Message, ...]]:
        """Messages with ids above ``after``, all or the first ``limit``, and a row that is no newer than they are.

        So a client that reads “finished” and all messages also gets the message DONE.
        """
        record = await self.get(principal, session_id)
        found: list[Message] = []
        size = min(limit or _PAGE_OF_MESSAGES, _PAGE_OF_MESSAGES)
        while (limit is None or len(found) < limit) and (page := await self._store.messages(session_id, after, size)):
            found += filter(view.shows, page)
            after = page[-1].id
        return record, tuple(found[:limit])

    async def events(
        self, principal: Principal, session_id: str, *, after: int, view: View
    ) -> AsyncGenerator[Message, None]:
        """Messages with ids above ``after``, and then live.

        Ends after DONE or ERROR once no task is under way. The iterator raises SESSION_NOT_FOUND when the session is
        deleted meanwhile, and SERVER_STOPPING after the last message when the server stops.
        """
        await self.get(principal, session_id)
        return self._follow(session_id, after, view)

    async def _follow(self, session_id: str, after: int, view: View) -> AsyncGenerator[Message, None]:
        latest: Message | None = None
        async with aclosing(self._engine.tail(session_id, after)) as tail:
            async for news in tail:
                if isinstance(news, Message):
                    latest = news
                    if view.shows(news):
                        yield news
                elif news is State.DELETED:
                    raise OutriderError("SESSION_NOT_FOUND", session_id=session_id)
                elif news is State.EXPIRED or (news in RESTING and latest and latest.type in _TASK_ENDS):
                    return
        raise OutriderError("SERVER_STOPPING")  # the engine has stopped; else the tail goes on for ever

    # --- parts

    def _sealed_address(self, session_id: str, cdp_url: str) -> str:
        if self._external is None:
            what = "Attaching to a browser elsewhere"
            raise OutriderError("NOT_SUPPORTED", what=what, parameter="agent_session_type")
        return self._external.seal(session_id, cdp_url)

    async def _save(self, principal: Principal, record: SessionRecord, mode: SnapshotMode, is_default: bool) -> None:
        """Have the owner stop the task and save the environment. A session that stays has its task cancelled.

        Raises SESSION_NOT_FOUND when another request deleted it meanwhile: what was asked for last is no failure then.
        """
        if record.spec.cdp_url is not None:
            raise OutriderError("EXTERNAL_BROWSER_UNFIT", what="Saving a snapshot")
        arguments = {"mode": mode, "is_default": is_default}
        try:
            await self._engine.call(record.id, "save", arguments, timeout=SAVE_SECONDS + _CALL_MARGIN_SECONDS)
        except OutriderError:
            await self.get(principal, record.id)
            if record.state not in RESTING:
                await self.cancel(principal, record.id)
            raise

    async def _start_problem(self, record: SessionRecord) -> OutriderError:
        """Why the session did not become ready: what its owner wrote into the log, else that time ran out."""
        errors = [m for m in await self._store.messages(record.id) if m.type is MessageType.ERROR]
        if errors:
            return ReportedError.of_message(str(errors[-1].content), errors[-1].metadata)
        return OutriderError("SESSION_START_TIMEOUT", seconds=self._settings.session_start_timeout_seconds)

    async def _steer(self, principal: Principal, session_id: str, steer: _Steer) -> str:
        await self.get(principal, session_id)
        try:
            await self._engine.send(session_id, Change(steer.event, (steer.entry,), (steer.event, {})))
        except OutriderError as problem:
            record = await self._recheck(principal, session_id, problem)
            return steer.refused_when.get(record.state, steer.refused)
        return steer.done

    async def _recheck(self, principal: Principal, session_id: str, problem: OutriderError) -> SessionRecord:
        """The session after a refused event. Raises what ended it meanwhile, or a problem of another kind."""
        if problem.code != "INVALID_STATE":
            raise problem
        return await self.get(principal, session_id)
