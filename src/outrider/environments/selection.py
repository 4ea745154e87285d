"""Which environment a new session gets."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from outrider.interfaces.environments import Snapshot, SnapshotMode, SnapshotStore
from outrider.interfaces.identities import Principal
from outrider.problems import OutriderError

__all__ = ["Source", "Wish", "choose"]

#: What “the caller's own user id” may be given as, besides the ids of organisation and key.
_SELF: Final = "me"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client says about restoring; None where it says nothing."""

    from_session_id: str | None = None
    default_of_user_id: str | None = None
    from_environment_id: str | None = None
    #: A parked browser will do; else only the files.
    allow_memory: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Where a session's environment comes from."""

    environment_id: str
    #: What of the environment's snapshot may be taken; None: the session starts afresh, and has asked for nothing.
    mode: SnapshotMode | None = None


async def choose(store: SnapshotStore, principal: Principal, wish: Wish) -> Source:
    """The environment by the documented priority: of a session, the user's default, by its own id; else a new one.

    Raises SNAPSHOT_NOT_FOUND for the first two. An environment id that is not known, or has no snapshot, gives a new
    environment, whose session reports that nothing was restored (docs/decisions, “Snapshots”).
    """
    mode = SnapshotMode.MEMORY if wish.allow_memory else SnapshotMode.FILESYSTEM
    organisation_id = principal.organisation_id
    if wish.from_session_id:
        found = await store.of_session(organisation_id, wish.from_session_id)
        return Source(_required(found, f"the session “{wish.from_session_id}”").environment_id, mode)
    if wish.default_of_user_id:
        own = wish.default_of_user_id in (organisation_id, principal.key_id, _SELF)
        found = await store.default_of(organisation_id) if own else None
        return Source(_required(found, f"the user “{wish.default_of_user_id}”").environment_id, mode)
    if wish.from_environment_id:
        found = await store.of_environment(organisation_id, wish.from_environment_id)
        return Source(found.environment_id if found else str(uuid4()), mode)
    return Source(str(uuid4()))


def _required(found: Snapshot | None, owner: str) -> Snapshot:
    if found is None:
        raise OutriderError("SNAPSHOT_NOT_FOUND", owner=owner)
    return found
