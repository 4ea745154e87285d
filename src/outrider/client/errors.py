"""Failures as a client sees them: reported by the server in an envelope or an event, or of the way to it."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

import httpx

from outrider.problems import CATALOGUE, OutriderError, ReportedError
from outrider.protocol.urls import url_fault

__all__ = ["ServerError", "error_of_answer", "error_of_report", "error_of_transport", "server_url"]


class ServerError(ReportedError):
    """A failure that the server reported, with the id of the request: the server's log lines about it bear it."""

    def __init__(
        self,
        code: str,
        /,
        *,
        message: str,
        cause: str,
        fix: str,
        request_id: str = "",
        status: int | None = None,
        retry_after: str = "",
    ) -> None:
        #: Empty for the end of a task.
        self.request_id = request_id
        #: As the header of that name, or the envelope, has it.
        self.retry_after = retry_after
        super().__init__(code, message=message, cause=cause, fix=fix)
        #: Of the answer; for the end of a task that of its row.
        self.status = self.problem.status if status is None else status

    def as_cli(self) -> str:
        """The lines that a terminal shows."""
        request = f"\n  request: {self.request_id}" if self.request_id else ""
        return super().as_cli() + request


def error_of_answer(answer: httpx.Response) -> ServerError:
    """The failure that an answer outside 2xx reports; UNKNOWN when it is not an Outrider server's."""
    try:
        report = answer.json()["error"]
        message = str(report["message"])
    except (ValueError, KeyError, TypeError):
        report, message = {}, ""
    problem = error_of_report(report, message) if report.get("code") in CATALOGUE else _unknown(answer, message)
    return ServerError(
        problem.code,
        message=problem.message,
        cause=problem.cause,
        fix=problem.fix,
        request_id=str(report.get("requestId") or answer.headers.get("x-request-id", "")),
        status=answer.status_code,
        retry_after=str(answer.headers.get("retry-after") or report.get("retryAfterSeconds", "")),
    )


def _unknown(answer: httpx.Response, message: str) -> OutriderError:
    url = f"{answer.url.copy_with(query=None)}{f': {message}' if message else ''}"
    return OutriderError("UNKNOWN", status=answer.status_code, url=url)


def error_of_report(report: Mapping[str, Any], message: str, url: str = "The server") -> OutriderError:
    """The failure that an envelope's ``error``, an ``error`` event or the metadata of an ERROR message describes."""
    code = str(report.get("code"))
    if code not in CATALOGUE:
        return OutriderError("UNEXPECTED_ANSWER", url=url, reason=f"unknown error code “{code}”: {message}")
    return ServerError(
        code,
        message=message,
        cause=str(report.get("cause", "")),
        fix=str(report.get("hint", "")),
        request_id=str(report.get("requestId", "")),
    )


_REASONS: Final[Mapping[type[httpx.RequestError], str]] = MappingProxyType(
    {
        httpx.ConnectError: "Nothing accepts connections there.",
        httpx.ConnectTimeout: "The connection was not accepted in time.",
        httpx.TimeoutException: "It did not answer in time.",
        httpx.NetworkError: "The connection broke off.",
        httpx.ProtocolError: "The connection broke off, or it does not speak HTTP.",
        httpx.DecodingError: "Its answer is not encoded as it says.",
    }
)


def error_of_transport(error: httpx.RequestError, url: str) -> OutriderError:
    """SERVER_UNREACHABLE with the reason, never with the text of the library's exception."""
    reasons = (reason for kind, reason in _REASONS.items() if isinstance(error, kind))
    sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    reason = next(reasons, "The request could not be sent.")
    return OutriderError("SERVER_UNREACHABLE", url=url, reason=reason, **({"sent": True} if sent else {}))


def server_url(base_url: str) -> httpx.URL:
    """The address of a server. Raises SERVER_UNREACHABLE when it is no http(s) URL."""
    fault = url_fault(base_url)
    if not fault:
        with suppress(httpx.InvalidURL):
            return httpx.URL(base_url.rstrip("/"))
    raise OutriderError("SERVER_UNREACHABLE", url=base_url, reason=fault or "It can't be parsed.")
