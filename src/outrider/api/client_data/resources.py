"""The resources of the surface: what each shows, how it can be filtered, and where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from outrider.api.gate import verb_of
from outrider.protocol.client_data import (
    AuditItem,
    DeliveryItem,
    EndpointItem,
    Item,
    JobItem,
    KeyItem,
    MessageItem,
    RequestItem,
    RunItem,
    SessionItem,
    UsageItem,
)
from outrider.protocol.client_data_requests import (
    AuditQuery,
    DeliveryQuery,
    EndpointQuery,
    JobQuery,
    KeyQuery,
    MessageQuery,
    Paging,
    RequestQuery,
    RunQuery,
    SessionQuery,
    UsageQuery,
)

__all__ = ["ADMINISTRATION", "OPERATIONS", "REPORTING", "RESOURCES", "TIERS", "Resource", "scope_of"]

REPORTING: Final = "reporting"
OPERATIONS: Final = "operations"
ADMINISTRATION: Final = "administration"
#: What the tiers are for.
TIERS: Final[Mapping[str, str]] = {
    REPORTING: "What has happened: to be read.",
    OPERATIONS: "Jobs, and what has happened.",
    ADMINISTRATION: "Who and what is connected to the client's account.",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource; its name is its part of the path and that of its source in ``interfaces.reports``."""

    name: str
    #: For people: what one of them is called.
    noun: str
    item: type[Item]
    query: type[Paging]
    tiers: tuple[str, ...]
    #: Of the scopes that a key needs.
    area: str
    #: They are stored a moment after they have come about.
    is_late: bool = False


_REPORTS: Final = (REPORTING, OPERATIONS)

RESOURCES: Final[Mapping[str, Resource]] = {
    resource.name: resource
    for resource in (
        Resource("sessions", "session", SessionItem, SessionQuery, _REPORTS, "sessions"),
        Resource("messages", "message", MessageItem, MessageQuery, _REPORTS, "sessions"),
        Resource("requests", "request", RequestItem, RequestQuery, _REPORTS, "requests", is_late=True),
        Resource("usage", "task's usage", UsageItem, UsageQuery, _REPORTS, "sessions"),
        Resource("deliveries", "delivery", DeliveryItem, DeliveryQuery, _REPORTS, "webhooks"),
        Resource("audit", "decision of screening", AuditItem, AuditQuery, _REPORTS, "audit"),
        Resource("jobs", "job", JobItem, JobQuery, (OPERATIONS,), "jobs"),
        Resource("runs", "run of a job", RunItem, RunQuery, (OPERATIONS,), "jobs"),
        Resource("keys", "key", KeyItem, KeyQuery, (ADMINISTRATION,), "keys"),
        Resource("endpoints", "receiver of webhooks", EndpointItem, EndpointQuery, (ADMINISTRATION,), "webhooks"),
    )
}


def scope_of(path: str, method: str) -> tuple[str, str]:
    """The scope and the tier that a request to ``/v4/{tier}/{shortName}/{resource}…`` needs."""
    _, _, tier, _, name, *_ = path.split("/")
    return f"{RESOURCES[name].area}:{verb_of(method)}", tier
