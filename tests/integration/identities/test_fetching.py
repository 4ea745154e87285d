"""The documents of issuers: over TLS that is checked, from addresses that may be reached, and bounded."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.identities.issuing import IssuerServer, issuing

from outrider.problems import OutriderError
from outrider.screening import fetching
from outrider.screening.addresses import Policy

OPEN = Policy.parse(["127.0.0.1"])


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[IssuerServer, str, Path]]:
    with issuing(tmp_path_factory.mktemp("issuer")) as started:
        yield started


@pytest.fixture
def trusted(issuer: tuple[IssuerServer, str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(issuer[2]))
    fetching._tls.cache_clear()
    yield
    fetching._tls.cache_clear()


async def refusal(url: str, policy: Policy = OPEN, seconds: float = 5) -> OutriderError:
    with pytest.raises(OutriderError) as caught:
        await fetching.fetch(url, policy, seconds=seconds)
    return caught.value


@pytest.mark.usefixtures("trusted")
async def test_a_document_is_fetched_and_only_so_much_of_it(issuer: tuple[IssuerServer, str, Path]) -> None:
    server, origin, _ = issuer
    server.document = b"{}" + b" " * 50_000
    assert await fetching.fetch(f"{origin}/jwks.json", OPEN) == server.document
    server.document = b" " * 70_000
    assert (await refusal(f"{origin}/jwks.json")).code == "UPSTREAM_UNAVAILABLE"
    server.document = b"{}"
    moved = await refusal(f"{origin}/moved?secret=1")
    assert (moved.code, "302" in moved.message, "secret" in moved.message) == ("UPSTREAM_UNAVAILABLE", True, False)


@pytest.mark.usefixtures("trusted")
async def test_addresses_are_screened_and_names_are_checked(issuer: tuple[IssuerServer, str, Path]) -> None:
    _, origin, _ = issuer
    asked = issuer[0].asked
    assert (await refusal(f"{origin}/jwks.json", Policy())).code == "ADDRESS_REFUSED"
    # The certificate is for the address, not for the name.
    assert (await refusal(f"{origin}/jwks.json".replace("127.0.0.1", "localhost"))).code == "UPSTREAM_UNAVAILABLE"
    assert issuer[0].asked == asked


async def test_a_certificate_that_nobody_vouches_for_is_refused(issuer: tuple[IssuerServer, str, Path]) -> None:
    fetching._tls.cache_clear()
    assert (await refusal(f"{issuer[1]}/jwks.json")).code == "UPSTREAM_UNAVAILABLE"


async def test_who_does_not_answer_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        problem = await refusal(f"https://127.0.0.1:{port}/", seconds=0.2)
    assert "0.2 s" in problem.message
    assert (await refusal(f"https://127.0.0.1:{port}/")).code == "UPSTREAM_UNAVAILABLE"
