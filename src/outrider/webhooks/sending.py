"""Sends one delivery: to an address that was checked, within a deadline, and without following redirects."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import Final, Self

import httpcore
import httpx

from outrider.interfaces.webhooks import Attempt
from outrider.problems import OutriderError
from outrider.protocol.times import time_of_retry
from outrider.screening.addresses import Lookup, Policy, resolve
from outrider.screening.bounded import AnswerTooLongError, BoundedBackend
from outrider.screening.resolver import Resolver
from outrider.webhooks.request import excerpt_of

__all__ = ["Sender", "in_words", "not_sent"]

#: Of an answer; the rest is never read.
_READ_BYTES: Final = 2000
_PORTS: Final = {"http": 80, "https": 443}
#: Addresses of one name that are tried, should the first ones not take the connection.
_ADDRESSES: Final = 3
_LOOKUPS_AT_ONCE: Final = 32


@dataclass(slots=True)
class _Answer:
    """What has come of an answer so far."""

    status_code: int | None = None
    retry_after: str = ""
    body: bytes = b""


class Sender:
    """An HTTP client for receivers whose addresses nobody vouches for. Use it as ``async with Sender(…) as sender``.

    The name in a URL is resolved and screened here, and the connection is made to the very address that was screened:
    the URL carries that address, the ``Host`` header and the TLS handshake the name. Every delivery has a connection
    of its own, since one that is shared by address could have been verified for another name.
    """

    def __init__(self, policy: Policy, timeout_seconds: float, lookup: Lookup | None = None) -> None:
        self._policy = policy
        self._timeout_seconds = timeout_seconds
        # Of its own, so that names that pages ask for don't hold up deliveries.
        self._lookup = lookup or Resolver(_LOOKUPS_AT_ONCE)

    @cached_property
    def _pool(self) -> httpcore.AsyncConnectionPool:
        """Made when it is first needed, since reading the authorities' certificates takes a while."""
        return httpcore.AsyncConnectionPool(
            # Of the environment it takes SSL_CERT_FILE and SSL_CERT_DIR; there are no proxies.
            ssl_context=httpx.create_ssl_context(trust_env=True),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=BoundedBackend(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if "_pool" in self.__dict__:
            await self._pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> Attempt:
        """POST a body and judge the answer; only 2xx counts. Never raises but for cancellation and defects."""
        started, at, answer = time.perf_counter(), datetime.now(UTC), _Answer()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._post(httpx.URL(url), headers, body, answer)
            problem = _fault_of(answer.status_code or 0)
        except TimeoutError:
            problem = f"no complete answer came within {self._timeout_seconds:g} s"
        except OutriderError as refusal:
            problem = in_words(refusal)
        except (httpcore.ConnectError, httpx.InvalidURL):
            problem = "no connection could be made: refused, unreachable, or no valid certificate"
        except AnswerTooLongError:
            problem = "the answer had too much before its body"
        except (httpcore.NetworkError, httpcore.ProtocolError):
            problem = "the connection broke off before the answer was complete"
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        not_before = time_of_retry(answer.retry_after, datetime.now(UTC))
        return Attempt(at, milliseconds, answer.status_code, excerpt_of(answer.body), problem, not_before)

    async def _post(self, url: httpx.URL, headers: Mapping[str, str], body: str, answer: _Answer) -> None:
        port = url.port or _PORTS[url.scheme]
        *others, last = (await resolve(url.host, port, self._policy, self._lookup))[:_ADDRESSES]
        named = {**headers, "Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        for address in others:
            try:
                return await self._exchange(url, str(address), named, body, answer)
            except httpcore.ConnectError:
                continue
        return await self._exchange(url, str(last), named, body, answer)

    async def _exchange(
        self, url: httpx.URL, address: str, headers: Mapping[str, str], body: str, answer: _Answer
    ) -> None:
        target = httpcore.URL(scheme=url.raw_scheme, host=address, port=url.port, target=url.raw_path)
        names = {"sni_hostname": url.raw_host.decode("ascii")} if url.scheme == "https" else {}
        content = body.encode()
        sent = [*headers.items(), ("Content-Length", str(len(content)))]
        async with self._pool.stream("POST", target, headers=sent, content=content, extensions=names) as response:
            answer.status_code = response.status
            answer.retry_after = httpx.Headers(response.headers).get("Retry-After", "")
            async for chunk in response.aiter_stream():
                answer.body += chunk
                if len(answer.body) >= _READ_BYTES:
                    return


def not_sent(problem: str) -> Attempt:
    """For a delivery that could not even be tried."""
    return Attempt(datetime.now(UTC), 0.0, None, "", problem)


def in_words(problem: OutriderError) -> str:
    """A failure as the ledger shows it."""
    return f"{problem.message.removesuffix('.')} [{problem.code}]"


def _fault_of(status_code: int) -> str:
    if 200 <= status_code < 300:
        return ""
    if 300 <= status_code < 400:
        return f"the receiver answered {status_code}, and redirects are not followed"
    return f"the receiver answered {status_code}"
