"""What is done with organisations and keys. Who does it sees their own organisation; the operator sees all."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from outrider.identities.keys import DEFAULT_ORGANISATION, issue_key, random_text
from outrider.identities.last_use import LastUse
from outrider.identities.rights import check_key
from outrider.interfaces.identities import OPERATOR_AREA, KeyRecord, KeyStore, Organisation, Principal
from outrider.problems import OutriderError
from outrider.protocol.conditional import UNCONDITIONAL, Precondition

__all__ = ["IdentityOperations"]

T = TypeVar("T")

#: Of an integration key they are fixed.
_RIGHTS: Final = frozenset({"scopes", "tiers", "agents"})


class IdentityOperations:
    """Organisations and keys for a principal; whether it has the scope for that is the gate's business.

    Organisations are named by their id or short name. Raises ORGANISATION_NOT_FOUND and KEY_NOT_FOUND, also for those
    that the principal does not see.
    """

    def __init__(
        self, store: KeyStore, uses: LastUse, forget: Callable[[str], None], end_closed: Callable[[], Awaitable[None]]
    ) -> None:
        """``forget(organisation_id)`` has what is remembered of an organisation looked up anew.

        ``end_closed`` ends what organisations have running that were removed or disabled.
        """
        self._store = store
        self._uses = uses
        self._forget = forget
        self._end_closed = end_closed

    # --- organisations

    async def create_organisation(self, **fields: Any) -> Organisation:
        """A new organisation with these fields. Raises SHORT_NAME_TAKEN."""
        made = Organisation(id=f"org_{random_text(16)}", **fields)
        await self._store.add_organisation(made)
        return made

    async def organisations(self, *, before: str | None, limit: int) -> tuple[Organisation, ...]:
        """The newest first."""
        return await self._store.organisations(before, limit)

    async def organisation(self, name: str) -> Organisation:
        """The organisation with that id or short name, as it is now."""
        return await self._store.organisation(name)

    async def change_organisation(
        self, name: str, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL
    ) -> Organisation:
        """What is given is replaced, and counts at once. One that is disabled has its sessions ended.

        Raises SHORT_NAME_TAKEN, VERSION_CONFLICT, and ORGANISATION_FIXED when the operator's own would be disabled.
        """
        found = await self._store.organisation(name)
        closes = bool(changes.get("disabled"))
        if closes:
            _check_closable(found)
        return await self._changing(
            found.id, self._store.change_organisation(found.id, changes, expected), closes=closes
        )

    async def remove_organisation(self, name: str, expected: Precondition = UNCONDITIONAL) -> None:
        """Its keys, tokens, jobs and sessions end at once.

        Raises VERSION_CONFLICT, ORGANISATION_FIXED for the operator's own.
        """
        found = await self._store.organisation(name)
        _check_closable(found)
        await self._changing(found.id, self._store.remove_organisation(found.id, expected), closes=True)

    # --- keys

    async def create_key(self, principal: Principal, organisation: str | None, **fields: Any) -> tuple[str, KeyRecord]:
        """A new key and its text, which is given here only. Raises what ``check_key`` does."""
        owner = await self._organisation(principal, organisation, "write")
        text, made = issue_key(owner, **fields)
        check_key(principal, made)
        await self._store.add_key(made)
        return text, made

    async def keys(
        self, principal: Principal, organisation: str | None, *, before: str | None, limit: int
    ) -> tuple[KeyRecord, ...]:
        """Keys of one organisation, the newest first, with revoked ones."""
        owner = await self._organisation(principal, organisation, "read")
        await self._uses.write()
        return await self._store.keys(owner, before, limit)

    async def key(self, principal: Principal, key_id: str) -> KeyRecord:
        """The key as it is now."""
        await self._uses.write()
        return await self._key(principal, key_id, "read")

    async def change_key(
        self, principal: Principal, key_id: str, changes: Mapping[str, Any], expected: Precondition = UNCONDITIONAL
    ) -> KeyRecord:
        """What is given is replaced, and counts at once.

        Raises KEY_FIXED, KEY_REVOKED, VERSION_CONFLICT, and what ``check_key`` does of the key as it would be: so a key
        that has more rights than the principal can't be changed by it.
        """
        found = await self._key(principal, key_id, "write")
        expected.check(found.etag)
        changed = replace(found, **changes)
        if found.kind == "integration" and any(getattr(found, name) != getattr(changed, name) for name in _RIGHTS):
            raise OutriderError("KEY_FIXED", key=key_id)
        check_key(principal, changed, new_end=changed.expires_at != found.expires_at)
        # What was checked is what is changed: somebody else's change in between is not to add to it.
        change = self._store.change_key(key_id, changes, Precondition(frozenset({found.etag})))
        return await self._changing(found.organisation_id, change)

    async def revoke_key(self, principal: Principal, key_id: str, expected: Precondition = UNCONDITIONAL) -> None:
        """End a key for ever, at once. Again, it changes nothing."""
        found = await self._key(principal, key_id, "manage")
        await self._changing(found.organisation_id, self._store.revoke_key(key_id, expected))

    async def _changing(self, organisation_id: str, change: Coroutine[Any, Any, T], *, closes: bool = False) -> T:
        """A change, and what follows from it, also when the caller goes away in between: the change is made."""

        async def made() -> T:
            try:
                changed = await change
            finally:
                self._forget(organisation_id)
            if closes:
                await self._end_closed()
            return changed

        return await asyncio.shield(asyncio.create_task(made(), name="change of rights"))

    # --- who sees what

    async def _organisation(self, principal: Principal, name: str | None, verb: str) -> str:
        """The id of the organisation that is meant: the principal's own, unless another one is named."""
        if name in (None, principal.organisation_id, principal.short_name):
            return principal.organisation_id
        if not principal.allows(f"{OPERATOR_AREA}:{verb}"):
            raise OutriderError("ORGANISATION_NOT_FOUND", organisation=name)
        return (await self._store.organisation(str(name))).id

    async def _key(self, principal: Principal, key_id: str, verb: str) -> KeyRecord:
        found = await self._store.key(key_id)
        if found.organisation_id != principal.organisation_id and not principal.allows(f"{OPERATOR_AREA}:{verb}"):
            raise OutriderError("KEY_NOT_FOUND", key=key_id)
        return found


def _check_closable(organisation: Organisation) -> None:
    if organisation.id == DEFAULT_ORGANISATION:
        raise OutriderError("ORGANISATION_FIXED", organisation=organisation.short_name)
