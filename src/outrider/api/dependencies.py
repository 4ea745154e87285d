"""What the surfaces need from the rest of the server, and how a request gets at it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from pydantic import AfterValidator
from pydantic.json_schema import SkipJsonSchema
from starlette.types import Scope

from outrider.api.client_data.parts import ClientData
from outrider.api.idempotency import Idempotency
from outrider.api.recorder import Recorder
from outrider.api.traffic import Traffic
from outrider.api.viewers import Viewers
from outrider.config import Settings
from outrider.identities.operations import IdentityOperations
from outrider.identities.session_tokens import SessionTokens
from outrider.interfaces.identities import Principal
from outrider.interfaces.requests import RequestStore
from outrider.interfaces.screening import AuditStore
from outrider.limits.admission import Admission
from outrider.limits.credits import Credits
from outrider.sessions.files import SessionFiles
from outrider.sessions.links import Links
from outrider.sessions.operations import SessionOperations
from outrider.sessions.viewing import Viewing
from outrider.vault.operations import VaultOperations
from outrider.vault.payments import PaymentOperations
from outrider.webhooks.operations import WebhookOperations

__all__ = ["Absent", "Caller", "Check", "Dependencies", "Requests", "SessionId", "Wiring", "wiring_of"]

#: Raises the OutriderError that keeps a part of the server from working.
Check = Callable[[], Awaitable[None]]

#: What may stand in a Host header; anything else does not get into an address that is sent back.
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
#: A WebSocket is at the same address as pages are.
_PAGES_SCHEME: Final[Mapping[str, str]] = {"ws": "http", "wss": "https"}


@dataclass(frozen=True, slots=True)
class Requests:
    """What becomes of requests as such."""

    traffic: Traffic
    idempotency: Idempotency
    record: RequestStore
    recorder: Recorder


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The open parts of the server behind the surfaces."""

    operations: SessionOperations
    files: SessionFiles
    webhooks: WebhookOperations
    vault: VaultOperations
    payments: PaymentOperations
    viewing: Viewing
    tokens: SessionTokens
    links: Links
    viewers: Viewers
    audit: AuditStore
    client_data: ClientData
    identities: IdentityOperations
    admission: Admission
    credits: Credits
    requests: Requests
    settings: Settings
    #: Where the server listens: ``http://127.0.0.1:8470``.
    url: str
    #: What has to work for the server to be ready, by name.
    checks: Mapping[str, Check]

    def base_url(self, scope: Scope) -> str:
        """The address under which this client reaches the server, without a slash at the end."""
        if self.settings.public_url:
            return self.settings.public_url.rstrip("/")
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        scheme = _PAGES_SCHEME.get(scope["scheme"], scope["scheme"])
        return f"{scheme}://{host}" if _HOST.fullmatch(host) else self.url


def wiring_of(request: Request) -> Dependencies:
    """The parts behind the app that serves the request."""
    dependencies: Dependencies = request.app.state.dependencies
    return dependencies


def _caller_of(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


#: A parameter that was not given; it can't be written as null.
Absent = SkipJsonSchema[None]

#: Of a session, in a path. Some platforms write UUIDs in capitals (RFC 9562, section 4: either is read).
SessionId = Annotated[str, AfterValidator(str.lower)]

#: For endpoints: the parts behind them, and who makes the request.
Wiring = Annotated[Dependencies, Depends(wiring_of)]
Caller = Annotated[Principal, Depends(_caller_of)]
