"""One row of the catalogue, and what is derived from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class JsonRpcCodes:
    """The integer codes of one row in the two method families that share the gateway's address."""

    tasks: int
    message: int


#: HTTP status -> JSON-RPC code where a row names none (``agent-platforms``, decision 5).
JSONRPC_BY_STATUS: Final[Mapping[int, int]] = MappingProxyType(
    {400: -32600, 401: -32050, 402: -32051, 403: -32052, 404: -32053, 406: -32054, 415: -32055, 429: -32056}
)
JSONRPC_INTERNAL: Final = -32603


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the catalogue. ``message``, ``cause`` and ``fix`` may name facts in braces."""

    code: str
    status: int
    message: str
    cause: str
    fix: str
    retryable: bool = False
    #: Seconds after which a retry makes sense; None leaves it to the client's own back-off.
    retry_after_seconds: int | None = None
    #: Overrides the code derived from ``status``.
    jsonrpc_code: int | None = None

    @property
    def jsonrpc(self) -> JsonRpcCodes:
        """The row's code in the ``tasks/*`` dialect and in the A2A ``message/*`` dialect."""
        derived = JSONRPC_BY_STATUS.get(self.status, JSONRPC_INTERNAL)
        code = derived if self.jsonrpc_code is None else self.jsonrpc_code
        return JsonRpcCodes(tasks=code, message=code)

    @property
    def anchor(self) -> str:
        """Where the reference page describes the row: ``errors.md#<anchor>``."""
        return self.code.lower()

    @property
    def doc_path(self) -> str:
        """The path of this server that describes the row."""
        return f"/v1/errors/{self.code}"

    @property
    def facts(self) -> frozenset[str]:
        """Names of the facts that the row's texts mention."""
        texts = (self.message, self.cause, self.fix)
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)

    def describe(self) -> dict[str, Any]:
        """The row as ``GET /v1/errors/{code}`` serves it."""
        return {
            "code": self.code,
            "status": self.status,
            "jsonRpc": {"tasks": self.jsonrpc.tasks, "message": self.jsonrpc.message},
            "retryable": self.retryable,
            "retryAfterSeconds": self.retry_after_seconds,
            "message": self.message,
            "cause": self.cause,
            "fix": self.fix,
            "docUrl": self.doc_path,
        }
