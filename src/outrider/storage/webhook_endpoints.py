"""Endpoints of webhooks and the secrets that sign what they get, within a transaction."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from outrider.interfaces.sessions import SessionSpec
from outrider.interfaces.webhooks import DeliveryStatus, Endpoint, Scope, Secret
from outrider.problems import OutriderError
from outrider.protocol.conditional import UNCONDITIONAL, Precondition
from outrider.storage.schema import webhook_deliveries, webhook_endpoints, webhook_secrets

__all__ = [
    "add_endpoint",
    "add_secret",
    "change_endpoint",
    "endpoint_of",
    "ensure_secret",
    "get_endpoint",
    "list_endpoints",
    "remove_endpoint",
    "secrets_of",
    "subscribers",
    "wake",
]

_BY_ORGANISATION: Final = select(webhook_endpoints).where(
    webhook_endpoints.c.organisation_id == bindparam("organisation_id")
)
_REGISTERED: Final = _BY_ORGANISATION.where(webhook_endpoints.c.scope == Scope.ORGANISATION.value)
_SUBSCRIBERS: Final = _REGISTERED.where(webhook_endpoints.c.enabled).order_by(webhook_endpoints.c.id)
_BY_ID: Final = select(webhook_endpoints).where(webhook_endpoints.c.id == bindparam("id"))
_PENDING: Final = (
    select(webhook_deliveries.c.id)
    .where(
        webhook_deliveries.c.endpoint_id == bindparam("endpoint_id"),
        webhook_deliveries.c.status == DeliveryStatus.PENDING.value,
    )
    .limit(1)
)


def endpoint_of(row: Row[Any]) -> Endpoint:
    return Endpoint(
        id=row.id,
        organisation_id=row.organisation_id,
        scope=Scope(row.scope),
        url=row.url,
        events=tuple(row.events),
        description=row.description,
        enabled=row.enabled,
        disabled_reason=row.disabled_reason,
        failures=row.failures,
        created_at=row.created_at,
    )


def add_endpoint(connection: Connection, endpoint: Endpoint, secret: Secret, limit: int) -> None:
    registered = connection.execute(_REGISTERED, {"organisation_id": endpoint.organisation_id}).all()
    _refuse_same_url(registered, endpoint.url)
    if len(registered) >= limit:
        raise OutriderError("WEBHOOK_ENDPOINT_LIMIT", limit=limit)
    _insert(connection, endpoint)
    connection.execute(insert(webhook_secrets), {"signer": endpoint.signer, "sealed": secret.sealed})


def list_endpoints(connection: Connection, organisation_id: str, after: str, limit: int) -> tuple[Endpoint, ...]:
    page = _BY_ORGANISATION.where(webhook_endpoints.c.id > after).order_by(webhook_endpoints.c.id).limit(limit)
    return tuple(map(endpoint_of, connection.execute(page, {"organisation_id": organisation_id})))


def get_endpoint(connection: Connection, organisation_id: str, endpoint_id: str) -> Endpoint:
    row = connection.execute(_BY_ID, {"id": endpoint_id}).one_or_none()
    if row is None or row.organisation_id != organisation_id:
        raise OutriderError("WEBHOOK_ENDPOINT_NOT_FOUND", endpoint=endpoint_id)
    return endpoint_of(row)


def change_endpoint(
    connection: Connection, organisation_id: str, endpoint_id: str, changes: Mapping[str, Any], expected: Precondition
) -> Endpoint:
    """An endpoint that is enabled begins anew: what failed before does not count against it."""
    expected.check(get_endpoint(connection, organisation_id, endpoint_id).etag)
    if "url" in changes:
        registered = connection.execute(_REGISTERED, {"organisation_id": organisation_id}).all()
        _refuse_same_url([row for row in registered if row.id != endpoint_id], changes["url"])
    values = dict(changes)
    if "enabled" in values:
        values |= {"disabled_reason": ""}
    if values:
        connection.execute(update(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id).values(**values))
    changed = get_endpoint(connection, organisation_id, endpoint_id)
    if changed.enabled and changes.keys() & {"url", "enabled"}:
        wake(connection, endpoint_id)
    return get_endpoint(connection, organisation_id, endpoint_id)


def wake(connection: Connection, endpoint_id: str) -> None:
    """Have what waits for an endpoint, if anything does, tried at once and with the whole schedule."""
    waits = connection.execute(_PENDING, {"endpoint_id": endpoint_id}).first() is not None
    again = {"failures": 0, "due_at": datetime.now(UTC) if waits else None}
    connection.execute(update(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id).values(**again))


def remove_endpoint(connection: Connection, organisation_id: str, endpoint_id: str, expected: Precondition) -> None:
    """Its deliveries go with it."""
    endpoint = get_endpoint(connection, organisation_id, endpoint_id)
    expected.check(endpoint.etag)
    connection.execute(delete(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id))
    if endpoint.scope is Scope.ORGANISATION:
        connection.execute(delete(webhook_secrets).where(webhook_secrets.c.signer == endpoint.signer))


def subscribers(connection: Connection, spec: SessionSpec, event: str) -> list[str]:
    """Ids of the endpoints that get a session's event; the one of its own URL is made when there is none."""
    rows = connection.execute(_SUBSCRIBERS, {"organisation_id": spec.organisation_id})
    found = [row.id for row in rows if not row.events or event in row.events]
    if spec.webhook_url:
        own = _session_endpoint(connection, spec.organisation_id, spec.webhook_url, event)
        found += [own.id] if own.enabled else []
    return found


def _session_endpoint(connection: Connection, organisation_id: str, url: str, event: str) -> Endpoint:
    """The endpoint of a session's URL. A new session that names the URL enables it again."""
    digest = sha256(f"{organisation_id} {url}".encode()).hexdigest()
    endpoint_id = f"wu_{digest[:32]}"
    row = connection.execute(_BY_ID, {"id": endpoint_id}).one_or_none()
    if row is not None and not row.enabled and event == "session.created":
        return change_endpoint(connection, organisation_id, endpoint_id, {"enabled": True}, UNCONDITIONAL)
    if row is not None:
        return endpoint_of(row)
    made = Endpoint(endpoint_id, organisation_id, Scope.SESSION, url, (), "", True, "", 0, datetime.now(UTC))
    _insert(connection, made)
    return made


def secrets_of(connection: Connection, signer: str) -> tuple[Secret, ...]:
    """Those that have not expired, the newest first."""
    sign_now = or_(webhook_secrets.c.expires_at.is_(None), webhook_secrets.c.expires_at > datetime.now(UTC))
    query = select(webhook_secrets).where(webhook_secrets.c.signer == signer, sign_now)
    rows = connection.execute(query.order_by(webhook_secrets.c.id.desc()))
    return tuple(Secret(row.sealed, row.expires_at) for row in rows)


def ensure_secret(connection: Connection, signer: str, secret: Secret) -> tuple[Secret, ...]:
    found = secrets_of(connection, signer)
    if found:
        return found
    connection.execute(insert(webhook_secrets), {"signer": signer, "sealed": secret.sealed})
    return (secret,)


def add_secret(connection: Connection, signer: str, secret: Secret, previous_until: datetime, limit: int) -> None:
    mine = webhook_secrets.c.signer == signer
    connection.execute(delete(webhook_secrets).where(mine, webhook_secrets.c.expires_at <= datetime.now(UTC)))
    later = or_(webhook_secrets.c.expires_at.is_(None), webhook_secrets.c.expires_at > previous_until)
    connection.execute(update(webhook_secrets).where(mine, later).values(expires_at=previous_until))
    connection.execute(delete(webhook_secrets).where(mine, webhook_secrets.c.expires_at <= datetime.now(UTC)))
    count = connection.execute(select(func.count()).select_from(webhook_secrets).where(mine)).scalar_one()
    if count >= limit:
        raise OutriderError("WEBHOOK_SECRETS_LIMIT", limit=limit)
    connection.execute(insert(webhook_secrets), {"signer": signer, "sealed": secret.sealed})


def _refuse_same_url(registered: Sequence[Row[Any]], url: str) -> None:
    same = next((row.id for row in registered if row.url == url), None)
    if same is not None:
        raise OutriderError("WEBHOOK_ENDPOINT_EXISTS", endpoint=same)


def _insert(connection: Connection, endpoint: Endpoint) -> None:
    row = {
        "id": endpoint.id,
        "organisation_id": endpoint.organisation_id,
        "scope": endpoint.scope.value,
        "url": endpoint.url,
        "events": list(endpoint.events),
        "description": endpoint.description,
        "enabled": endpoint.enabled,
        "disabled_reason": endpoint.disabled_reason,
        "failures": endpoint.failures,
        "created_at": endpoint.created_at,
    }
    connection.execute(insert(webhook_endpoints), row)
