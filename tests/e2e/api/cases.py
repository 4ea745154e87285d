"""What requests that were made at random need to be good ones, beyond what a JSON Schema can say."""

import itertools
from typing import Any, Final

import schemathesis
from schemathesis.core.transport import Response

__all__ = ["is_good", "make_fit", "tells_its_version"]

_numbers: Final = itertools.count()


def is_good(case: schemathesis.Case[Any]) -> bool:
    """Whether it is made to be accepted."""
    return case.meta is not None and case.meta.generation.mode.is_positive


def make_fit(case: schemathesis.Case[Any]) -> None:
    """Have headers of a good request name what is there: another one's key or version would have it refused."""
    if is_good(case) and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"request-{next(_numbers)}"
    if is_good(case) and "If-Match" in case.headers:
        case.headers["If-Match"] = "*"


def tells_its_version(case: schemathesis.Case[Any], response: Response) -> bool:
    """Whether what was read has an ETag if, and only if, its description says that it can be asked for by one."""
    was_read = (case.method, response.status_code) == ("GET", 200)
    return not was_read or ("etag" in response.headers) == ("304" in case.operation.definition.raw["responses"])
