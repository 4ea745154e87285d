"""Lists that come in pages."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

__all__ = ["items_of_pages"]

Json = dict[str, Any]


async def items_of_pages(
    send: Callable[..., Awaitable[Any]], path: str, name: str, query: Mapping[str, Any], limit: int | None = None
) -> AsyncIterator[Json]:
    """The items of a list, at most ``limit``, page by page; ``name`` is that of the list in a page."""
    given = 0
    while limit is None or given < limit:
        page = await send("GET", path, query=dict(query))
        items = page[name] if limit is None else page[name][: limit - given]
        for item in items:
            yield item
        given += len(items)
        if page["next_before"] is None:
            return
        query = {**query, "before": page["next_before"]}
