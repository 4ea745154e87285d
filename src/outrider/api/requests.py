"""The record of requests, for the organisation that made them."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from outrider.api.dependencies import Absent, Caller, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import Before, Limit
from outrider.interfaces.requests import RequestEntry, RequestFilter
from outrider.problems import OutriderError
from outrider.protocol.requests import RequestBody, RequestPage
from outrider.protocol.schemas import Text

__all__ = ["router"]

_Status = Annotated[int, Field(ge=100, le=599)]
_Word = Annotated[Text, Field(max_length=64)]


def _in_words(value: str) -> str:
    """Raises ValueError for a bare number, which Pydantic would take for seconds since 1970."""
    if "-" not in value[1:]:
        raise ValueError("Input should be a date with a time, like 2026-01-31T09:05:00Z")
    return value


def _in_utc(value: datetime) -> datetime:
    """Raises ValueError for what is a date in its own zone only."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("Input should be a date between the years 1 and 9999, in UTC too") from None


_Moment = Annotated[
    AwareDatetime, BeforeValidator(_in_words, json_schema_input_type=AwareDatetime), AfterValidator(_in_utc)
]
#: Ids have fewer characters.
_ID_CHARACTERS: Final = 64

router = APIRouter(prefix="/v1/requests", tags=["requests"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)


@router.get("", responses=documented("UNAUTHORIZED", "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"))
async def list_requests(
    wiring: Wiring,
    caller: Caller,
    status: Annotated[_Status | Absent, Query(description="Only with this status.")] = None,
    code: Annotated[_Word | Absent, Query(description="Only with this code.")] = None,
    method: Annotated[_Word | Absent, Query(description="Only with this method.")] = None,
    failed: Annotated[bool | Absent, Query(description="Only failures, or only successes.")] = None,
    since: Annotated[_Moment | Absent, Query(description="Only what came in then or later.")] = None,
    until: Annotated[_Moment | Absent, Query(description="Only what came in before.")] = None,
    before: Annotated[Before | Absent, Query(description="Only with numbers below.")] = None,
    limit: Limit = 50,
) -> RequestPage:
    """The organisation's requests, the newest first. They are kept for `request_retention_days`."""
    method = method and method.upper()
    wanted = RequestFilter(status, code, method, failed, since, until, before)
    await wiring.requests.recorder.flush()
    found = await wiring.requests.record.find(caller.organisation_id, wanted, limit)
    next_before = found[-1].number if len(found) == limit else None
    return RequestPage(requests=tuple(map(_body, found)), next_before=next_before)


@router.get("/{request_id}", responses=documented("UNAUTHORIZED", "REQUEST_NOT_FOUND"))
async def get_request(request_id: str, wiring: Wiring, caller: Caller) -> RequestBody:
    """One request of the organisation, by the id that its answer had."""
    if len(request_id) > _ID_CHARACTERS:  # the error repeats it
        raise OutriderError("REQUEST_NOT_FOUND", request=f"{request_id[:_ID_CHARACTERS]}…")
    await wiring.requests.recorder.flush()
    return _body(await wiring.requests.record.get(caller.organisation_id, request_id))


def _body(entry: RequestEntry) -> RequestBody:
    return RequestBody(
        id=entry.id,
        number=entry.number,
        key=entry.key_tail,
        method=entry.method,
        url=entry.url,
        status=entry.status,
        code=entry.code,
        latency_ms=entry.latency_ms,
        request_body=entry.request_body,
        answer_body=entry.answer_body,
        at=entry.at,
    )
