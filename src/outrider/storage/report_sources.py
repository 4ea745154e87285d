"""Where the records of each resource come from: rows, whose they are, their filters, and what is shown of a row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, Select, and_, bindparam, case, func, literal, select

from outrider.identities.keys import PREFIX
from outrider.identities.sealing import Sealer
from outrider.interfaces.reports import Record
from outrider.interfaces.sessions import State
from outrider.redaction import without_patterns
from outrider.storage.columns import UtcDateTime
from outrider.storage.keys import key_of
from outrider.storage.scheduled_jobs import JobRows
from outrider.storage.schema import (
    audit,
    job_runs,
    keys,
    messages,
    requests,
    scheduled_jobs,
    sessions,
    webhook_deliveries,
    webhook_endpoints,
)
from outrider.storage.webhook_endpoints import endpoint_of

__all__ = ["Source", "sources"]

Criterion = Callable[[Any], ColumnElement[bool]]

_NUMBER: Final = re.compile(r"\d{1,18}")


@dataclass(frozen=True, slots=True)
class Source:
    """One resource."""

    query: Select[Any]
    organisation: Column[Any]
    #: Columns that never change: what is added later comes later.
    order: tuple[Column[Any], ...]
    filters: Mapping[str, Criterion]
    #: The criterion for one record by its OID; None for what can't be one.
    named: Callable[[str], ColumnElement[bool] | None]
    record: Callable[[Row[Any]], Record]


def _is(column: ColumnElement[Any]) -> Criterion:
    return lambda value: column == value


def _within(column: ColumnElement[Any]) -> Mapping[str, Criterion]:
    """From ``start_date`` on, and before ``end_date``."""
    return {"start_date": lambda value: column >= value, "end_date": lambda value: column < value}


def _by_number(column: ColumnElement[Any]) -> Callable[[str], ColumnElement[bool] | None]:
    return lambda oid: column == int(oid) if _NUMBER.fullmatch(oid) else None


def _columns(row: Row[Any], *names: str, **renamed: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} | {name: getattr(row, of) for name, of in renamed.items()}


# --- sessions and what is in them; what was deleted is not shown

_SHOWN: Final = sessions.c.state != State.DELETED.value
_OF_SESSION: Final = (sessions.c.organisation_id, sessions.c.agent_name)


def _session(row: Row[Any]) -> Record:
    names = ("state", "agent_name", "model", "goal", "max_steps", "environment_id", "created_at", "updated_at")
    return _columns(row, *names, oid="id", messages="last_message_id")


_SESSIONS: Final = Source(
    select(sessions).where(_SHOWN),
    sessions.c.organisation_id,
    (sessions.c.created_at, sessions.c.id),
    {"state": _is(sessions.c.state), "agent": _is(sessions.c.agent_name), **_within(sessions.c.created_at)},
    _is(sessions.c.id),
    _session,
)


def _message_named(oid: str) -> ColumnElement[bool] | None:
    session_id, _, number = oid.rpartition(".")
    if not _NUMBER.fullmatch(number):
        return None
    return and_(messages.c.session_id == session_id, messages.c.id == int(number))


def _visible() -> ColumnElement[bool]:
    """What a sanitized view shows, see ``protocol.events``."""
    hidden = (messages.c.metadata[mark].as_boolean() for mark in ("internal", "image"))
    return and_(*(func.coalesce(mark, literal(False)).is_(False) for mark in hidden))


def _message(row: Row[Any]) -> Record:
    return {
        "oid": f"{row.session_id}.{row.id}",
        **_columns(row, "type", "content", "agent_name", "created_at", session_oid="session_id"),
        "code": row.metadata.get("code"),
    }


_OF_MESSAGES: Final[Mapping[str, Criterion]] = {
    "session_oid": _is(messages.c.session_id),
    "agent": _is(sessions.c.agent_name),
    **_within(messages.c.created_at),
}
_IN_ORDER: Final = (messages.c.created_at, messages.c.session_id, messages.c.id)
_LOGS: Final = select(messages, *_OF_SESSION).join(sessions, sessions.c.id == messages.c.session_id).where(_SHOWN)

_MESSAGES: Final = Source(
    _LOGS.where(_visible()),
    sessions.c.organisation_id,
    _IN_ORDER,
    {"state": _is(messages.c.type), **_OF_MESSAGES},
    _message_named,
    _message,
)


# --- usage: each task that has ended says what it took

_ENDS: Final = {"DONE": "finished", "ERROR": "failed"}


def _usage(row: Row[Any]) -> Record:
    used = row.metadata.get("usage") or {}
    names = ("requests", "input_tokens", "cached_tokens", "output_tokens")
    return {
        "oid": f"{row.session_id}.{row.id}",
        "session_oid": row.session_id,
        "state": _ENDS[row.type],
        **_columns(row, "agent_name", "model", "created_at"),
        "steps": row.metadata.get("steps"),
        "seconds": row.metadata.get("seconds"),
        **{name: used.get(name, 0) for name in names},
        # Without a language model nothing was paid for; with one of unknown price it is not known.
        "cost_usd": used.get("cost_usd") if used else 0.0,
    }


_USAGE: Final = Source(
    _LOGS.add_columns(sessions.c.model).where(
        messages.c.type.in_(_ENDS), messages.c.metadata["seconds"].as_float().is_not(None)
    ),
    sessions.c.organisation_id,
    _IN_ORDER,
    {"state": lambda value: messages.c.type.in_([t for t, s in _ENDS.items() if s == value]), **_OF_MESSAGES},
    _message_named,
    _usage,
)


# --- requests; each is there a moment after its answer


def _request(row: Row[Any]) -> Record:
    return {
        **_columns(row, "method", "url", "status", "latency_ms", "created_at", oid="id", key="key_tail"),
        "state": "failed" if row.status >= _FAILURE else "succeeded",
        "code": row.code or None,
    }


_FAILURE: Final = 400
_REQUESTS: Final = Source(
    select(requests),
    requests.c.organisation_id,
    (requests.c.number,),
    {
        "state": lambda value: requests.c.status >= _FAILURE if value == "failed" else requests.c.status < _FAILURE,
        "code": _is(requests.c.code),
        **_within(requests.c.created_at),
    },
    _is(requests.c.id),
    _request,
)


# --- deliveries and the audit log; their sessions may be gone


def _delivery(row: Row[Any]) -> Record:
    names = ("event", "attempt_count", "next_attempt_at", "created_at", "agent_name")
    renamed = {"state": "status", "event_oid": "event_id", "endpoint_oid": "endpoint_id", "session_oid": "session_id"}
    latest = row.attempts[-1] if row.attempts else {}
    return {
        "oid": str(row.id),
        **_columns(row, *names, **renamed),
        "status_code": latest.get("status_code"),
        "problem": latest.get("problem") or None,
    }


_DELIVERIES: Final = Source(
    select(webhook_deliveries, sessions.c.agent_name).outerjoin(
        sessions, sessions.c.id == webhook_deliveries.c.session_id
    ),
    webhook_deliveries.c.organisation_id,
    (webhook_deliveries.c.id,),
    {
        "state": _is(webhook_deliveries.c.status),
        "agent": _is(sessions.c.agent_name),
        "event": _is(webhook_deliveries.c.event),
        "session_oid": _is(webhook_deliveries.c.session_id),
        **_within(webhook_deliveries.c.created_at),
    },
    _by_number(webhook_deliveries.c.id),
    _delivery,
)


def _audit(row: Row[Any]) -> Record:
    names = ("rule", "risk", "reason", "excerpt", "agent_name", "created_at")
    return {"oid": str(row.id), **_columns(row, *names, state="verdict", session_oid="session_id")}


_AUDIT: Final = Source(
    select(audit, sessions.c.agent_name).outerjoin(sessions, sessions.c.id == audit.c.session_id),
    audit.c.organisation_id,
    (audit.c.id,),
    {
        "state": _is(audit.c.verdict),
        "risk": _is(audit.c.risk),
        "agent": _is(sessions.c.agent_name),
        "session_oid": _is(audit.c.session_id),
        **_within(audit.c.created_at),
    },
    _by_number(audit.c.id),
    _audit,
)


# --- jobs and runs


def _jobs(sealer: Sealer) -> Source:
    rows = JobRows(sealer)

    def job(row: Row[Any]) -> Record:
        found = rows.job_of(row)
        plan = {name: getattr(found.plan, name) for name in found.plan.__dataclass_fields__}
        plan["task"] = without_patterns(found.plan.task)
        return (
            {"oid": found.id, "state": found.state, "next_run_at": found.next_run_at}
            | plan
            | {
                "key_oid": found.key_id or None,
                "created_at": found.created_at,
                "updated_at": found.updated_at,
            }
        )

    return Source(
        select(scheduled_jobs),
        scheduled_jobs.c.organisation_id,
        (scheduled_jobs.c.created_at, scheduled_jobs.c.id),
        {
            "state": _is(scheduled_jobs.c.state),
            "agent": _is(scheduled_jobs.c.agent_name),
            "external_id": _is(scheduled_jobs.c.external_id),
            **_within(scheduled_jobs.c.created_at),
        },
        _is(scheduled_jobs.c.id),
        job,
    )


def _run(row: Row[Any]) -> Record:
    names = ("state", "agent_name", "scheduled_for", "started_at", "ended_at", "code", "outcome")
    return _columns(row, *names, oid="id", job_oid="job_id", session_oid="session_id")


_RUNS: Final = Source(
    select(job_runs, scheduled_jobs.c.agent_name).join(scheduled_jobs, scheduled_jobs.c.id == job_runs.c.job_id),
    job_runs.c.organisation_id,
    (job_runs.c.scheduled_for, job_runs.c.id),
    {
        "state": _is(job_runs.c.state),
        "agent": _is(scheduled_jobs.c.agent_name),
        "job_oid": _is(job_runs.c.job_id),
        **_within(job_runs.c.scheduled_for),
    },
    _is(job_runs.c.id),
    _run,
)


# --- webhook endpoints


def _endpoint(row: Row[Any]) -> Record:
    names = ("scope", "url", "description", "disabled_reason", "failures", "created_at")
    return _columns(row, *names, oid="id") | {
        "version": endpoint_of(row).etag,
        "state": "enabled" if row.enabled else "disabled",
        "events": list(row.events),
    }


_ENDPOINTS: Final = Source(
    select(webhook_endpoints),
    webhook_endpoints.c.organisation_id,
    (webhook_endpoints.c.created_at, webhook_endpoints.c.id),
    {
        "state": lambda value: webhook_endpoints.c.enabled.is_(value == "enabled"),
        **_within(webhook_endpoints.c.created_at),
    },
    _is(webhook_endpoints.c.id),
    _endpoint,
)


# --- keys; their text is nowhere


#: When the query is made. The database's own clock has another form, and only whole seconds.
_NOW: Final = bindparam("now", callable_=lambda: datetime.now(UTC), type_=UtcDateTime)
_KEY_STATE: Final = case(
    (keys.c.revoked_at.is_not(None), "revoked"),
    (keys.c.expires_at <= _NOW, "expired"),
    (keys.c.disabled.is_(True), "disabled"),
    else_="active",
)


def _key(row: Row[Any]) -> Record:
    names = ("state", "name", "kind", "scopes", "tiers", "agents", "requests_per_minute", "expires_at", "last_used_at")
    shown = _columns(row, *names, "created_at", oid="id", last_five="tail")
    return {**shown, "prefix": f"{PREFIX}{row.public}", "version": key_of(row).etag}


_KEYS: Final = Source(
    select(keys, _KEY_STATE.label("state")),
    keys.c.organisation_id,
    (keys.c.created_at, keys.c.id),
    {"state": _is(_KEY_STATE), **_within(keys.c.created_at)},
    _is(keys.c.id),
    _key,
)


def sources(sealer: Sealer) -> Mapping[str, Source]:
    """All of them, by the name of their resource."""
    return {
        "sessions": _SESSIONS,
        "messages": _MESSAGES,
        "requests": _REQUESTS,
        "usage": _USAGE,
        "deliveries": _DELIVERIES,
        "audit": _AUDIT,
        "jobs": _jobs(sealer),
        "runs": _RUNS,
        "endpoints": _ENDPOINTS,
        "keys": _KEYS,
    }
