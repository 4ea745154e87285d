"""Lists and single items: the same two endpoints for every resource and tier."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from outrider.api.client_data.answers import CONTENT, answer, answer_item, failures
from outrider.api.client_data.resources import Resource
from outrider.api.conditional import VERSIONED
from outrider.api.dependencies import Caller, Dependencies, Wiring
from outrider.protocol.client_data import Link, Page
from outrider.protocol.client_data_requests import Paging

__all__ = ["ON_AN_ITEM", "Oid", "add_reading"]

_ON_ALL: Final = ("UNAUTHORIZED", "SCOPE_MISSING", "INSUFFICIENT_TIER", "VALIDATION_ERROR")
ON_AN_ITEM: Final = (*_ON_ALL, "CLIENT_FORBIDDEN", "RECORD_NOT_FOUND")

Oid = Annotated[str, Path(alias="OID", max_length=200, description="As lists have it.")]
_Endpoint = Callable[..., Awaitable[Response]]


def add_reading(router: APIRouter, tier: str, resource: Resource) -> None:
    """Add ``GET …/{resource}`` and ``GET …/{resource}/{OID}`` of a tier."""
    path = f"/v4/{tier}/{{shortName}}/{resource.name}"
    name = f"{tier}_{resource.name}"
    router.get(
        path,
        name=f"list_{name}",
        operation_id=f"list_{name}",
        tags=[tier],
        summary=f"List {resource.name}",
        response_model=Page[resource.item],  # type: ignore[name-defined] # it is a type
        responses=failures(*_ON_ALL) | {200: {"content": dict(CONTENT)}},
    )(_listing(resource))
    router.get(
        f"{path}/{{OID}}",
        name=f"get_{name}",
        operation_id=f"get_{name}",
        tags=[tier],
        summary=f"One {resource.noun}",
        response_model=resource.item,
        responses=failures(*ON_AN_ITEM) | {200: {"content": dict(CONTENT)}} | VERSIONED,
    )(_single(resource))


def _listing(resource: Resource) -> _Endpoint:
    async def listing(request: Request, wiring: Wiring, caller: Caller, query: Any) -> Response:
        """A part of the list, the oldest first, and where its other parts are."""
        await _up_to_date(resource, wiring)
        found = await wiring.client_data.reports.page(
            resource.name, caller.organisation_id, query.filters(), query.offset, query.count
        )
        items = tuple(map(resource.item.of, found.records))
        links = _links(request, wiring.base_url(request.scope), query, found.total)
        return answer(request, Page[resource.item](count=found.total, data=items, links=links))  # type: ignore[name-defined]

    listing.__annotations__["query"] = Annotated[resource.query, Query()]
    return listing


def _single(resource: Resource) -> _Endpoint:
    async def single(request: Request, wiring: Wiring, caller: Caller, oid: Oid) -> Response:
        """The item as it is now."""
        await _up_to_date(resource, wiring)
        record = await wiring.client_data.reports.get(resource.name, caller.organisation_id, oid)
        return answer_item(request, resource.item.of(record))

    return single


async def _up_to_date(resource: Resource, wiring: Dependencies) -> None:
    if resource.is_late:
        await wiring.requests.recorder.flush()


def _links(request: Request, base_url: str, query: Paging, total: int) -> tuple[Link, ...]:
    """The parts of the list around this one. The key is never in them."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name in _names(query)]
    last = (max(total - 1, 0) // query.count) * query.count
    offsets = {"self": query.offset, "first": 0, "last": last}
    if query.offset > 0:
        offsets["prev"] = max(query.offset - query.count, 0)
    if query.offset + query.count < total:
        offsets["next"] = query.offset + query.count

    def href(offset: int) -> str:
        parameters = [("offset", str(offset)), ("count", str(query.count)), *kept]
        return f"{base_url}{request.url.path}?{urlencode(parameters)}"

    return tuple(Link.model_validate({"relationship": name, "href": href(offset)}) for name, offset in offsets.items())


def _names(query: Paging) -> frozenset[str]:
    """Of the filters, as they stand in an address."""
    fields = type(query).model_fields
    return frozenset(field.alias or name for name, field in fields.items() if name not in ("offset", "count"))
