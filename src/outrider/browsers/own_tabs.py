"""The tabs of a session in a browser that others use too: those it opened, and what these opened."""

from typing import Any, Final

from outrider.browsers.tabs import Tabs

__all__ = ["OwnTabs"]

_PAGES_ONLY: Final = [{"type": "page", "exclude": False}, {"exclude": True}]


class OwnTabs(Tabs):
    """As ``Tabs``, but a tab of somebody else is neither attached to, nor sized, nor closed."""

    async def start(self) -> None:
        """Open a tab of our own."""
        await self._root.call("Target.setDiscoverTargets", discover=True, filter=_PAGES_ONLY)
        await self.current()

    def handle(self, method: str, params: dict[str, Any]) -> None:
        """One event of the browser."""
        if method == "Target.targetCreated":
            info = params["targetInfo"]
            if info.get("openerId") in {tab.target.id for tab in self}:
                self._root.post("Target.attachToTarget", targetId=info["targetId"], flatten=True)
        else:
            super().handle(method, params)

    async def _open(self) -> None:
        target = await self._root.call("Target.createTarget", url="about:blank")
        await self._root.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
