"""What screening says about a text, an action or a page, and the record of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

__all__ = ["AuditEntry", "AuditFilter", "AuditStore", "Mode", "RiskClass", "Ruling", "Verdict"]


class RiskClass(StrEnum):
    """What is at stake."""

    PURCHASE = "purchase"
    CREDENTIALS = "credentials"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    DELETION = "deletion"
    #: Going to a site outside of ``allowed_sites``.
    LEAVING = "leaving"
    #: Text of a page that speaks to the agent.
    INJECTION = "injection"
    #: A task that harms others or breaks the law.
    ABUSE = "abuse"


class Verdict(StrEnum):
    """What becomes of it, from the mildest to the strictest."""

    ALLOW = "allow"
    #: Goes on, but is marked and recorded.
    FLAG = "flag"
    ASK = "ask"
    BLOCK = "block"


class Mode(StrEnum):
    """What a policy says about a class of actions."""

    ALLOW = "allow"
    #: Asked about, unless the user's own words clearly ask for it.
    ASK = "ask"
    #: Asked about in any case.
    ALWAYS_ASK = "always_ask"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision of screening."""

    verdict: Verdict
    #: Id of the rule that made it: ``purchase.button``.
    rule: str
    risk: RiskClass
    #: One sentence for people.
    reason: str
    #: What it is about, shortened; without secrets.
    excerpt: str = ""
    #: Where a user's answer to it holds: the site of the page, or "" for wherever it comes up again.
    site: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A ruling as the audit log keeps it. Ids rise; 0 before it is stored."""

    organisation_id: str
    session_id: str
    #: Id of the message that started the task; None for one that was not taken.
    message_id: int | None
    ruling: Ruling
    #: Aware UTC.
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of an organisation are asked for; None is any."""

    session_id: str | None = None
    verdict: Verdict | None = None
    risk: RiskClass | None = None
    #: Only those with smaller ids.
    before: int | None = None


class AuditStore(Protocol):
    """The record of rulings. Every method is one transaction, durable when it returns. Raises STORAGE_FAILED."""

    async def add(self, entries: Sequence[AuditEntry]) -> None: ...

    async def find(self, organisation_id: str, wanted: AuditFilter, limit: int) -> tuple[AuditEntry, ...]:
        """Entries that fit, the newest first."""
        ...

    async def purge(self, before: datetime) -> int:
        """Remove entries made before then; returns how many."""
        ...
