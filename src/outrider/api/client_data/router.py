"""All endpoints of the surface."""

from fastapi import APIRouter

from outrider.api.client_data.endpoints import add_endpoints
from outrider.api.client_data.gate import GATES, ClientDataRoute
from outrider.api.client_data.jobs import add_jobs
from outrider.api.client_data.keys import add_keys
from outrider.api.client_data.reading import add_reading
from outrider.api.client_data.resources import RESOURCES, TIERS

__all__ = ["router"]

router = APIRouter(route_class=ClientDataRoute, dependencies=GATES)

for tier in TIERS:
    for resource in RESOURCES.values():
        if tier in resource.tiers:
            add_reading(router, tier, resource)
add_jobs(router)
add_keys(router)
add_endpoints(router)
