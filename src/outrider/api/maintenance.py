"""The switch for maintenance: the operator closes the server for all organisations, and opens it again."""

from fastapi import APIRouter

from outrider.api.dependencies import Caller, Dependencies, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.traffic import SWITCH_PATH, Maintenance
from outrider.interfaces.identities import OPERATOR_AREA
from outrider.protocol.requests import MaintenanceBody, SwitchMaintenance
from outrider.telemetry import get_logger

__all__ = ["router"]

router = APIRouter(prefix=SWITCH_PATH, tags=[OPERATOR_AREA], route_class=GuardedRoute, dependencies=KEY_SCHEMES)

log = get_logger(__name__)


@router.get("", responses=documented("UNAUTHORIZED", "SCOPE_MISSING"))
async def get_maintenance(wiring: Wiring) -> MaintenanceBody:
    """Whether the server is closed. Answered also while it is."""
    return _body(wiring)


@router.put(
    "",
    responses=documented(
        "UNAUTHORIZED",
        "SCOPE_MISSING",
        "MALFORMED_JSON",
        "PAYLOAD_TOO_LARGE",
        "UNSUPPORTED_MEDIA_TYPE",
        "UNPROCESSABLE",
    ),
)
async def switch_maintenance(wiring: Wiring, caller: Caller, body: SwitchMaintenance) -> MaintenanceBody:
    """Close the server or open it again; what is under way goes on. A restart has it as the settings say."""
    wiring.requests.traffic.maintenance = Maintenance(body.note, body.retry_after_seconds) if body.active else None
    log.info("maintenance", active=body.active, key=f"…{caller.key_tail}")
    return _body(wiring)


def _body(wiring: Dependencies) -> MaintenanceBody:
    closed = wiring.requests.traffic.maintenance
    told = closed or Maintenance()
    return MaintenanceBody(active=closed is not None, note=told.note, retry_after_seconds=told.retry_after_seconds)
