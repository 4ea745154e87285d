"""Sends what is recorded: one delivery at a time per endpoint, in order, until each is delivered or given up.

Not a kind of the engine's jobs: those run side by side in any order, are given up one by one, and a hanging receiver
would hold up the clean-up of sessions. What is pending lies in the record, so a restart goes on where the last process
ended; only one process may dispatch from a record.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from outrider.identities.sealing import Sealer
from outrider.interfaces.webhooks import Attempt, Outgoing, Secret, WebhookStore
from outrider.problems import OutriderError
from outrider.telemetry import get_logger, report_failure
from outrider.webhooks.request import body_of, headers_of, new_secret
from outrider.webhooks.schedule import verdict_on
from outrider.webhooks.sending import Sender, in_words, not_sent

__all__ = ["Dispatcher", "seal_context"]

#: Endpoints that are served at the same time.
CONCURRENCY: Final = 32
#: Deliveries that an endpoint gets before others have their turn, and the time after which it begins no other.
TURN: Final = 50
TURN_SECONDS: Final = 5.0
#: The dispatcher looks at least this often, so that a changed clock does no harm.
LOOK_SECONDS: Final = 30.0
#: Pause after the store has failed.
STORE_PAUSE_SECONDS: Final = 5.0

log = get_logger(__name__)


def seal_context(signer: str) -> bytes:
    """What binds a sealed secret to the signer that it belongs to."""
    return f"webhook secret of {signer}".encode()


class Dispatcher:
    """Runs from entering to leaving: ``async with Dispatcher(…) as dispatcher``."""

    def __init__(
        self,
        store: WebhookStore,
        sealer: Sealer,
        sender: Sender,
        *,
        schedule: Sequence[float],
        vnc_url: Callable[[Outgoing], str],
    ) -> None:
        """``schedule``: seconds between attempts; ``vnc_url`` makes the link to the live view of what is sent."""
        self._store = store
        self._sealer = sealer
        self._sender = sender
        self._schedule = schedule
        self._vnc_url = vnc_url
        self._busy: set[str] = set()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def notify(self) -> None:
        """Something may have become due. To be called in the event loop."""
        self._news.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="webhooks")
        self._task.add_done_callback(report_failure)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """What is under way is cut off; it is sent again after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                self._news.clear()
                pause_seconds = await self._start_due(group)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_seconds):
                        await self._news.wait()

    async def _start_due(self, group: asyncio.TaskGroup) -> float:
        """Serve the endpoints that are due, as far as there is room; returns the seconds until another may be."""
        try:
            # Twice as many as can be served, so that those that are can't hide those that wait.
            due = await self._store.due(2 * CONCURRENCY)
        except OutriderError:
            log.exception("deliveries can't be read")
            return STORE_PAUSE_SECONDS
        for endpoint_id, due_at in due:
            wait_seconds = (due_at - datetime.now(UTC)).total_seconds()
            if endpoint_id in self._busy:
                continue
            if wait_seconds > 0:
                return min(wait_seconds, LOOK_SECONDS)
            if len(self._busy) == CONCURRENCY:
                break
            self._busy.add(endpoint_id)
            group.create_task(self._serve(endpoint_id), name=f"webhook {endpoint_id}")
        return LOOK_SECONDS

    async def _serve(self, endpoint_id: str) -> None:
        """An endpoint's turn: until nothing waits, an attempt has failed, or others should have theirs."""
        ends_at = time.monotonic() + TURN_SECONDS
        try:
            for _ in range(TURN):
                outgoing = await self._store.next_delivery(endpoint_id)
                if outgoing is None or not await self._deliver(outgoing) or time.monotonic() > ends_at:
                    break
        except Exception:  # of the store: what was not recorded is sent again
            log.exception("deliveries can't be recorded", endpoint=endpoint_id)
            await asyncio.sleep(STORE_PAUSE_SECONDS)
        finally:
            self._busy.discard(endpoint_id)
            self.notify()

    async def _deliver(self, outgoing: Outgoing) -> bool:
        """Make an attempt and record it; whether it was delivered."""
        endpoint, delivery = outgoing.endpoint, outgoing.delivery
        attempt = await self._attempt(outgoing)
        verdict = verdict_on(attempt, endpoint.failures, self._schedule)
        await self._store.settle(outgoing, attempt, verdict)
        write = log.warning if attempt.problem else log.info
        write(
            _LOGGED[bool(attempt.problem), bool(verdict.disable)],
            endpoint=endpoint.id,
            event_id=delivery.event_id,
            webhook_event=delivery.event,
            session_id=delivery.session_id,
            attempt=delivery.attempt_count + 1,
            ms=attempt.milliseconds,
            **({"reason": attempt.problem} if attempt.problem else {}),
        )
        return not attempt.problem

    async def _attempt(self, outgoing: Outgoing) -> Attempt:
        delivery = outgoing.delivery
        try:
            signing = await self._signing(outgoing)
            body = body_of(delivery.payload, self._vnc_url(outgoing))
            headers = headers_of(delivery.event_id, delivery.event, body, datetime.now(UTC), signing)
            return await self._sender.post(outgoing.endpoint.url, headers, body)
        except OutriderError as problem:
            if problem.code == "STORAGE_FAILED":
                raise
            return not_sent(in_words(problem))
        except Exception:
            log.exception("delivery failed with an internal error", event_id=delivery.event_id)
            return not_sent(in_words(OutriderError("INTERNAL_ERROR")))

    async def _signing(self, outgoing: Outgoing) -> list[str]:
        """The secrets in the clear, newest first; the first delivery to a session's URL makes one.

        Raises SECRET_UNREADABLE for the newest. One that is about to expire is left out then: whoever has dropped the
        key that sealed it can help it by a rotation.
        """
        signer, known = outgoing.endpoint.signer, outgoing.secrets
        if not known:
            sealed = self._sealer.seal(new_secret().encode(), seal_context(signer))
            known = await self._store.ensure_secret(signer, Secret(sealed))
        newest, *older = known
        signing = [self._open(newest, signer)]
        for secret in older:
            with suppress(OutriderError):
                signing.append(self._open(secret, signer))
        return signing

    def _open(self, secret: Secret, signer: str) -> str:
        return self._sealer.open(secret.sealed, seal_context(signer)).decode()


#: (failed, given up) -> name of the log line, as the documented service calls them.
_LOGGED: Final = {
    (False, False): "webhook_delivered",
    (True, False): "webhook_retry",
    (True, True): "webhook_failed_permanently",
}
