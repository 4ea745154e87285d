"""The credits part of the SDK."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from outrider.client.paging import items_of_pages
from outrider.client.paths import path_of

__all__ = ["CreditCalls"]

Json = dict[str, Any]

_OWN: Final = "/v1/credits"
_OF_OTHERS: Final = "/v1/admin/credits"


class CreditCalls:
    """``client.credits``. Another organisation's, by id or short name, are the operator's to see and to grant."""

    def __init__(self, send: Callable[..., Awaitable[Json]]) -> None:
        """``send(method, path, body=…, query=…)`` makes a request that is answered with a JSON object."""
        self._send = send

    async def balance(self, organisation_id: str | None = None) -> Json:
        """What may be spent, ``available``, and what is ``held``."""
        return await self._send("GET", _path(organisation_id))

    async def statement(self, organisation_id: str | None = None, *, limit: int | None = None) -> AsyncIterator[Json]:
        """What was granted, held, charged and given back, the newest first: at most ``limit`` lines."""
        async for line in items_of_pages(self._send, f"{_path(organisation_id)}/statement", "lines", {}, limit):
            yield line

    async def grant(self, organisation_id: str, amount: int, reference: str, *, memo: str = "") -> Json:
        """Give credits. Repeated with the same reference and amount, it gives nothing more and tells of that grant."""
        body = {"organisation_id": organisation_id, "amount": amount, "reference": reference, "memo": memo}
        return await self._send("POST", f"{_OF_OTHERS}/grants", body=body)


def _path(organisation_id: str | None) -> str:
    return _OWN if organisation_id is None else path_of(_OF_OTHERS, organisation_id)
