"""The audit log of screening: what was asked about, blocked, flagged, and allowed although it is risky."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from outrider.api.dependencies import Absent, Caller, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import Before, Limit
from outrider.interfaces.screening import AuditEntry, AuditFilter, RiskClass, Verdict
from outrider.protocol.audit import AuditBody, AuditPage, RiskName, VerdictName
from outrider.protocol.schemas import Text

__all__ = ["router"]

_Id = Annotated[Text, Field(max_length=100)]

router = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)


@router.get("", responses=documented("UNAUTHORIZED", "UNPROCESSABLE", "LIMIT_OUT_OF_RANGE"))
async def list_audit(
    wiring: Wiring,
    caller: Caller,
    session_id: Annotated[_Id | Absent, Query(description="Only of this session; it may be gone.")] = None,
    decision: Annotated[VerdictName | Absent, Query(description="Only these decisions.")] = None,
    risk: Annotated[RiskName | Absent, Query(description="Only of this class.")] = None,
    before: Annotated[Before | Absent, Query(description="Only with ids below.")] = None,
    limit: Limit = 50,
) -> AuditPage:
    """Decisions of screening in the organisation's sessions, the newest first."""
    wanted = AuditFilter(session_id, decision and Verdict(decision), risk and RiskClass(risk), before)
    found = await wiring.audit.find(caller.organisation_id, wanted, limit)
    next_before = found[-1].id if len(found) == limit else None
    return AuditPage(entries=tuple(map(_body, found)), next_before=next_before)


def _body(entry: AuditEntry) -> AuditBody:
    ruling = entry.ruling
    return AuditBody.model_validate(
        {
            "id": entry.id,
            "session_id": entry.session_id,
            "message_id": entry.message_id,
            "rule": ruling.rule,
            "risk": ruling.risk.value,
            "decision": ruling.verdict.value,
            "reason": ruling.reason,
            "excerpt": ruling.excerpt,
            "at": entry.at,
        }
    )
