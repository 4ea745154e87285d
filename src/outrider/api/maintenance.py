"""The switch for maintenance: the operator closes the server for all organisations, and opens it again."""

from fastapi import APIRouter

from outrider.api.dependencies import Caller, Dependencies, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.traffic import SWITCH_PATH, Maintenance
from outrider.identities.keys import DEFAULT_ORGANISATION
from outrider.interfaces.identities import Principal
from outrider.problems import OutriderError
from outrider.protocol.requests import MaintenanceBody, SwitchMaintenance
from outrider.telemetry import get_logger

__all__ = ["router"]

router = APIRouter(prefix=SWITCH_PATH, tags=["admin"], route_class=GuardedRoute, dependencies=KEY_SCHEMES)

log = get_logger(__name__)


@router.get("", responses=documented("UNAUTHORIZED", "OPERATOR_ONLY"))
async def get_maintenance(wiring: Wiring, caller: Caller) -> MaintenanceBody:
    """Whether the server is closed. Answered also while it is."""
    _require_operator(caller)
    return _body(wiring)


@router.put(
    "",
    responses=documented(
        "UNAUTHORIZED",
        "OPERATOR_ONLY",
        "MALFORMED_JSON",
        "PAYLOAD_TOO_LARGE",
        "UNSUPPORTED_MEDIA_TYPE",
        "UNPROCESSABLE",
    ),
)
async def switch_maintenance(wiring: Wiring, caller: Caller, body: SwitchMaintenance) -> MaintenanceBody:
    """Close the server or open it again; what is under way goes on. A restart has it as the settings say."""
    _require_operator(caller)
    wiring.requests.traffic.maintenance = Maintenance(body.note, body.retry_after_seconds) if body.active else None
    log.info("maintenance", active=body.active, key=f"…{caller.key_tail}")
    return _body(wiring)


def _require_operator(caller: Principal) -> None:
    if caller.organisation_id != DEFAULT_ORGANISATION:
        raise OutriderError("OPERATOR_ONLY")


def _body(wiring: Dependencies) -> MaintenanceBody:
    closed = wiring.requests.traffic.maintenance
    told = closed or Maintenance()
    return MaintenanceBody(active=closed is not None, note=told.note, retry_after_seconds=told.retry_after_seconds)
