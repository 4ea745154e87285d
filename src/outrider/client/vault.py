"""The vault part of the SDK: log-ins, cards, and leave to pay."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final

from outrider.client.paging import items_of_pages
from outrider.client.paths import path_of

__all__ = ["VaultCalls"]

Json = dict[str, Any]

_CREDENTIALS: Final = "/v1/vault/credentials"
_CARDS: Final = "/v1/vault/cards"
_TOKENS: Final = "/v1/payment_tokens"


class VaultCalls:
    """``client.vault``. Methods return the wire's JSON objects; failures are those of ``OutriderClient``.

    What is secret goes in only: nothing here gives it back.
    """

    def __init__(self, send: Callable[..., Awaitable[Json]]) -> None:
        """``send(method, path, body=…, query=…)`` makes a request that is answered with a JSON object."""
        self._send = send

    # --- credentials

    async def create_credential(
        self, name: str, *, user_name: str, password: str, origins: Sequence[str], totp_secret: str = ""
    ) -> Json:
        """Store a log-in; tasks use it by ``name`` on pages of ``origins``."""
        body = {"name": name, "user_name": user_name, "password": password, "origins": list(origins)}
        return await self._send("POST", _CREDENTIALS, body=body | ({"totp_secret": totp_secret} if totp_secret else {}))

    async def list_credentials(self) -> list[Json]:
        """All log-ins by name."""
        return list((await self._send("GET", _CREDENTIALS)).get("credentials", []))

    async def update_credential(self, name: str, **changes: Any) -> Json:
        """Change ``user_name``, ``password``, ``totp_secret`` ("" for none) or ``origins``."""
        return await self._send("PATCH", path_of(_CREDENTIALS, name), body=changes)

    async def delete_credential(self, name: str) -> Json:
        """Remove a log-in with its secrets."""
        return await self._send("DELETE", path_of(_CREDENTIALS, name))

    # --- cards

    async def create_card(
        self,
        name: str,
        *,
        number: str,
        expiry_month: int,
        expiry_year: int,
        cvc: str,
        origins: Sequence[str],
        holder: str = "",
    ) -> Json:
        """Store a card; only payment tokens use it."""
        body = {"name": name, "number": number, "expiry_month": expiry_month, "expiry_year": expiry_year}
        return await self._send("POST", _CARDS, body=body | {"cvc": cvc, "holder": holder, "origins": list(origins)})

    async def list_cards(self) -> list[Json]:
        """All cards by name, with the last four digits."""
        return list((await self._send("GET", _CARDS)).get("cards", []))

    async def update_card(self, name: str, **changes: Any) -> Json:
        """Change ``holder``, ``number``, ``expiry_month``, ``expiry_year``, ``cvc`` or ``origins``."""
        return await self._send("PATCH", path_of(_CARDS, name), body=changes)

    async def delete_card(self, name: str) -> Json:
        """Remove a card with its number."""
        return await self._send("DELETE", path_of(_CARDS, name))

    async def rotate(self) -> Json:
        """Seal everything with the newest sealing key; ``resealed`` says how much."""
        return await self._send("POST", "/v1/vault/rotate")

    # --- payment tokens

    async def create_payment_token(
        self, session_id: str, *, card: str, origin: str, max_amount: str, currency: str, expires_in: int | None = None
    ) -> Json:
        """Let a session pay once; ``token`` is in this answer only."""
        body: Json = {"session_id": session_id, "card": card, "origin": origin}
        body |= {"max_amount": max_amount, "currency": currency}
        return await self._send("POST", _TOKENS, body=body | ({} if expires_in is None else {"expires_in": expires_in}))

    async def payment_tokens(self, *, session_id: str | None = None) -> AsyncIterator[Json]:
        """Tokens and what became of them, the newest first."""
        query: Json = {} if session_id is None else {"session_id": session_id}
        async for token in items_of_pages(self._send, _TOKENS, "payment_tokens", query):
            yield token

    async def get_payment_token(self, token_id: str) -> Json:
        """One of them."""
        return await self._send("GET", path_of(_TOKENS, token_id))

    async def revoke_payment_token(self, token_id: str) -> Json:
        """Make it useless."""
        return await self._send("DELETE", path_of(_TOKENS, token_id))
