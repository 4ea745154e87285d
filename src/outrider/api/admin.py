"""The administration API: organisations, which are the operator's business, and keys, each organisation's own."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from outrider.api.conditional import VERSIONED, Expected
from outrider.api.dependencies import Absent, Caller, Wiring
from outrider.api.errors import documented
from outrider.api.gate import KEY_SCHEMES, GuardedRoute
from outrider.api.paging import Within
from outrider.identities.keys import PREFIX
from outrider.interfaces.identities import OPERATOR_AREA, KeyRecord, Organisation
from outrider.protocol.identities import (
    CreatedKey,
    CreateKey,
    CreateOrganisation,
    KeyBody,
    KeyPage,
    OrganisationBody,
    OrganisationPage,
    UpdateKey,
    UpdateOrganisation,
)
from outrider.protocol.schemas import Text

__all__ = ["router"]

_PAGE: Final = 20

_Id = Annotated[Text, Field(max_length=100)]
_Before = Annotated[_Id | Absent, Query(description="Only those older than the one with this id.")]
_Limit = Annotated[int, Within("limit", 1, 100)]
_Owner = Annotated[
    _Id | Absent, Query(description="Id or short name of another organisation, which only the operator may.")
]

_ASKED: Final = ("UNAUTHORIZED", "SCOPE_MISSING", "UNPROCESSABLE")
_WITH_A_BODY: Final = (*_ASKED, "MALFORMED_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE")
_IF_SAME: Final = ("PRECONDITION_INVALID", "VERSION_CONFLICT")
_ON_AN_ORGANISATION: Final = ("ORGANISATION_NOT_FOUND",)
_ON_A_KEY: Final = ("KEY_NOT_FOUND",)
_OF_RIGHTS: Final = ("GRANT_EXCEEDED", "SCOPE_UNKNOWN", "EXPIRY_PAST")

#: Fields that are sets inside.
_SETS: Final = ("scopes", "tiers", "agents", "models")

#: The tag is the area of scopes.
_ORGANISATIONS: Final[list[str | Enum]] = [OPERATOR_AREA]
_KEYS: Final[list[str | Enum]] = ["keys"]

router = APIRouter(prefix="/v1/admin", route_class=GuardedRoute, dependencies=KEY_SCHEMES)


# --- organisations


@router.post(
    "/organisations", tags=_ORGANISATIONS, status_code=201, responses=documented(*_WITH_A_BODY, "SHORT_NAME_TAKEN")
)
async def create_organisation(wiring: Wiring, body: CreateOrganisation, answer: Response) -> OrganisationBody:
    """A new organisation, without keys: make its first one with `POST /v1/admin/keys`."""
    return _organisation_body(await wiring.identities.create_organisation(**_fields(body)), answer)


@router.get("/organisations", tags=_ORGANISATIONS, responses=documented(*_ASKED, "LIMIT_OUT_OF_RANGE"))
async def list_organisations(wiring: Wiring, before: _Before = None, limit: _Limit = _PAGE) -> OrganisationPage:
    """All organisations, the newest first."""
    found = await wiring.identities.organisations(before=before, limit=limit)
    return OrganisationPage(organisations=tuple(map(_organisation_body, found)), next_before=_last_id(found, limit))


@router.get(
    "/organisations/{organisation_id}",
    tags=_ORGANISATIONS,
    responses=documented(*_ASKED, *_ON_AN_ORGANISATION) | VERSIONED,
)
async def get_organisation(organisation_id: str, wiring: Wiring, answer: Response) -> OrganisationBody:
    """The organisation as it is now."""
    return _organisation_body(await wiring.identities.organisation(organisation_id), answer)


@router.patch(
    "/organisations/{organisation_id}",
    tags=_ORGANISATIONS,
    responses=documented(*_WITH_A_BODY, *_ON_AN_ORGANISATION, *_IF_SAME, "SHORT_NAME_TAKEN", "ORGANISATION_FIXED"),
)
async def update_organisation(
    organisation_id: str, wiring: Wiring, expected: Expected, body: UpdateOrganisation, answer: Response
) -> OrganisationBody:
    """Replace what is given. It counts from the next request on; one that is disabled has its sessions end."""
    changed = await wiring.identities.change_organisation(organisation_id, _fields(body), expected)
    return _organisation_body(changed, answer)


@router.delete(
    "/organisations/{organisation_id}",
    tags=_ORGANISATIONS,
    status_code=204,
    responses=documented(*_ASKED, *_ON_AN_ORGANISATION, *_IF_SAME, "ORGANISATION_FIXED"),
)
async def remove_organisation(organisation_id: str, wiring: Wiring, expected: Expected) -> None:
    """Remove an organisation. Its keys are revoked, its jobs and sessions end at once; its short name stays taken."""
    await wiring.identities.remove_organisation(organisation_id, expected)


# --- keys


@router.get("/organisation", tags=_KEYS, responses=documented(*_ASKED) | VERSIONED)
async def get_own_organisation(wiring: Wiring, caller: Caller, answer: Response) -> OrganisationBody:
    """The organisation that the key belongs to."""
    return _organisation_body(await wiring.identities.organisation(caller.organisation_id), answer)


@router.post(
    "/keys", tags=_KEYS, status_code=201, responses=documented(*_WITH_A_BODY, *_ON_AN_ORGANISATION, *_OF_RIGHTS)
)
async def create_key(wiring: Wiring, caller: Caller, body: CreateKey, answer: Response) -> CreatedKey:
    """A new key. Its text is in this answer and nowhere else; it can't do more than the key that makes it."""
    fields = _fields(body)
    owner = fields.pop("organisation_id")
    text, made = await wiring.identities.create_key(caller, owner, **fields)
    return CreatedKey(**_key_body(made, answer).model_dump(), key=text)


@router.get("/keys", tags=_KEYS, responses=documented(*_ASKED, *_ON_AN_ORGANISATION, "LIMIT_OUT_OF_RANGE"))
async def list_keys(
    wiring: Wiring,
    caller: Caller,
    organisation_id: _Owner = None,
    before: _Before = None,
    limit: _Limit = _PAGE,
) -> KeyPage:
    """Keys of the organisation, the newest first, with those that have ended."""
    found = await wiring.identities.keys(caller, organisation_id, before=before, limit=limit)
    return KeyPage(keys=tuple(map(_key_body, found)), next_before=_last_id(found, limit))


@router.get("/keys/{key_id}", tags=_KEYS, responses=documented(*_ASKED, *_ON_A_KEY) | VERSIONED)
async def get_key(key_id: str, wiring: Wiring, caller: Caller, answer: Response) -> KeyBody:
    """The key as it is now, and when it was last used, which makes no other version."""
    return _key_body(await wiring.identities.key(caller, key_id), answer)


@router.patch(
    "/keys/{key_id}",
    tags=_KEYS,
    responses=documented(*_WITH_A_BODY, *_ON_A_KEY, *_OF_RIGHTS, "KEY_FIXED", "KEY_REVOKED", *_IF_SAME),
)
async def update_key(
    key_id: str, wiring: Wiring, caller: Caller, expected: Expected, body: UpdateKey, answer: Response
) -> KeyBody:
    """Replace what is given. It counts from the next request on."""
    return _key_body(await wiring.identities.change_key(caller, key_id, _fields(body), expected), answer)


@router.delete("/keys/{key_id}", tags=_KEYS, status_code=204, responses=documented(*_ASKED, *_ON_A_KEY, *_IF_SAME))
async def revoke_key(key_id: str, wiring: Wiring, caller: Caller, expected: Expected) -> None:
    """End a key for ever. The next request with it is refused."""
    await wiring.identities.revoke_key(caller, key_id, expected)


def _fields(body: BaseModel) -> dict[str, Any]:
    """The fields of ``Organisation`` or ``KeyRecord``: all of a new one, of a change those that were given."""
    given = body.model_dump(exclude_unset=isinstance(body, UpdateKey | UpdateOrganisation))
    sets = {name: frozenset(given[name]) for name in _SETS if given.get(name) is not None}
    return given | sets


def _last_id(found: tuple[Organisation, ...] | tuple[KeyRecord, ...], limit: int) -> str | None:
    return found[-1].id if len(found) == limit else None


def _organisation_body(organisation: Organisation, answer: Response | None = None) -> OrganisationBody:
    if answer is not None:
        answer.headers["ETag"] = organisation.etag
    return OrganisationBody.model_validate(_shown(organisation, OrganisationBody))


def _key_body(key: KeyRecord, answer: Response | None = None) -> KeyBody:
    if answer is not None:
        answer.headers["ETag"] = key.etag
    own = {"prefix": f"{PREFIX}{key.public}", "last_five": key.tail, "status": _status(key)}
    return KeyBody.model_validate(_shown(key, KeyBody, own))


def _shown(value: object, body: type[BaseModel], own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    fields = {name: getattr(value, name) for name in body.model_fields if hasattr(value, name)}
    listed = {name: sorted(one) if isinstance(one, frozenset) else one for name, one in fields.items()}
    return listed | dict(own or {})


def _status(key: KeyRecord) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= datetime.now(UTC):
        return "expired"
    return "disabled" if key.disabled else "active"
