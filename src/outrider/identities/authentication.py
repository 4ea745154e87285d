"""Who makes a request: by key or by token, wherever it stands."""

from collections.abc import Mapping
from datetime import UTC, datetime

from outrider.identities.keys import Keys
from outrider.identities.last_use import LastUse
from outrider.identities.presented import is_token, presented_key
from outrider.interfaces.identities import Principal
from outrider.problems import OutriderError

__all__ = ["Authentication"]


class Authentication:
    """Finds the principal of a request. Looks into the database at most twice a minute for each key."""

    def __init__(self, keys: Keys, uses: LastUse) -> None:
        self._keys = keys
        self._uses = uses

    async def authenticate(self, headers: Mapping[str, str], query_key: str | None = None) -> Principal:
        """Who makes a request with these headers, their names in lower case. Raises UNAUTHORIZED.

        ``query_key`` is the key of the query, for surfaces that take one there.
        """
        key = presented_key(headers, query_key)
        if is_token(key):
            raise OutriderError("UNAUTHORIZED", reason="This server takes no tokens.")
        principal = await self._keys.authenticate(key)
        self._uses.note(principal.key_id, datetime.now(UTC))
        return principal

    def forget(self, organisation_id: str) -> None:
        """Look up anew what is remembered of an organisation: it, or a key of it, was changed."""
        self._keys.forget(organisation_id=organisation_id)
