"""Organisations, keys and who makes a request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

#: Each includes the ones before it.
VERBS: Final = ("read", "write", "manage")
#: Of client data.
TIERS: Final = ("reporting", "operations", "administration")
#: May do everything, in all areas.
EVERYTHING: Final = "*:manage"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request, and what they may do."""

    organisation_id: str
    key_id: str
    #: Last five characters of the key, for logs.
    key_tail: str
    #: ``area:verb`` (reference page ``agent-platforms``, section 3); the area ``*`` stands for all.
    scopes: frozenset[str] = frozenset()
    #: Tiers of client data: reporting, operations, administration.
    tiers: frozenset[str] = frozenset()
    #: Names or ids of the only agents that may be used; None for all.
    agents: frozenset[str] | None = None
    #: Of the organisation.
    short_name: str = ""

    def allows(self, scope: str) -> bool:
        """Whether one of the scopes includes this one."""
        area, _, verb = scope.partition(":")
        including = VERBS[VERBS.index(verb) :]
        return any(f"{one}:{other}" in self.scopes for one in (area, "*") for other in including)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A stored API key: never its text."""

    id: str
    organisation_id: str
    #: The eight public characters after ``ok_live_``.
    public: str
    #: SHA-256 of the whole key, hexadecimal.
    digest: str
    tail: str
    created_at: datetime


class KeyStore(Protocol):
    """Organisations and their keys."""

    async def add_organisation(self, organisation_id: str, short_name: str) -> None:
        """Store an organisation; one that exists is left as it is."""
        ...

    async def add_key(self, key: KeyRecord) -> None: ...

    async def find_key(self, public: str) -> KeyRecord | None:
        """The key with these public characters, or None."""
        ...

    async def has_keys(self) -> bool: ...
