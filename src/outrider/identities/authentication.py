"""Who makes a request: by key or by token, wherever it stands."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from outrider.identities.keys import Keys
from outrider.identities.last_use import LastUse
from outrider.identities.presented import is_token, presented_key
from outrider.identities.tokens import Tokens
from outrider.interfaces.identities import Principal

__all__ = ["Authentication"]


class Authentication:
    """Finds the principal of a request. What is known already is not looked up."""

    def __init__(self, keys: Keys, tokens: Tokens, uses: LastUse) -> None:
        self._keys = keys
        self._tokens = tokens
        self._uses = uses

    async def authenticate(self, headers: Mapping[str, str], query_keys: Sequence[str] = ()) -> Principal:
        """Who makes a request with these headers, their names in lower case.

        ``query_keys`` are those of the query, for surfaces that take one there. Raises UNAUTHORIZED, and
        TOKEN_KEYS_UNAVAILABLE for a token that can't be checked now.
        """
        key = presented_key(headers, query_keys)
        if is_token(key):
            return await self._tokens.authenticate(key)
        principal = await self._keys.authenticate(key)
        self._uses.note(principal.key_id, datetime.now(UTC))
        return principal
