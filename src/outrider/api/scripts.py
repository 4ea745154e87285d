"""Tasks as scripts: a finished one is fetched, and one is run again."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from outrider.agents.replay.recording import record
from outrider.api.dependencies import Absent, Caller, SessionId, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.sessions import OF_A_TASK, MessageId
from outrider.protocol.schemas import Acknowledgement, ReplayScript
from outrider.sessions.replays import replay
from outrider.sessions.scripts import write_script
from outrider.sessions.view import View

__all__ = ["router"]

_YAML: Final = "application/yaml"
_SCRIPT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The script.", "content": {_YAML: {"schema": {"type": "string"}}}}
}

router = APIRouter(prefix="/v1", tags=["scripts"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)


@router.get(
    "/sessions/{session_id}/script",
    response_class=Response,
    responses=_SCRIPT
    | documented("UNAUTHORIZED", "SESSION_NOT_FOUND", "SESSION_EXPIRED", "SCRIPT_NOT_AVAILABLE", "UNPROCESSABLE"),
)
async def get_script(
    session_id: SessionId,
    wiring: Wiring,
    caller: Caller,
    task_id: Annotated[
        MessageId | Absent, Query(description="Id of the USER message; without it, the last that is done.")
    ] = None,
) -> Response:
    """A finished task as a script in YAML: its steps with what they were done to, and what was read where."""
    _, log = await wiring.operations.messages(caller, session_id, after=0, view=View(sanitize=False))
    text = await asyncio.to_thread(lambda: write_script(record(log, task_id)))
    return Response(text, media_type=_YAML)


@router.post(
    "/sessions/{session_id}/replay",
    responses=documented(
        "UNAUTHORIZED",
        "SESSION_NOT_FOUND",
        "SESSION_EXPIRED",
        "MALFORMED_JSON",
        "PAYLOAD_TOO_LARGE",
        "UNSUPPORTED_MEDIA_TYPE",
        "UNPROCESSABLE",
        *OF_A_TASK,
        "SCRIPT_INVALID",
        "SCRIPT_VERSION_UNSUPPORTED",
        "SCRIPT_TOO_LARGE",
        "SCRIPT_VARIABLE_INVALID",
        "OUTPUT_SCHEMA_INVALID",
        "SCREENING_INVALID",
        "REQUEST_BLOCKED",
        "INVALID_STATE",
        "SESSION_LIMIT_REACHED",
        "MEMORY_LIMIT_REACHED",
    ),
)
async def replay_script(session_id: SessionId, wiring: Wiring, caller: Caller, body: ReplayScript) -> Acknowledgement:
    """Do a script again, as a task of this session: no model decides, unless a step finds nothing."""
    await replay(
        wiring.operations,
        caller,
        session_id,
        body.script,
        variables=body.variables,
        ask_model=body.ask_model,
        config_updates=body.config_updates,
    )
    return Acknowledgement(message="Script started successfully")
