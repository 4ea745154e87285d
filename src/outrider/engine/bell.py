"""A doorbell: wakes everybody who waits, and is never missed between looking and waiting."""

import asyncio

__all__ = ["Bell"]


class Bell:
    """Remember ``rings``, look at what may have changed, then ``wait`` with what you remembered."""

    def __init__(self) -> None:
        self.rings = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now."""
        self.rings += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, seen: int) -> None:
        """Return once it has rung more often than ``seen``."""
        if self.rings == seen:
            await self._next.wait()
