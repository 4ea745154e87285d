"""The one exception of the product, and every rendering of it: HTTP, SSE, task message, terminal, model.

Envelope and status rules: reference page ``agent-platforms``, decisions 3, 5 and 8; SSE fields: ``agi-sessions``,
section 5.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from outrider.problems.catalogue import CATALOGUE


class _Facts(dict[str, object]):
    """Facts of one failure; one that was not given reads as ``unknown`` rather than breaking the report."""

    def __missing__(self, key: str) -> str:
        return "unknown"


class OutriderError(Exception):
    """A failure with its row and its facts.

    Facts are shown to API clients: never pass a secret, a traceback or the text of an internal exception.
    Facts that no text of the row names are kept for ``details``, and so are numbers: programs compare them.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        self.problem = CATALOGUE[code]
        self.facts: Mapping[str, object] = MappingProxyType(dict(facts))
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """The stable code of the failure."""
        return self.problem.code

    @property
    def message(self) -> str:
        """One sentence: what went wrong."""
        return self._fill(self.problem.message)

    @property
    def cause(self) -> str:
        """Why it went wrong."""
        return self._fill(self.problem.cause)

    @property
    def fix(self) -> str:
        """What to do about it."""
        return self._fill(self.problem.fix)

    @property
    def retry_after_seconds(self) -> int | None:
        """Whole seconds to wait before a retry: the fact of that name, else the row's."""
        given = self.facts.get("retry_after_seconds")
        return given if isinstance(given, int) else self.problem.retry_after_seconds

    def as_envelope(self, request_id: str, base_url: str = "") -> dict[str, Any]:
        """The JSON body of an HTTP error (``agent-platforms``, decision 3)."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "requestId": request_id,
            "retryable": self.problem.retryable,
            "cause": self.cause,
            "hint": self.fix,
            "docUrl": f"{base_url}{self.problem.doc_path}",
        }
        if self.retry_after_seconds is not None:
            error["retryAfterSeconds"] = self.retry_after_seconds
        if self._details:
            error["details"] = self._details
        return {"error": error, "detail": self.message, "message": self.message}

    def as_message(self, reference: str = "") -> tuple[str, dict[str, Any]]:
        """Content and metadata of the ERROR message that ends a task.

        ``reference`` is the request id or, when no request is under way, the id of the failed task.
        """
        metadata: dict[str, Any] = {
            "code": self.code,
            "status_code": self.problem.status,
            "retryable": self.problem.retryable,
            "cause": self.cause,
            "hint": self.fix,
            "doc_path": self.problem.doc_path,
        }
        if reference:
            metadata["reference"] = reference
        if self._details:
            metadata["details"] = self._details
        return self.message, metadata

    def as_sse(self, request_id: str) -> dict[str, Any]:
        """Data of an SSE ``error`` event that a stream itself fails with."""
        message, metadata = self.as_message(request_id)
        return {"error": message, "text": message, "requestId": request_id, **metadata}

    def as_cli(self) -> str:
        """The lines that a terminal shows."""
        retry = "yes" if self.problem.retryable else "no"
        return f"error: {self.message} [{self.code}]\n  cause: {self.cause}\n  fix:   {self.fix}\n  retry: {retry}"

    def as_model_sentence(self) -> str:
        """What a model is told when its action failed: the fact and what to do next."""
        return f"{self.message} {self.fix}"

    @property
    def _details(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.facts.items()
            if name != "retry_after_seconds" and (name not in self.problem.facts or isinstance(value, int | float))
        }

    def _fill(self, template: str) -> str:
        return template.format_map(_Facts(self.facts))


class ReportedError(OutriderError):
    """A failure that was told elsewhere, in a session's log or by another server: it keeps the texts it came with."""

    def __init__(self, code: str, /, *, message: str, cause: str, fix: str) -> None:
        self._message, self._cause, self._fix = message, cause, fix
        super().__init__(code if code in CATALOGUE else "INTERNAL_ERROR")

    @classmethod
    def of_message(cls, content: str, metadata: Mapping[str, Any]) -> Self:
        """The failure that an ERROR message of a session's log tells of (see ``OutriderError.as_message``)."""
        cause, fix = str(metadata.get("cause", "")), str(metadata.get("hint", ""))
        return cls(str(metadata.get("code")), message=content, cause=cause, fix=fix)

    @property
    def message(self) -> str:
        """As it was told."""
        return self._message

    @property
    def cause(self) -> str:
        """As it was told."""
        return self._cause

    @property
    def fix(self) -> str:
        """As it was told."""
        return self._fix
