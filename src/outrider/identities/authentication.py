"""Who makes a request: by key or by token, wherever it stands."""

from collections.abc import Mapping

from outrider.identities.keys import Keys
from outrider.identities.presented import is_token, presented_key
from outrider.interfaces.identities import Principal
from outrider.problems import OutriderError

__all__ = ["Authentication"]


class Authentication:
    """Finds the principal of a request. Looks into the database at most twice a minute for each key."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def authenticate(self, headers: Mapping[str, str], query_key: str | None = None) -> Principal:
        """Who makes a request with these headers, their names in lower case. Raises UNAUTHORIZED.

        ``query_key`` is the key of the query, for surfaces that take one there.
        """
        key = presented_key(headers, query_key)
        if is_token(key):
            raise OutriderError("UNAUTHORIZED", reason="This server takes no tokens.")
        return await self._keys.authenticate(key)
