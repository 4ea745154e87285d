"""Files of a session: what its pages downloaded, and what is offered to be uploaded."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.responses import StreamingResponse
from starlette.types import Message

from outrider.api.attachments import Attachment
from outrider.api.bodies import read_body
from outrider.api.conditional import Expected
from outrider.api.dependencies import Absent, Caller, SessionId, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.config import Settings
from outrider.files.store import StoredFile
from outrider.problems import OutriderError
from outrider.protocol.schemas import Deletion, FileBody, Files

__all__ = ["router"]

_ON_A_SESSION: Final = ("UNAUTHORIZED", "SESSION_NOT_FOUND", "SESSION_EXPIRED")
_MULTIPART: Final = "multipart/form-data"
#: What a form has around the file.
_FORM_BYTES: Final = 65_536
_FIELD: Final = "file"
_NAMELESS: Final = "upload"

router = APIRouter(prefix="/v1/sessions/{session_id}/files", route_class=GuardedRoute, dependencies=KEY_SCHEMES)


@router.get("", tags=["files"], responses=documented(*_ON_A_SESSION))
async def list_files(session_id: SessionId, wiring: Wiring, caller: Caller) -> Files:
    """The session's files, oldest first: finished downloads, and files that were offered for uploads."""
    return Files(files=tuple(map(_body, await wiring.files.all(caller, session_id))))


@router.get(
    "/{name}",
    tags=["files"],
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "The file's bytes, as an attachment."},
        206: {"content": {"application/octet-stream": {}}, "description": "The bytes that “Range” asks for."},
        **documented(
            *_ON_A_SESSION,
            "FILE_NOT_FOUND",
            "PRECONDITION_INVALID",
            "VERSION_CONFLICT",
            "RANGE_NOT_SATISFIABLE",
            "FILE_STORAGE_FAILED",
        ),
    },
)
async def get_file(
    request: Request, session_id: SessionId, name: str, wiring: Wiring, caller: Caller, expected: Expected
) -> Attachment:
    """One of them, also after the session if its files are kept; the header `Range` may ask for a part."""
    file = await wiring.files.get(caller, session_id, name)
    return Attachment(file, expected, request.headers.get("range"), request.headers.get("if-range"))


@router.post(
    "",
    tags=["files"],
    openapi_extra={
        "requestBody": {
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                _MULTIPART: {
                    "schema": {
                        "type": "object",
                        "properties": {_FIELD: {"type": "string", "format": "binary"}},
                        "required": [_FIELD],
                    }
                },
            },
        }
    },
    responses=documented(
        *_ON_A_SESSION,
        "UNPROCESSABLE",
        "FILE_TOO_LARGE",
        "FILE_TYPE_REFUSED",
        "FILE_EXISTS",
        "FILE_LIMIT_REACHED",
        "FILE_STORAGE_FAILED",
        "REQUEST_TIMEOUT",
    ),
)
async def offer_file(
    request: Request,
    session_id: SessionId,
    wiring: Wiring,
    caller: Caller,
    name: Annotated[
        str | Absent, Query(min_length=1, max_length=255, description="By default the one in the form, else “upload”.")
    ] = None,
) -> FileBody:
    """Offer a file to the session, as the raw body or as the field `file` of a form.

    A task finds it by its name. The same name replaces what was offered before.
    """
    await wiring.operations.get(caller, session_id)  # before the body is taken in
    content, form_name = await _content(request, wiring.settings)
    return _body(await wiring.files.offer(caller, session_id, name or form_name or _NAMELESS, content))


@router.delete("/{name}", tags=["files"], responses=documented(*_ON_A_SESSION))
async def delete_file(session_id: SessionId, name: str, wiring: Wiring, caller: Caller) -> Deletion:
    """Remove a file. One that is not there is no error: `deleted` is false."""
    deleted = await wiring.files.remove(caller, session_id, name)
    return Deletion(deleted=deleted, message="File deleted successfully" if deleted else "File not found")


async def _content(request: Request, settings: Settings) -> tuple[bytes, str]:
    """The file's bytes, and its name when the body is a form. Raises FILE_TOO_LARGE, UNPROCESSABLE."""
    is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _MULTIPART
    limit_bytes = settings.max_file_bytes + _FORM_BYTES * is_form
    too_large = OutriderError("FILE_TOO_LARGE", limit_bytes=settings.max_file_bytes)
    seconds = settings.body_timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            body = await read_body(request.receive, limit_bytes, too_large)
    except TimeoutError:
        raise OutriderError("REQUEST_TIMEOUT", seconds=seconds) from None
    return await _from_form(request, body) if is_form else (body, "")


async def _from_form(request: Request, body: bytes) -> tuple[bytes, str]:
    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    fault = f"the form needs one field “{_FIELD}”, which holds the file"
    try:
        async with Request(request.scope, replay).form(max_files=1, max_fields=10) as form:
            file = form.get(_FIELD)
            if file is None:
                raise OutriderError("UNPROCESSABLE", summary=fault)
            return (await file.read(), file.filename or "") if isinstance(file, UploadFile) else (file.encode(), "")
    except (HTTPException, MultiPartException) as error:  # not a form, or more than one file
        raise OutriderError("UNPROCESSABLE", summary=fault) from error


def _body(file: StoredFile) -> FileBody:
    return FileBody(
        name=file.name,
        kind=file.kind.value,
        bytes=file.bytes,
        media_type=file.media_type,
        created_at=file.created_at,
    )
