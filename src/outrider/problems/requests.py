"""The rows of requests as such: sent twice, changed meanwhile, too slow, at the wrong time (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["REQUESTS"]

# fmt: off
REQUESTS: Final = (
    Problem(
        "IDEMPOTENCY_KEY_INVALID", 400,
        "The header “Idempotency-Key” is not usable: {reason}",
        "It has to be 1 to 255 visible ASCII characters, with or without the double quotes of a structured header.",
        "Send a new random value for each new operation, such as a UUID, and the same one when it is tried again.",
    ),
    Problem(
        "IDEMPOTENCY_CONFLICT", 409,
        "This Idempotency-Key was used for another request.",
        "The key stands for one request of one API key; path, query or body of this one differ from the first.",
        "Send a new Idempotency-Key for another operation; repeat an operation byte for byte.",
    ),
    Problem(
        "IDEMPOTENCY_IN_FLIGHT", 409,
        "The first request with this Idempotency-Key is still under way.",
        "It was received before, maybe over a connection that has broken off since, and its work goes on.",
        "Send the same request again in a moment: it will get the first one's answer.",
        retryable=True, retry_after_seconds=1,
    ),
    Problem(
        "IDEMPOTENCY_OUTCOME_UNKNOWN", 409,
        "The first request with this Idempotency-Key was cut off, and what it has done is not known.",
        "The server was stopped, ran out of time or met an error of its own while it worked on {request_id}; "
        "doing it again could do it twice.",
        "Look at what there is with GET; if the work is still to be done, send it with a new Idempotency-Key.",
    ),
    Problem(
        "IDEMPOTENCY_NOT_REPLAYABLE", 409,
        "The first request with this Idempotency-Key has been answered, and its answer can't be given again.",
        "It was answered with {status} as a stream or with more than {limit_bytes} bytes, which is not kept; its work "
        "is done and was not repeated.",
        "Read the result with GET; send a new Idempotency-Key to do the work anew.",
    ),
    Problem(
        "PRECONDITION_INVALID", 400,
        "The header “{header}” is not a list of entity tags.",
        "It has to be “*”, or tags in double quotes with commas between them, each maybe with W/ in front.",
        "Send the ETag of the answer that you have read, with its quotes.",
    ),
    Problem(
        "PRECONDITION_UNSUPPORTED", 409,
        "There is no version here that “If-Match” could be compared with, so nothing was done.",
        "What the request is about has no ETag, or the request changes it whatever its version is; a condition that "
        "can't be checked counts as not met.",
        "Send it without “If-Match”, or with “If-Match: *”, which whatever is there meets.",
    ),
    Problem(
        "VERSION_CONFLICT", 409,
        "It has been changed meanwhile: its version is {current}, not {expected}.",
        "Somebody else has changed it since it was read.",
        "Read it again, apply the change to what it is now, and send that with the new ETag.",
    ),
    Problem(
        "SERVER_TIMEOUT", 504,
        "The request was not answered within {seconds} s, and its work was cancelled.",
        "An answer has to begin within the setting “request_timeout_seconds”; what was done before that is done.",
        "Look at what there is with GET, then try again; raise the setting if the work has to take that long.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "MAINTENANCE", 503,
        "The server is under maintenance. {note}",
        "Its operator has closed it for the time being; what was under way goes on.",
        "Try again after the time in “Retry-After”; GET /healthz answers all the time.",
        retryable=True, retry_after_seconds=60,
    ),
    Problem(
        "OVERLOADED", 503,
        "The server has {limit} requests under way, which is its limit.",
        "More come in than are answered; event streams do not count.",
        "Try again in a moment; the operator may raise the setting “max_requests”.",
        retryable=True, retry_after_seconds=1,
    ),
    Problem(
        "REQUEST_NOT_FOUND", 404,
        "There is no record of the request “{request}”.",
        "The id is mistyped, its retention is over, it had no valid key, or it belongs to another organisation.",
        "List your requests with GET /v1/requests; the operator finds requests without a valid key in the log.",
    ),
    Problem(
        "UNKNOWN", 500,
        "The answer has status {status}, and no error that can be read.",
        "Something between you and the server, such as a proxy, has answered in its place: {url}",
        "Try again if the status allows it; look into the log of what stands between.",
    ),
)
# fmt: on
