"""Which rights there are, and that nobody gives more than they have."""

from collections.abc import Iterable
from datetime import UTC, datetime

from outrider.identities.keys import DEFAULT_ORGANISATION
from outrider.interfaces.identities import AREAS, OPERATOR_AREA, VERBS, KeyRecord, Principal
from outrider.problems import OutriderError
from outrider.protocol.times import milliseconds

__all__ = ["check_key"]


def check_key(giver: Principal, key: KeyRecord, *, new_end: bool = True) -> None:
    """Whether the giver may make a key what it is to be.

    Raises SCOPE_UNKNOWN for a scope that no endpoint asks for, EXPIRY_PAST when a ``new_end`` is over, GRANT_EXCEEDED
    unless the giver has all that the key gets, and for as long. The operator has all rights, also in other
    organisations; but keys of those never get the operator's own area.
    """
    for scope in sorted(key.scopes):
        area, _, verb = scope.partition(":")
        if area not in (*AREAS, "*") or verb not in VERBS:
            raise OutriderError("SCOPE_UNKNOWN", scope=scope, areas=", ".join(("*", *AREAS)), verbs=", ".join(VERBS))
    if new_end and key.expires_at is not None and key.expires_at <= datetime.now(UTC):
        raise OutriderError("EXPIRY_PAST", expires_at=milliseconds(key.expires_at))
    for what in _missing(giver, key):
        raise OutriderError("GRANT_EXCEEDED", what=what)


def _missing(giver: Principal, key: KeyRecord) -> Iterable[str]:
    for scope in sorted(key.scopes):
        of_operator = scope.startswith(f"{OPERATOR_AREA}:") and key.organisation_id != DEFAULT_ORGANISATION
        if of_operator or not giver.allows(scope):
            yield f"the scope “{scope}”" + (" outside the operator's organisation" if of_operator else "")
    for tier in sorted(key.tiers - giver.tiers):
        yield f"the tier “{tier}”"
    if giver.agents is not None and (key.agents is None or not key.agents <= giver.agents):
        yield "agents that it may not use itself"
    if _exceeds(key.requests_per_minute, giver.requests_per_minute):
        yield "more requests a minute than it has"
    if giver.expires_at is not None and (key.expires_at is None or key.expires_at > giver.expires_at):
        yield "more time than it has itself"


def _exceeds(wanted: int | None, own: int | None) -> bool:
    return own is not None and (wanted is None or wanted > own)
