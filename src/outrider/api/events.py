"""The event stream of a session: replayed, then live, resumable by id, alive by heartbeats."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Request
from pydantic import AfterValidator, BeforeValidator, Field

from outrider.api.dependencies import Absent, Caller, SessionId, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import AfterId
from outrider.api.rendering import message_frame
from outrider.api.sessions import MessageId
from outrider.api.streaming import EventStream
from outrider.interfaces.sessions import Message
from outrider.problems import OutriderError
from outrider.protocol.events import EVENT_NAMES
from outrider.protocol.sse import AFTER_ID_HEADER, encode, heartbeat
from outrider.sessions.view import View
from outrider.telemetry import get_logger

__all__ = ["router"]

log = get_logger(__name__)

router = APIRouter(prefix="/v1", route_class=GuardedRoute, dependencies=KEY_SCHEMES)


def _names_in(names: str) -> frozenset[str]:
    return frozenset(name.strip() for name in names.split(",")) - {""}


def _known_names(names: str) -> str:
    unknown = sorted(_names_in(names) - EVENT_NAMES)
    if unknown:
        raise ValueError(f"“{unknown[0][:50]}” is no event; known are {', '.join(sorted(EVENT_NAMES))}")
    return names


def _chosen(lists: Sequence[str]) -> frozenset[str] | None:
    """The names in all of them; None for none at all: one SDK sends an empty list as an empty string."""
    return frozenset[str]().union(*map(_names_in, lists)) or None


def _none_if_empty(value: object) -> object:
    return value if value != "" else None


_ONE_NAME: Final = f" *({'|'.join(sorted(EVENT_NAMES))})? *"
_EventTypes = Annotated[
    str, AfterValidator(_known_names), Field(json_schema_extra={"pattern": f"^{_ONE_NAME}(,{_ONE_NAME})*$"})
]


@router.get(
    "/sessions/{session_id}/events",
    tags=["tasks"],
    response_class=EventStream,
    status_code=200,
    responses={
        200: {
            "content": {"text/event-stream": {}},
            "description": "`id`, `event`, one line of JSON as `data`",
            "headers": {
                AFTER_ID_HEADER: {"schema": {"type": "integer"}, "description": "The id after which the stream begins."}
            },
        },
        **documented("UNAUTHORIZED", "SESSION_NOT_FOUND", "SESSION_EXPIRED", "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"),
    },
)
async def stream_events(
    request: Request,
    session_id: SessionId,
    wiring: Wiring,
    caller: Caller,
    sanitize: Annotated[bool, Query(description="Leave out internal messages and images.")] = True,
    event_types: Annotated[
        list[_EventTypes], Query(description="Comma-separated, or given several times; heartbeats come anyway.")
    ] = [],  # noqa: B006 - FastAPI makes a copy for each request
    include_history: Annotated[bool, Query(description="Begin with the messages that are there already.")] = True,
    after_id: Annotated[
        AfterId | Absent, Query(description="Begin after this message; wins over include_history.")
    ] = None,
    last_event_id: Annotated[
        MessageId | Absent, BeforeValidator(_none_if_empty), Header(description="Wins over after_id.")
    ] = None,
) -> EventStream:
    """The session's messages as server-sent events. Ends after `done` or `error` once no task is under way."""
    after = next((start for start in (last_event_id, after_id) if start is not None), 0)
    if not include_history and last_event_id is None and after_id is None:
        after = (await wiring.operations.get(caller, session_id)).last_message_id
    view = View(sanitize=sanitize, event_names=_chosen(event_types))
    messages = await wiring.operations.events(caller, session_id, after=after, view=view)
    beats = _while_allowed(_with_heartbeats(messages, wiring.settings.heartbeat_seconds), request.state.confirm)
    return EventStream(_frames(beats, request.state.request_id), {AFTER_ID_HEADER: str(after)})


async def _frames(beats: AsyncGenerator[Message | None, None], request_id: str) -> AsyncGenerator[bytes, None]:
    """The stream's bytes. Its status is sent long ago, so a failure is told as an event."""
    try:
        async with aclosing(beats):
            async for message in beats:
                yield heartbeat(datetime.now(UTC)) if message is None else message_frame(message)
    except OutriderError as problem:
        yield encode("error", problem.as_sse(request_id))
    except Exception:
        log.exception("event stream failed with an internal error")
        yield encode("error", OutriderError("INTERNAL_ERROR").as_sse(request_id))


async def _while_allowed(
    beats: AsyncGenerator[Message | None, None], confirm: Callable[[], Awaitable[None]]
) -> AsyncGenerator[Message | None, None]:
    """The same, until the key that asked for them is revoked, say: noticed with the next message or heartbeat."""
    async with aclosing(beats):
        async for beat in beats:
            await confirm()
            yield beat


async def _with_heartbeats(
    messages: AsyncGenerator[Message, None], seconds: float
) -> AsyncGenerator[Message | None, None]:
    """The messages, and None whenever none came for so long.

    One message is fetched at a time, so a slow reader holds nothing up but itself.
    """
    upcoming: asyncio.Future[Message | None] | None = None
    try:
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(messages, None))
            await asyncio.wait({upcoming}, timeout=seconds)
            if not upcoming.done():
                yield None
                continue
            message, upcoming = upcoming.result(), None
            if message is None:
                return
            yield message
    finally:
        if upcoming is not None:
            upcoming.cancel()
            await asyncio.gather(upcoming, return_exceptions=True)
        await messages.aclose()
