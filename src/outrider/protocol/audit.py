"""Bodies of the audit log."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from outrider.protocol.schemas import Timestamp

__all__ = ["AuditBody", "AuditPage", "RiskName", "VerdictName"]

RiskName = Literal["purchase", "credentials", "download", "upload", "deletion", "leaving", "injection", "abuse"]
VerdictName = Literal["allow", "flag", "ask", "block"]


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class AuditBody(_Reply):
    """One decision of screening."""

    id: int
    session_id: str
    message_id: int | None = Field(description="Of the message that started the task; null when it was not taken.")
    rule: str = Field(examples=["purchase.button"])
    risk: RiskName
    decision: VerdictName
    reason: str
    excerpt: str = Field(description="What it is about, shortened; without secrets.")
    at: Timestamp


class AuditPage(_Reply):
    """Decisions, the newest first."""

    entries: tuple[AuditBody, ...]
    next_before: int | None = Field(description="Pass it as “before” for what comes next; null at the end.")
