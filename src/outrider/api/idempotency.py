"""``Idempotency-Key`` (IETF draft-ietf-httpapi-idempotency-key-header): a POST that is sent again is not done again.

A claim is stored, durably, before the work begins, and the answer with it before that is sent. So the claim tells, also
after a crash, which of three things is true: the work has an answer; it failed in a way that leaves nothing behind, and
the claim is gone; or what it has done is not known, and it is not begun anew.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from outrider.api.bodies import JsonRequest, is_taken_in_later, read_body
from outrider.config import Settings
from outrider.identities.sealing import Sealer
from outrider.interfaces.identities import Principal
from outrider.interfaces.requests import IdempotencyStore
from outrider.problems import OutriderError

__all__ = ["KEPT", "Idempotency"]

#: For how long a key stands for its first request (reference page ``agent-platforms``, D9).
KEPT: Final = timedelta(hours=24)
#: Larger answers are not kept.
MAX_ANSWER_BYTES: Final = 1_048_576

_HEADER: Final = "idempotency-key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
#: What of an answer's headers belongs to its body.
_KEPT_HEADERS: Final = ("content-type", "etag", "location", "vary")
_EMPTY: Final = frozenset({204, 304})
#: Failures that may be tried again, but whose work may have been done in part.
_CUT_OFF: Final = frozenset({"INTERNAL_ERROR", "SERVER_STOPPING", "SERVER_TIMEOUT", "STORAGE_FAILED"})

Work = Callable[[Request], Awaitable[Response]]
#: Makes an answer of a failure.
Render = Callable[[Request, OutriderError], Awaitable[Response]]


class _Claim(msgspec.Struct, frozen=True):
    """What is sealed: the request that a key stands for, and its answer. Status 0: there is none (yet)."""

    fingerprint: str
    request_id: str
    status: int = 0
    headers: dict[str, str] = {}
    #: None for an answer that is not kept.
    body: bytes | None = None


class Idempotency:
    """Answers requests that may bear a key. One instance knows all that is under way."""

    def __init__(
        self,
        store: IdempotencyStore,
        sealer: Sealer,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._settings = settings
        self._now = now
        #: Fingerprints by claim.
        self._under_way: dict[str, str] = {}

    async def answer(self, request: Request, route: str, work: Work, render: Render) -> Response:
        """The answer of ``work``, or the one that the key's first request got; ``route`` is the template of its path.

        Raises what ``work`` does, IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_CONFLICT, IDEMPOTENCY_IN_FLIGHT,
        IDEMPOTENCY_OUTCOME_UNKNOWN, IDEMPOTENCY_NOT_REPLAYABLE.
        """
        key = _key_of(request)
        if key is None:
            return await work(request)
        principal: Principal = request.state.principal
        claim_id = _digest(principal.organisation_id, route, key)
        request = await _with_body(request, self._settings)
        fingerprint = _digest(principal.key_id, request.url.path, request.url.query, await request.body())
        if claim_id in self._under_way:
            same = self._under_way[claim_id] == fingerprint
            raise OutriderError("IDEMPOTENCY_IN_FLIGHT" if same else "IDEMPOTENCY_CONFLICT")
        self._under_way[claim_id] = fingerprint
        claim = _Claim(fingerprint, request.state.request_id)
        try:
            now = self._now()
            found = await self._store.claim(claim_id, self._seal(claim_id, claim), now, now - KEPT)
            if found is not None:
                return _again(self._open(claim_id, found), fingerprint)
            response = await self._first(claim_id, request, work, render)
            await self._store.settle(claim_id, self._seal(claim_id, _answered(claim, response)))
            return response
        finally:
            del self._under_way[claim_id]

    async def _first(self, claim_id: str, request: Request, work: Work, render: Render) -> Response:
        """The answer of the work, also a failure that the same request would meet again; others free the key."""
        try:
            return await work(request)
        except RequestValidationError:
            await self._store.release(claim_id)
            raise
        except OutriderError as problem:
            if problem.code in _CUT_OFF:
                raise
            if problem.problem.retryable or problem.problem.status in (401, 403):
                await self._store.release(claim_id)
                raise
            return await render(request, problem)

    def _seal(self, claim_id: str, claim: _Claim) -> bytes:
        return self._sealer.seal(msgspec.msgpack.encode(claim), _context(claim_id))

    def _open(self, claim_id: str, sealed: bytes) -> _Claim:
        return msgspec.msgpack.decode(self._sealer.open(sealed, _context(claim_id)), type=_Claim)


def _key_of(request: Request) -> str | None:
    """The key without the quotes that structured headers have; None when there is none."""
    given = request.headers.getlist(_HEADER)
    if not given:
        return None
    if len(given) > 1:
        raise OutriderError("IDEMPOTENCY_KEY_INVALID", reason="There is more than one.")
    key = given[0].strip()
    key = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not _KEY.fullmatch(key):
        raise OutriderError("IDEMPOTENCY_KEY_INVALID", reason=f"It has {len(key)} characters, or others than those.")
    return key


async def _with_body(request: Request, settings: Settings) -> Request:
    """The request with its body taken in, also that of a file: whether it is the same has to be known first."""
    if not is_taken_in_later(request.url.path):
        return request
    limit_bytes, seconds = settings.max_file_bytes, settings.body_timeout_seconds
    too_large = OutriderError("FILE_TOO_LARGE", limit_bytes=limit_bytes)
    try:
        async with asyncio.timeout(seconds):
            body = await read_body(request.receive, limit_bytes, too_large)
    except TimeoutError:
        raise OutriderError("REQUEST_TIMEOUT", seconds=seconds) from None

    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return JsonRequest(request.scope, replay)


def _again(claim: _Claim, fingerprint: str) -> Response:
    """The answer to a request whose key is taken."""
    if claim.fingerprint != fingerprint:
        raise OutriderError("IDEMPOTENCY_CONFLICT")
    if claim.status == 0:
        raise OutriderError("IDEMPOTENCY_OUTCOME_UNKNOWN", request_id=claim.request_id)
    if claim.body is None:
        raise OutriderError("IDEMPOTENCY_NOT_REPLAYABLE", status=claim.status, limit_bytes=MAX_ANSWER_BYTES)
    return Response(claim.body, claim.status, {**claim.headers, "Idempotency-Replayed": "true"})


def _answered(claim: _Claim, response: Response) -> _Claim:
    """The claim with its answer; a stream, which has no length, is not kept."""
    is_whole = response.status_code in _EMPTY or "content-length" in response.headers
    body = bytes(response.body) if is_whole and len(response.body) <= MAX_ANSWER_BYTES else None
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return msgspec.structs.replace(claim, status=response.status_code, headers=headers, body=body)


def _digest(*parts: str | bytes) -> str:
    """Of texts that can't be taken for each other's continuation."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _context(claim_id: str) -> bytes:
    return f"idempotency:{claim_id}".encode()
