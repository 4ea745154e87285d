"""Documents of other servers that the operator names: fetched over TLS, from an address that was screened, bounded."""

import asyncio
import ssl
from functools import lru_cache
from typing import Final

import httpcore
import httpx

from outrider.problems import OutriderError
from outrider.screening.addresses import Lookup, Policy, look_up, resolve
from outrider.screening.bounded import BoundedBackend

__all__ = ["fetch"]

_SECONDS: Final = 5.0
_HTTPS_PORT: Final = 443
#: Addresses of one name that are tried, should the first ones not take the connection.
_ADDRESSES: Final = 3


async def fetch(url: str, policy: Policy, *, seconds: float = _SECONDS, lookup: Lookup = look_up) -> bytes:
    """The document at an https:// URL, of at most 64 KiB with its head; redirects are not followed.

    The connection is made to the very address that was screened, TLS checks the name. Raises UPSTREAM_UNAVAILABLE, and
    what ``addresses.resolve`` does.
    """
    try:
        parsed = httpx.URL(url)
        async with asyncio.timeout(seconds):
            addresses = await resolve(parsed.host, parsed.port or _HTTPS_PORT, policy, lookup)
            return await _first_answer(parsed, [str(address) for address in addresses[:_ADDRESSES]])
    except TimeoutError:
        raise _unavailable(url, f"it did not answer within {seconds:g} s") from None
    except httpx.InvalidURL:
        raise _unavailable(url, "that is no URL") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        reason = "it answered too much, broke off, was not reached, or showed no valid certificate"
        raise _unavailable(url, reason) from error


async def _first_answer(url: httpx.URL, addresses: list[str]) -> bytes:
    *others, last = addresses
    for address in others:
        try:
            return await _get(url, address)
        except httpcore.ConnectError:
            continue
    return await _get(url, last)


async def _get(url: httpx.URL, address: str) -> bytes:
    target = httpcore.URL(scheme=b"https", host=address, port=url.port or _HTTPS_PORT, target=url.raw_path)
    headers = [("Host", url.netloc.decode("ascii")), ("Accept", "application/json"), ("Accept-Encoding", "identity")]
    names = {"sni_hostname": url.raw_host.decode("ascii")}
    async with httpcore.AsyncConnectionPool(ssl_context=_tls(), network_backend=BoundedBackend()) as pool:
        answer = await pool.request("GET", target, headers=headers, extensions=names)
    if answer.status != 200:
        raise _unavailable(str(url), f"it answered {answer.status}")
    return answer.content


def _unavailable(url: str, reason: str) -> OutriderError:
    return OutriderError("UPSTREAM_UNAVAILABLE", url=url.partition("?")[0], reason=reason)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Reading the authorities' certificates takes a while. Of the environment it takes SSL_CERT_FILE, SSL_CERT_DIR."""
    return httpx.create_ssl_context(trust_env=True)
