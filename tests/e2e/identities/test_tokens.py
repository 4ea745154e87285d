"""Tokens at a running server: keys from an address and from a file, rotation, and what becomes of an organisation."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey
from tests.e2e.api.serving import ServerProcess, problem_of, serving
from tests.e2e.identities.issuing import IssuerServer, issuing

SECRET = "a secret of more than thirty-two bytes"
FIRST = RSAKey.generate_key(2048, {"kid": "first"})
SECOND = RSAKey.generate_key(2048, {"kid": "second"})
IN_FILE = ECKey.generate_key("P-256", {"kid": "file"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def issuer(folder: Path) -> Iterator[tuple[IssuerServer, str, Path]]:
    with issuing(folder) as started:
        started[0].publish(FIRST)
        yield started


@pytest.fixture(scope="module")
def server(folder: Path, issuer: tuple[IssuerServer, str, Path]) -> Iterator[ServerProcess]:
    _, origin, certificate = issuer
    (folder / "keys.json").write_text(json.dumps({"keys": [IN_FILE.as_dict(private=False)]}))
    common = {"audience": ["outrider"], "organisation_claim": "org"}
    issuers = {
        "address": {**common, "issuer": "address", "jwks_url": f"{origin}/jwks.json"},
        "moved": {**common, "issuer": "moved", "jwks_url": f"{origin}/moved"},
        "refused": {**common, "issuer": "refused", "jwks_url": "https://169.254.169.254/jwks.json"},
        "file": {**common, "issuer": "file", "jwks_file": str(folder / "keys.json"), "algorithms": ["ES256"]},
        "secret": {**common, "issuer": "secret", "secret": SECRET, "algorithms": ["HS256"]},
    }
    settings: dict[str, Any] = {
        "TOKEN_ISSUERS": json.dumps(issuers),
        "EGRESS_ALLOW": origin.removeprefix("https://"),
        "WARM_BROWSERS": 0,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificate))
        with serving(folder / "data", **settings) as process:
            yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="module")
def acme(server: ServerProcess) -> Iterator[str]:
    with server.client() as operator:
        made = operator.post("/v1/admin/organisations", json={"short_name": "acme"})
        assert made.status_code == 201
        yield made.json()["id"]


def token(issuer: str, key: Key, algorithm: str = "RS256", **claims: Any) -> str:
    header = {"alg": algorithm, **({"kid": key.kid} if key.kid else {})}
    said = {"iss": issuer, "aud": "outrider", "sub": "ann", "exp": int(time.time()) + 60, "org": "acme"}
    return jwt.encode(header, {**said, "scope": "keys:read", **claims}, key)


def logged_of(server: ServerProcess, issuer: str) -> dict[str, Any]:
    return server.logged(lambda line: line.get("issuer") == issuer)


def ask(server: ServerProcess, text: str) -> httpx.Response:
    with server.client(text) as client:
        return client.get("/v1/admin/keys")


def test_each_source_of_keys(server: ServerProcess, acme: str) -> None:
    shared = OctKey.import_key(SECRET.encode())
    for good in (token("address", FIRST), token("file", IN_FILE, "ES256"), token("secret", shared, "HS256")):
        assert ask(server, good).status_code == 200, ask(server, good).text
        with server.client(good) as client:
            own = client.get("/v1/admin/organisation").json()
        assert own["id"] == acme
        with httpx.Client(base_url=server.url, headers={"x-api-key": good}) as client:
            answer = client.get("/v1/admin/keys")
        assert answer.status_code == 200
        assert server.line_of(answer)["key"] == f"…{good[-5:]}"
        assert good not in json.dumps(server.lines)


@pytest.mark.row("X6")
def test_tokens_that_are_not_good(server: ServerProcess, acme: str) -> None:
    del acme
    for bad in (
        token("address", FIRST, exp=int(time.time()) - 60),
        token("address", FIRST, nbf=int(time.time()) + 600),
        token("address", FIRST, aud="another"),
        token("address", SECOND),
        token("file", FIRST),
        token("unknown", FIRST),
        token("address", FIRST, org="nobody"),
        "a.b.c",
    ):
        answer = ask(server, bad)
        error = problem_of(answer, 401, "UNAUTHORIZED")
        assert error["cause"].startswith("The token is not accepted: ")
        assert not [part for part in bad.split(".") if len(part) > 5 and part in answer.text]


@pytest.mark.row("X7")
def test_a_token_has_scopes_and_none_of_the_operators(server: ServerProcess, acme: str) -> None:
    del acme
    with server.client(token("address", FIRST, scope="*:manage organisations:manage")) as client:
        problem_of(client.get("/v1/admin/organisations"), 403, "SCOPE_MISSING")
        made = client.post("/v1/admin/keys", json={"scopes": ["sessions:write"]})
        assert made.status_code == 201
        problem_of(client.post("/v1/admin/keys", json={"tiers": ["reporting"]}), 403, "GRANT_EXCEEDED")
    problem_of(ask(server, token("address", FIRST, scope="sessions:manage")), 403, "SCOPE_MISSING")


def test_keys_are_rotated(server: ServerProcess, acme: str, issuer: tuple[IssuerServer, str, Path]) -> None:
    del acme
    assert ask(server, token("address", FIRST)).status_code == 200
    issuer[0].publish(FIRST, SECOND)
    deadline = time.monotonic() + 30
    while (answer := ask(server, token("address", SECOND))).status_code != 200:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.5)
    assert issuer[0].asked <= 5


def test_an_issuer_that_can_not_be_read_is_told_apart_from_a_bad_token(server: ServerProcess, acme: str) -> None:
    del acme
    for name in ("moved", "refused"):
        error = problem_of(ask(server, token(name, FIRST)), 503, "TOKEN_KEYS_UNAVAILABLE")
        assert error["retryable"] is True
        assert ("302" if name == "moved" else "169.254.169.254") in logged_of(server, name)["reason"]


def test_tokens_end_with_their_organisation(server: ServerProcess) -> None:
    with server.client() as operator:
        made = operator.post("/v1/admin/organisations", json={"short_name": "passing"}).json()
        text = token("address", FIRST, org="passing")
        assert ask(server, text).status_code == 200
        assert operator.delete(f"/v1/admin/organisations/{made['id']}").status_code == 204
    problem_of(ask(server, text), 401, "UNAUTHORIZED")
