"""Organisations, keys and who makes a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol

from outrider.protocol.conditional import UNCONDITIONAL, Precondition, etag_of

__all__ = [
    "AREAS",
    "EVERYTHING",
    "OPERATOR_AREA",
    "OPERATOR_SCOPES",
    "TIERS",
    "VERBS",
    "KeyKind",
    "KeyRecord",
    "KeyStore",
    "Organisation",
    "OrganisationLimits",
    "Plan",
    "Principal",
]

Plan = Literal["free", "starter", "growth", "enterprise"]
KeyKind = Literal["internal", "integration"]

#: Each includes the ones before it.
VERBS: Final = ("read", "write", "manage")
#: Of client data.
TIERS: Final = ("reporting", "operations", "administration")
#: All organisations: the operator's alone. It has to be named, the area ``*`` does not include it.
OPERATOR_AREA: Final = "organisations"
#: What scopes are about, beside ``*`` for everything of one organisation.
AREAS: Final = (
    "admin",
    "agents",
    "audit",
    "chat",
    "credits",
    "jobs",
    "keys",
    OPERATOR_AREA,
    "requests",
    "sessions",
    "vault",
    "webhooks",
)
#: May do everything in an organisation.
EVERYTHING: Final = "*:manage"
#: May do everything.
OPERATOR_SCOPES: Final = frozenset({EVERYTHING, f"{OPERATOR_AREA}:manage"})


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationLimits:
    """How much an organisation may do; None leaves it to its plan or to the server's settings."""

    plan: Plan = "enterprise"
    requests_per_minute: int | None = None
    #: At the same time; so are streams.
    max_sessions: int | None = None
    max_streams: int | None = None
    #: The only models that it may use.
    models: frozenset[str] | None = None
    idle_timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(OrganisationLimits):
    """A client of the server."""

    id: str
    #: Names it in paths: small letters, digits and hyphens.
    short_name: str
    #: For people.
    name: str = ""
    #: For a while: its keys and tokens are refused, its sessions end, and it can be enabled again.
    disabled: bool = False
    created_at: datetime = field(default_factory=_now)
    #: Raised by each change.
    version: int = 1

    @property
    def etag(self) -> str:
        """Tells versions apart."""
        return etag_of(self.id, self.version)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request, and what they may do."""

    organisation_id: str
    key_id: str
    #: Last five characters of the key, for logs.
    key_tail: str
    #: ``area:verb`` (reference page ``agent-platforms``, section 3); the area ``*`` stands for all but the operator's.
    scopes: frozenset[str] = frozenset()
    #: Tiers of client data that may be used, of ``TIERS``.
    tiers: frozenset[str] = frozenset()
    #: Names or ids of the only agents that may be used; None for all.
    agents: frozenset[str] | None = None
    #: Of the organisation.
    short_name: str = ""
    #: Of this key; None leaves it to the server's settings.
    requests_per_minute: int | None = None
    #: When the key ends.
    expires_at: datetime | None = None
    #: Of the organisation.
    limits: OrganisationLimits = OrganisationLimits()

    def allows(self, scope: str) -> bool:
        """Whether one of the scopes includes this one."""
        area, _, verb = scope.partition(":")
        including = VERBS[VERBS.index(verb) :]
        areas = (area,) if area == OPERATOR_AREA else (area, "*")
        return any(f"{one}:{other}" in self.scopes for one in areas for other in including)

    def may_use(self, *names: str) -> bool:
        """Whether the key may use an agent that goes by these names: one of them has to be among its agents."""
        return self.agents is None or not self.agents.isdisjoint(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A stored API key: never its text."""

    id: str
    organisation_id: str
    #: For people.
    name: str = ""
    #: The rights of an integration key are fixed; those of an internal key can be changed.
    kind: KeyKind = "internal"
    #: The eight public characters after ``ok_live_``.
    public: str
    #: SHA-256 of the whole key, hexadecimal.
    digest: str
    #: The last five characters.
    tail: str
    scopes: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    agents: frozenset[str] | None = None
    requests_per_minute: int | None = None
    expires_at: datetime | None = None
    #: For a while: it can be enabled again.
    disabled: bool = False
    #: For ever.
    revoked_at: datetime | None = None
    #: Some seconds late: written in batches.
    last_used_at: datetime | None = None
    created_at: datetime = field(default_factory=_now)
    #: Raised by each change; being used is none.
    version: int = 1

    @property
    def etag(self) -> str:
        """Tells versions apart."""
        return etag_of(self.id, self.version)


class KeyStore(Protocol):
    """Organisations and their keys. Every method is one transaction, durable when it returns.

    Changes are fields of ``Organisation`` or ``KeyRecord`` by name. Raises ORGANISATION_NOT_FOUND and KEY_NOT_FOUND for
    ids that are not there, VERSION_CONFLICT for a row that is not what was ``expected``.
    """

    async def add_organisation(self, organisation: Organisation) -> None:
        """Store a new one. Raises SHORT_NAME_TAKEN."""
        ...

    async def organisation(self, name: str) -> Organisation:
        """The one with this id or short name."""
        ...

    async def find_organisation(self, name: str) -> Organisation | None:
        """The one with this id or short name, or None."""
        ...

    async def organisations(self, before: str | None, limit: int) -> tuple[Organisation, ...]:
        """The newest first, only those older than the one with the id ``before``."""
        ...

    async def change_organisation(
        self, organisation_id: str, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL
    ) -> Organisation:
        """The changed row. Raises SHORT_NAME_TAKEN."""
        ...

    async def remove_organisation(self, organisation_id: str, expected: Precondition = UNCONDITIONAL) -> None:
        """Close it, revoke its keys and cancel its jobs: from then on it is not found. Its short name stays taken."""
        ...

    async def add_key(self, key: KeyRecord) -> None:
        """Store a new one, unless its organisation has been removed."""
        ...

    async def find_key(self, public: str) -> tuple[KeyRecord, Organisation] | None:
        """The key with these public characters and whose it is, also one that is disabled or revoked; or None."""
        ...

    async def key(self, key_id: str) -> KeyRecord: ...

    async def keys(self, organisation_id: str, before: str | None, limit: int) -> tuple[KeyRecord, ...]:
        """Keys of an organisation, the newest first, only those older than the one with the id ``before``."""
        ...

    async def change_key(
        self, key_id: str, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL
    ) -> KeyRecord:
        """The changed row. Raises KEY_REVOKED for one that has been revoked."""
        ...

    async def revoke_key(self, key_id: str, expected: Precondition = UNCONDITIONAL) -> KeyRecord:
        """End a key for ever. Again, it changes nothing."""
        ...

    async def note_uses(self, uses: Sequence[tuple[str, datetime]]) -> None:
        """When keys, by their ids, were last used."""
        ...

    async def has_keys(self) -> bool: ...
