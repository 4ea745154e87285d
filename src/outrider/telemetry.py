"""Structured log lines. Values bound with ``bound`` (request id, session id) are on every line beneath."""

import asyncio
import logging
import sys
from typing import Any, Literal

import structlog
from structlog.contextvars import bound_contextvars as bound

from outrider.redaction import without_patterns

__all__ = ["bound", "configure_logging", "get_logger", "report_failure"]


def configure_logging(level: str, log_format: Literal["text", "json"]) -> None:
    """Send the log to standard error, lines of libraries included, in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if log_format == "json" else structlog.processors.StackInfoRenderer(),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        # Plain: the default draws every frame's local variables, which is slow and shows secrets.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    final: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer, _masked]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=final))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "httpx", "httpcore", "alembic", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns of requests that it can't parse, without their ids; ``server.connection`` has a line for each.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _masked(logger: Any, method: str, line: str) -> str:
    """The last step of a line's way."""
    del logger, method
    return without_patterns(line)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def report_failure(task: asyncio.Task[Any]) -> None:
    """Log why a task has failed that nobody awaits while it runs; a callback for its end."""
    if not task.cancelled() and (defect := task.exception()) is not None:
        get_logger(__name__).error("background task has failed", task=task.get_name(), exc_info=defect)
