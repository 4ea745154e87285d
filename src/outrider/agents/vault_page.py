"""The page as a task's loop sees it: secrets go in through it, and none comes out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from outrider.agents.secrets import Secrets
from outrider.interfaces.actions import Action, Pay
from outrider.interfaces.pages import Effect, Observation, Page
from outrider.interfaces.vault import Card, Part, SessionVault
from outrider.problems import OutriderError

__all__ = ["VaultPage"]


@dataclass(frozen=True, slots=True)
class _NotedVault:
    """``interfaces.vault.SessionVault`` that notes what it gives away, before anybody can see it."""

    vault: SessionVault
    secrets: Secrets

    async def reveal(self, secret: str, origin: str) -> str:
        value = await self.vault.reveal(secret, origin)
        if secret.rpartition(".")[2] != Part.USER_NAME:
            self.secrets.put(value, secret)
        return value

    async def redeem(self, payment: Pay, origin: str) -> Card:
        card = await self.vault.redeem(payment, origin)
        self.secrets.put(card.number, "card number", in_groups=True)
        return card

    async def settle(self, payment: Pay) -> None:
        await self.vault.settle(payment)


class VaultPage:
    """A page with a vault: what was put in is shown by its name, wherever the page says it again."""

    def __init__(self, page: Page, vault: SessionVault, secrets: Secrets) -> None:
        self._page = page
        self._vault = _NotedVault(vault, secrets)
        self._secrets = secrets

    async def observe(self, *, offset: int = 0, limit: int = 300) -> Observation:
        """See ``interfaces.pages.Page.observe``."""
        with self._hidden_problems():
            return self._secrets.hide(await self._page.observe(offset=offset, limit=limit))

    async def watch(self, action: Action) -> None:
        """See ``interfaces.pages.Page.watch``."""
        await self._page.watch(action)

    async def act(self, action: Action) -> Effect:
        """See ``interfaces.pages.Page.act``."""
        with self._hidden_problems():
            return self._secrets.hide(await self._page.act(action, self._vault))

    @contextmanager
    def _hidden_problems(self) -> Iterator[None]:
        try:
            yield
        except OutriderError as problem:
            raise self._secrets.hide(problem) from problem.__cause__
