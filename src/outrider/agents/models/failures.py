"""What goes wrong with a language model, as rows of the catalogue."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from pydantic_ai import exceptions as ai

from outrider.config import ModelSettings
from outrider.problems import OutriderError

__all__ = ["failure_of"]

#: Code by the library's error, the particular ones first.
_CODES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (ai.ModelTimeoutError, "MODEL_TIMEOUT"),
    (ai.ModelRequestTimeout, "MODEL_TIMEOUT"),
    (ai.ModelQuotaExceededError, "MODEL_QUOTA_EXCEEDED"),
    (ai.ModelRateLimitError, "MODEL_RATE_LIMITED"),
    (ai.ModelAuthenticationError, "MODEL_KEY_REJECTED"),
    (ai.ModelNotFoundError, "MODEL_NAME_UNKNOWN"),
    (ai.ModelContextWindowExceededError, "MODEL_PROMPT_TOO_LONG"),
    (ai.ModelRequestRejectedError, "MODEL_REQUEST_REJECTED"),
    (ai.UserError, "MODEL_REQUEST_REJECTED"),  # the library knows that the model can't do it
    (ai.ModelAPIError, "MODEL_UNREACHABLE"),
    (ai.ContentFilterError, "MODEL_REFUSED"),
    (ai.OutputTokenLimitExceeded, "MODEL_ANSWER_CUT_OFF"),
    (ai.UnexpectedModelBehavior, "MODEL_ANSWER_INVALID"),
)
_REASON_CHARACTERS: Final = 300


def failure_of(error: Exception, model: str, settings: ModelSettings, keys: Collection[str]) -> Exception:
    """The problem that the library's error is, without the keys; the error itself when it is none of its own."""
    last = list(_unfolded(error))[-1]
    if isinstance(last, OutriderError):  # of a local model, after its fallbacks
        return last
    code = next((code for kind, code in _CODES if isinstance(last, kind)), None)
    if code is None:
        return error
    facts: dict[str, Any] = {
        "model": model,
        "reason": _reason(last, keys),
        "seconds": round(settings.timeout_seconds),
        "limit": settings.answer_tokens,
    }
    return OutriderError(code, **facts)


def _unfolded(error: BaseException) -> Iterator[BaseException]:
    """The error, and of a group of them (one for each fallback) the last."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        yield from _unfolded(error.exceptions[-1])


def _reason(error: BaseException, keys: Collection[str]) -> str:
    """What the provider says, in one line, without the keys that it may quote."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    status = getattr(error, "status_code", None)
    cause = error.__cause__
    text = str(said or (cause if cause is not None and not isinstance(error, ai.ModelAPIError) else error))
    line = " ".join(text.split())
    for key in filter(None, keys):
        line = line.replace(key, "‹key›")
    line = line[:_REASON_CHARACTERS]
    return f"{line} (HTTP {status})" if status else line
