"""Keys: made, changed and revoked by whoever administers the client's account."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from outrider.api.client_data.answers import CONTENT, answer_item
from outrider.api.client_data.reading import Oid
from outrider.api.client_data.resources import ADMINISTRATION
from outrider.api.client_data.writing import UNCHANGED, described, nothing, readable, seen
from outrider.api.conditional import Expected
from outrider.api.dependencies import Caller, Dependencies, Wiring
from outrider.interfaces.identities import Principal
from outrider.protocol.client_data import KeyItem
from outrider.protocol.client_data_requests import KeyInput, KeyPatch

__all__ = ["add_keys"]

_PATH: Final = f"/v4/{ADMINISTRATION}/{{shortName}}/keys"
_OF_RIGHTS: Final = ("GRANT_EXCEEDED", "SCOPE_UNKNOWN", "EXPIRY_PAST")
_ON_A_KEY: Final = ("RECORD_NOT_FOUND", "CLIENT_FORBIDDEN", "PRECONDITION_INVALID", "VERSION_CONFLICT")
#: Fields that are sets inside.
_SETS: Final = ("scopes", "tiers", "agents")


class CreatedKey(KeyItem):
    """A new key, with its text, which is not shown again."""

    key: str = Field(examples=["ok_live_1a2B3c4D…"])


def add_keys(router: APIRouter) -> None:
    """Add the endpoints that change keys."""
    tags: Any = [ADMINISTRATION]
    router.post(
        _PATH,
        status_code=201,
        tags=tags,
        response_model=CreatedKey,
        openapi_extra=readable("KeyInput"),
        responses=described(*_OF_RIGHTS) | {201: {"content": dict(CONTENT)}},
    )(create_key)
    router.patch(
        f"{_PATH}/{{OID}}",
        tags=tags,
        response_model=KeyItem,
        openapi_extra=readable("KeyPatch"),
        responses=described(*_OF_RIGHTS, *_ON_A_KEY, "KEY_FIXED", "KEY_REVOKED") | UNCHANGED,
    )(change_key)
    router.delete(f"{_PATH}/{{OID}}", status_code=204, tags=tags, responses=described(*_ON_A_KEY, body=False))(
        revoke_key
    )


async def create_key(request: Request, wiring: Wiring, caller: Caller, body: KeyInput) -> Response:
    """A new key. Its text is in this answer and nowhere else; it can't do more than the key that makes it."""
    text, made = await wiring.identities.create_key(caller, None, **_fields(body))
    item = await _item(wiring, caller, made.id)
    where = f"{wiring.base_url(request.scope)}{request.url.path}/{made.id}"
    return answer_item(request, CreatedKey(**item.model_dump(), key=text), 201, {"Location": where})


async def change_key(
    request: Request, wiring: Wiring, caller: Caller, oid: Oid, body: KeyPatch, expected: Expected
) -> Response:
    """Change what is given. It counts from the next request on."""
    found, still = await seen(wiring, caller, "keys", KeyItem, oid, expected)
    known = _fields(found)
    if found.state != "expired":  # such a key may be disabled as well
        known["disabled"] = found.state == "disabled"
    given = _fields(body, exclude_unset=True)
    changes = {name: value for name, value in given.items() if name not in known or value != known[name]}
    if not changes:
        return nothing()
    await wiring.identities.change_key(caller, oid, changes, still)
    return answer_item(request, await _item(wiring, caller, oid))


async def revoke_key(wiring: Wiring, caller: Caller, oid: Oid, expected: Expected) -> Response:
    """End a key for ever. The next request with it is refused."""
    _, still = await seen(wiring, caller, "keys", KeyItem, oid, expected)
    await wiring.identities.revoke_key(caller, oid, still)
    return nothing()


def _fields(body: BaseModel, *, exclude_unset: bool = False) -> dict[str, Any]:
    """As the record of a key has them."""
    given = body.model_dump(exclude_unset=exclude_unset)
    return given | {name: frozenset(given[name]) for name in _SETS if given.get(name) is not None}


async def _item(wiring: Dependencies, caller: Principal, oid: str) -> KeyItem:
    return KeyItem.of(await wiring.client_data.reports.get("keys", caller.organisation_id, oid))
