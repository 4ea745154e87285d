"""The sessions API (reference page ``agi-sessions``): what comes in becomes an operation, what comes out a body."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import Field

from outrider.api.conditional import VERSIONED
from outrider.api.dependencies import Absent, Caller, SessionId, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import LAST_ID, AfterId, Within
from outrider.api.rendering import message_body, screenshot_body, session_body
from outrider.interfaces.environments import SnapshotMode
from outrider.protocol.conditional import etag_of
from outrider.protocol.schemas import (
    Acknowledgement,
    CreateSession,
    Deletion,
    Messages,
    Models,
    Navigate,
    Navigated,
    ScreenshotBody,
    SendMessage,
    SessionBody,
    StatusBody,
)
from outrider.sessions.creation import NewSession
from outrider.sessions.lifecycle import EXECUTION_STATUS
from outrider.sessions.view import View

__all__ = ["OF_A_TASK", "MessageId", "router"]

MessageId = Annotated[int, Field(ge=0, le=LAST_ID)]
_PageSize = Annotated[int, Within("limit", 1, 1000)]

_ON_A_SESSION: Final = ("UNAUTHORIZED", "SESSION_NOT_FOUND", "SESSION_EXPIRED")
_WITH_A_BODY: Final = ("MALFORMED_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "UNPROCESSABLE")
#: A session that rests without a browser, as after a restart of the server, needs one again.
_TO_WAKE: Final = ("SESSION_LIMIT_REACHED", "MEMORY_LIMIT_REACHED")
#: What keeps somebody from having a session do a task.
OF_A_TASK: Final = ("AGENT_UNKNOWN", "AGENT_NOT_ALLOWED", "INSUFFICIENT_CREDITS")
_ON_A_PAGE: Final = (*_TO_WAKE, "BROWSER_START_FAILED", "PAGE_CRASHED", "PAGE_UNRESPONSIVE")

_ALL_DEFAULTS: Final = CreateSession()

SaveMode = Literal["none", "memory", "filesystem", "auto", "always"]
#: One SDK has a vocabulary of its own, of which both mean: keep it.
_MODES: Final[Mapping[SaveMode, SnapshotMode | None]] = {
    "none": None,
    "memory": SnapshotMode.MEMORY,
    "filesystem": SnapshotMode.FILESYSTEM,
    "auto": SnapshotMode.FILESYSTEM,
    "always": SnapshotMode.FILESYSTEM,
}
_SAVE_MODES: Final = "What is kept of the browser's state; “auto” and “always” are taken as “filesystem”."

router = APIRouter(prefix="/v1", route_class=GuardedRoute, dependencies=KEY_SCHEMES)


@router.get("/models", tags=["models"], responses=documented("UNAUTHORIZED", "UNPROCESSABLE"))
async def list_models(
    wiring: Wiring, caller: Caller, only: Annotated[Literal["cdp", "desktop"] | Absent, Query(alias="filter")] = None
) -> Models:
    """Names for `agent_name` that the key may use. This server has no models for desktop mode."""
    return Models(models=() if only == "desktop" else wiring.operations.agents.of(caller).names)


@router.post(
    "/sessions",
    tags=["sessions"],
    responses=documented(
        "UNAUTHORIZED",
        *_WITH_A_BODY,
        "REQUEST_BLOCKED",
        "SCREENING_INVALID",
        "AGENT_UNKNOWN",
        "AGENT_NOT_ALLOWED",
        "CDP_URL_INVALID",
        "ADDRESS_REFUSED",
        "EXTERNAL_BROWSER_UNREACHABLE",
        "EXTERNAL_BROWSER_UNFIT",
        "NOT_SUPPORTED",
        "WEBHOOK_URL_REFUSED",
        "SNAPSHOT_NOT_FOUND",
        "SNAPSHOT_UNREADABLE",
        "SESSION_LIMIT_REACHED",
        "ORGANISATION_LIMIT_REACHED",
        "MEMORY_LIMIT_REACHED",
        "SESSION_NOT_FOUND",
        "SESSION_START_TIMEOUT",
    ),
)
async def create_session(
    request: Request, wiring: Wiring, caller: Caller, body: Annotated[CreateSession, Body()] = _ALL_DEFAULTS
) -> SessionBody:
    """Start a session with a browser of its own; answers when it is ready for a message."""
    wanted = NewSession(**body.model_dump(include={field.name for field in fields(NewSession)}))
    record = await wiring.operations.create(caller, wanted)
    return session_body(record, wiring.links, wiring.base_url(request.scope), await wiring.operations.restored(record))


@router.get("/sessions", tags=["sessions"], responses=documented("UNAUTHORIZED"))
async def list_sessions(request: Request, wiring: Wiring, caller: Caller) -> list[SessionBody]:
    """The sessions that are neither expired nor deleted, oldest first."""
    base_url = wiring.base_url(request.scope)
    return [session_body(record, wiring.links, base_url) for record in await wiring.operations.all(caller)]


@router.delete("/sessions", tags=["sessions"], responses=documented("UNAUTHORIZED"))
async def delete_all_sessions(wiring: Wiring, caller: Caller) -> Deletion:
    """Delete all of them."""
    deleted = await wiring.operations.delete_all(caller)
    return Deletion(deleted=deleted > 0, message="Sessions deleted successfully")


@router.get("/sessions/{session_id}", tags=["sessions"], responses=documented(*_ON_A_SESSION) | VERSIONED)
async def get_session(
    request: Request, session_id: SessionId, wiring: Wiring, caller: Caller, answer: Response
) -> SessionBody:
    """The session as it is now."""
    record = await wiring.operations.get(caller, session_id)
    body = session_body(record, wiring.links, wiring.base_url(request.scope))
    answer.headers["ETag"] = etag_of(body)
    return body


@router.delete(
    "/sessions/{session_id}",
    tags=["sessions"],
    responses=documented(
        "UNAUTHORIZED",
        "UNPROCESSABLE",
        "SNAPSHOT_MODE_MISSING",
        "EXTERNAL_BROWSER_UNFIT",
        "SNAPSHOT_TOO_LARGE",
        "SNAPSHOT_FAILED",
        "STORAGE_FAILED",
    ),
)
async def delete_session(
    session_id: SessionId,
    wiring: Wiring,
    caller: Caller,
    save_snapshot_mode: Annotated[SaveMode, Query(description=_SAVE_MODES)] = "none",
    save_as_default: Annotated[bool, Query(description="Make the snapshot the caller's default environment.")] = False,
    keep_files: Annotated[bool, Query(description="Have the session's files outlive it for a time.")] = False,
) -> Deletion:
    """End the session and its task for good, and save its environment before, if asked to.

    An unknown session is no error: `deleted` is false. When saving fails the session is not deleted.
    """
    if keep_files:
        await wiring.files.keep(caller, session_id)
    deleted = await wiring.operations.delete(
        caller, session_id, snapshot_mode=_MODES[save_snapshot_mode], save_as_default=save_as_default
    )
    return Deletion(deleted=deleted, message="Session deleted successfully" if deleted else "Session not found")


@router.post(
    "/sessions/{session_id}/message",
    tags=["tasks"],
    responses=documented(
        *_ON_A_SESSION,
        *_WITH_A_BODY,
        *OF_A_TASK,
        "INVALID_URL",
        "OUTPUT_SCHEMA_INVALID",
        "SCREENING_INVALID",
        "REQUEST_BLOCKED",
        *_TO_WAKE,
    ),
)
async def send_message(session_id: SessionId, wiring: Wiring, caller: Caller, body: SendMessage) -> Acknowledgement:
    """Start a task, answer a question, or add to the running task. The session is running when this answers."""
    await wiring.operations.send_message(
        caller,
        session_id,
        body.message,
        start_url=body.start_url,
        output_schema=body.output_schema,
        config_updates=body.config_updates,
        context=body.context,
    )
    return Acknowledgement(message="Message sent successfully")


@router.get("/sessions/{session_id}/status", tags=["tasks"], responses=documented(*_ON_A_SESSION))
async def get_status(session_id: SessionId, wiring: Wiring, caller: Caller) -> StatusBody:
    """Where the session's task is."""
    record = await wiring.operations.get(caller, session_id)
    return StatusBody.model_validate({"status": EXECUTION_STATUS[record.state]})


@router.get(
    "/sessions/{session_id}/messages",
    tags=["tasks"],
    responses=documented(*_ON_A_SESSION, "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"),
)
async def get_messages(
    session_id: SessionId,
    wiring: Wiring,
    caller: Caller,
    after_id: Annotated[AfterId, Query(description="Only messages with ids above.")] = 0,
    sanitize: Annotated[bool, Query(description="Leave out internal messages and images.")] = True,
    limit: Annotated[_PageSize | Absent, Query(description="At most so many, the first ones; without it, all.")] = None,
) -> Messages:
    """The session's log, ascending by id, and where its task is. As many messages as `limit`: there may be more."""
    record, messages = await wiring.operations.messages(
        caller, session_id, after=after_id, view=View(sanitize=sanitize), limit=limit
    )
    reply: dict[str, Any] = {"messages": tuple(map(message_body, messages)), "status": EXECUTION_STATUS[record.state]}
    return Messages(**reply)


@router.post("/sessions/{session_id}/pause", tags=["tasks"], responses=documented(*_ON_A_SESSION))
async def pause(session_id: SessionId, wiring: Wiring, caller: Caller) -> Acknowledgement:
    """Hold the running task before its next step. Once more is no error: the text says `already_paused`."""
    return Acknowledgement(message=await wiring.operations.pause(caller, session_id))


@router.post("/sessions/{session_id}/resume", tags=["tasks"], responses=documented(*_ON_A_SESSION))
async def resume(session_id: SessionId, wiring: Wiring, caller: Caller) -> Acknowledgement:
    """Let a paused task go on. Without a pause it is no error: the text says `not_paused`."""
    return Acknowledgement(message=await wiring.operations.resume(caller, session_id))


@router.post("/sessions/{session_id}/cancel", tags=["tasks"], responses=documented(*_ON_A_SESSION))
async def cancel(session_id: SessionId, wiring: Wiring, caller: Caller) -> Acknowledgement:
    """End the task with the message ERROR and the code TASK_CANCELLED; the session takes new messages."""
    return Acknowledgement(message=await wiring.operations.cancel(caller, session_id))


@router.post(
    "/sessions/{session_id}/navigate",
    tags=["browser"],
    responses=documented(
        *_ON_A_SESSION,
        *_WITH_A_BODY,
        "INVALID_URL",
        *_ON_A_PAGE,
        "NAVIGATION_FAILED",
        "NAVIGATION_REFUSED",
        "NAVIGATION_REPLACED",
        "NAVIGATION_TIMEOUT",
    ),
)
async def navigate(session_id: SessionId, wiring: Wiring, caller: Caller, body: Navigate) -> Navigated:
    """Open an address, whatever the task is doing; answers when the page has loaded.

    What is loading is given up for it: an earlier call then fails with NAVIGATION_REPLACED.
    """
    return Navigated(current_url=await wiring.operations.navigate(caller, session_id, body.url))


@router.get("/sessions/{session_id}/screenshot", tags=["browser"], responses=documented(*_ON_A_SESSION, *_ON_A_PAGE))
async def screenshot(session_id: SessionId, wiring: Wiring, caller: Caller) -> ScreenshotBody:
    """The viewport now, as a data URL of a baseline JPEG."""
    return screenshot_body(await wiring.operations.screenshot(caller, session_id))
