"""JSON Web Tokens: what makes a good one, and every known way to forge one.

Attacks: RFC 8725 (best current practices), and the tokens are made by hand here, so that no library refuses to.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from outrider.config import TokenIssuer
from outrider.identities.principals import Principals
from outrider.identities.signing_keys import KeySource, PublishedKeys, SharedSecret
from outrider.identities.tokens import Issuer, Tokens
from outrider.interfaces.identities import KeyStore, Organisation, Principal
from outrider.problems import OutriderError
from outrider.storage import Database, SqlKeyStore

NOW = 1_800_000_000
ISSUER, AUDIENCE = "https://issuer.example", "outrider"
SECRET = "a secret of more than thirty-two bytes"
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
SIGNERS: Mapping[str, Key] = {"RS256": RSA, "ES256": EC, "EdDSA": OKP, "HS256": OctKey.import_key(SECRET.encode())}
CLAIMS: Mapping[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "ann",
    "exp": NOW + 600,
    "nbf": NOW - 10,
    "iat": NOW - 10,
    "org": "one",
    "scope": "openid sessions:write vault:read",
}


class Organisations:
    """A store with one organisation; counts look-ups."""

    def __init__(self) -> None:
        self.lookups = 0

    async def find_organisation(self, name: str) -> Organisation | None:
        self.lookups += 1
        if name == "default":
            return Organisation(id="default", short_name="default")
        if name == "resting":
            return Organisation(id="o2", short_name="resting", disabled=True)
        return Organisation(id="o1", short_name="one", max_sessions=3) if name in ("o1", "one") else None


class Published:
    """A JWKS that can be changed, and fail; counts loads."""

    def __init__(self, *keys: Key) -> None:
        self.document: object = {"keys": [key.as_dict(private=False) for key in keys]}
        self.loads = 0

    async def load(self) -> bytes:
        self.loads += 1
        if self.document is None:
            raise OSError("gone")
        return json.dumps(self.document).encode()


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def now(self) -> float:
        return NOW + self.passed


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def text(part: object) -> str:
    return part if isinstance(part, str) else json.dumps(part)


def token(algorithm: str = "RS256", *, header: object = None, signer: Key | None = None, **claims: Any) -> str:
    """A token with CLAIMS and these, but for those that are None; ``header`` is added to the header, or replaces it."""
    key = signer or SIGNERS[algorithm]
    own = {"alg": algorithm, "typ": "JWT", **({"kid": key.kid} if key.kid else {})}
    head = header if isinstance(header, str) else own | cast(dict[str, Any], header or {})
    body = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return signed(head, body, algorithm, key)


def signed(header: object, body: object, algorithm: str, key: Key) -> str:
    content = f"{encoded(text(header).encode())}.{encoded(text(body).encode())}"
    signature = JWSRegistry.algorithms[algorithm].sign(content.encode(), key)
    return f"{content}.{encoded(signature)}"


def keyed(header: object, secret: bytes) -> str:
    """A token with an HMAC, whatever its header says."""
    content = f"{encoded(text(header).encode())}.{encoded(text(dict(CLAIMS)).encode())}"
    return f"{content}.{encoded(hmac.digest(secret, content.encode(), hashlib.sha256))}"


def issuer(source: KeySource, **settings: Any) -> Issuer:
    given = {"issuer": ISSUER, "audience": [AUDIENCE], "organisation_claim": "org", "jwks_file": "keys.json"}
    return Issuer(TokenIssuer.model_validate({**given, "algorithms": ["RS256", "ES256", "EdDSA"], **settings}), source)


def tokens_of(*issuers: Issuer, clock: Clock | None = None, store: object = None) -> Tokens:
    clock = clock or Clock()
    return Tokens(issuers, cast(KeyStore, store or Organisations()), Principals(clock.monotonic), clock.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def published() -> Published:
    return Published(RSA, EC, OKP)


@pytest.fixture
def tokens(published: Published, clock: Clock) -> Tokens:
    return tokens_of(issuer(PublishedKeys(ISSUER, published.load, clock.monotonic)), clock=clock)


def sharing() -> Tokens:
    settings: dict[str, Any] = {"secret": SECRET, "jwks_file": None, "algorithms": ["HS256"]}
    return tokens_of(issuer(SharedSecret(SECRET), **settings))


async def refusal(tokens: Tokens, text: str) -> str:
    with pytest.raises(OutriderError) as caught:
        await tokens.authenticate(text)
    assert caught.value.code == "UNAUTHORIZED"
    told = str(caught.value.as_envelope("r"))
    assert not any(part in told for part in text.split(".") if len(part) > 10)
    return caught.value.cause


# --- good ones


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_each_algorithm(tokens: Tokens, algorithm: str) -> None:
    principal = await tokens.authenticate(token(algorithm))
    assert (principal.organisation_id, principal.short_name, principal.limits.max_sessions) == ("o1", "one", 3)
    assert principal.scopes == {"sessions:write", "vault:read"}
    assert principal.allows("sessions:read")
    assert not principal.allows("vault:write")


async def test_a_shared_secret() -> None:
    assert (await sharing().authenticate(token("HS256"))).organisation_id == "o1"


@pytest.mark.parametrize(
    "good",
    [
        token(aud=["another", AUDIENCE]),
        token(header={"typ": "at+JWT"}),
        token(header={"cat": "an issuer's own, which asks for nothing"}),
        token(nbf=None, iat=None, sub=None),
        token(exp=NOW - 29),
        token(nbf=NOW + 30),
        token(exp=NOW + 0.5),
        token(exp=10**400),
    ],
)
async def test_what_is_good_as_well(tokens: Tokens, good: str) -> None:
    assert await tokens.authenticate(good)


async def test_claims_become_rights(published: Published) -> None:
    settings: dict[str, Any] = {
        "organisation": "o1",
        "organisation_claim": "",
        "scopes": ["audit:read"],
        "scopes_claim": "app.rights",
        "tiers": ["reporting"],
    }
    tokens = tokens_of(issuer(PublishedKeys(ISSUER, published.load), **settings))
    rights = ["jobs:write", "jobs:all", "organisations:manage", 7]
    said: dict[str, Any] = {"org": None, "app": {"rights": rights}, "tiers": "operations gold", "agents": ["browser"]}
    principal = await tokens.authenticate(token(**said))
    assert principal.scopes == {"audit:read", "jobs:write"}
    assert principal.tiers == {"reporting", "operations"}
    assert principal.agents == frozenset({"browser"})


async def test_only_the_configuration_makes_an_issuer_the_operators(published: Published) -> None:
    settings = {"organisation": "default", "organisation_claim": "", "scopes": ["organisations:read"]}
    tokens = tokens_of(issuer(PublishedKeys(ISSUER, published.load), **settings))
    principal = await tokens.authenticate(token(org=None, scope=""))
    assert principal.allows("organisations:read")


async def test_one_person_is_one_key_whatever_their_token(tokens: Tokens) -> None:
    async def who(**claims: Any) -> Principal:
        return await tokens.authenticate(token(**claims))

    first, second, other = await who(), await who(exp=NOW + 700), await who(sub="ben")
    assert first.key_id == second.key_id != other.key_id
    assert len(first.key_tail) == 5


# --- bad ones


async def test_a_claim_that_can_be_no_name_is_refused(published: Published, tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "outrider.db") as database:
        tokens = tokens_of(issuer(PublishedKeys(ISSUER, published.load)), store=SqlKeyStore(database))
        for name in ("\ud800", "a\x00b", ["one"], 1):  # SQLite can't even be asked for half a surrogate pair
            assert "no organisation" in await refusal(tokens, token(org=name))


@pytest.mark.row("X6")
@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": NOW - 31}, "expired"),
        ({"exp": None}, "lacks"),
        ({"exp": "soon"}, "“exp”"),
        ({"exp": True}, "“exp”"),
        ({"nbf": NOW + 31}, "“nbf”"),
        ({"iat": NOW + 31}, "“iat”"),
        ({"aud": "another"}, "“aud”"),
        ({"aud": f"{AUDIENCE}x"}, "“aud”"),
        ({"aud": []}, "“aud”"),
        ({"aud": {AUDIENCE: 1}}, "“aud”"),
        ({"aud": None}, "lacks"),
        ({"sub": 7}, "“sub”"),
        ({"iss": "https://issuer.example/"}, "no issuer"),
        ({"iss": "another"}, "no issuer"),
        ({"iss": None}, "missing"),
        ({"iss": [ISSUER]}, "missing"),
        ({"org": "two"}, "no organisation"),
        ({"org": None}, "no organisation"),
        ({"org": ["one"]}, "no organisation"),
        ({"org": "default"}, "no organisation"),
        ({"org": "resting"}, "no organisation"),
    ],
)
async def test_claims_that_do_not_fit(tokens: Tokens, claims: dict[str, Any], reason: str) -> None:
    assert reason in await refusal(tokens, token(**claims))


@pytest.mark.row("X6")
async def test_an_altered_token_is_nobodys(tokens: Tokens) -> None:
    head, body, signature = token().split(".")
    more = encoded(json.dumps({**CLAIMS, "scope": "*:manage"}).encode())
    assert "no issuer" in await refusal(tokens, f"{head}.{more}.{signature}")
    assert "no issuer" in await refusal(tokens, f"{head}.{body}.{signature[:-4]}AAAA")
    assert "missing" in await refusal(tokens, f"{head}.{body}.")
    assert "no issuer" in await refusal(tokens, token(signer=OTHER_RSA))


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", "", "RS257", "HS256", "PS256", "RS384"])
@pytest.mark.parametrize("signature", ["", "AAAA"])
async def test_no_algorithm_or_one_that_was_not_agreed_on(tokens: Tokens, name: str, signature: str) -> None:
    head = encoded(json.dumps({"alg": name, "typ": "JWT"}).encode())
    await refusal(tokens, f"{head}.{encoded(json.dumps(CLAIMS).encode())}.{signature}")


async def test_a_public_key_is_no_secret(tokens: Tokens) -> None:
    """Key confusion: HS256 with what the issuer publishes, in each form that it could be used in."""
    pem = RSA.as_pem(private=False)
    forms = (pem, pem.strip(), RSA.as_der(private=False), json.dumps(RSA.as_dict(private=False)).encode())
    for form in forms:
        for header in ({"alg": "HS256", "kid": "rsa"}, {"alg": "HS256"}):
            await refusal(tokens, keyed(header, form))
    with pytest.raises(ValueError, match="must not be used"):
        SharedSecret(pem.decode())


async def test_a_secret_checks_no_other_algorithm() -> None:
    tokens = sharing()
    for algorithm in ("RS256", "ES256", "EdDSA"):
        await refusal(tokens, token(algorithm))
    forged = signed({"alg": "RS256"}, CLAIMS, "HS256", SIGNERS["HS256"])
    await refusal(tokens, forged)


async def test_a_secret_in_a_jwks_is_no_key() -> None:
    """Whoever can read a JWKS could sign with it."""
    weak = OctKey.import_key(b"k" * 32, {"kid": "weak"})
    source = PublishedKeys(ISSUER, Published(RSA).load)
    other = Published()
    other.document = {"keys": [weak.as_dict(private=True), RSA.as_dict(private=False)]}
    for algorithm in ("HS256", "RS256"):
        forged = signed({"alg": algorithm, "kid": "weak"}, CLAIMS, "HS256", weak)
        await refusal(tokens_of(issuer(source)), forged)
        await refusal(tokens_of(issuer(PublishedKeys(ISSUER, other.load))), forged)


@pytest.mark.parametrize(
    "key_id",
    [
        "../../../../dev/null",
        "/dev/null",
        "file:///etc/passwd",
        "https://attacker.example/jwks.json",
        "rsa' OR '1'='1",
        "x' UNION SELECT 'secret';--",
        "$(touch /tmp/owned)",
        "rsa\x00",
        "RSA",
        "",
        "k" * 257,
        7,
        ["rsa"],
        {"$ne": None},
        True,
    ],
)
async def test_a_key_id_is_compared_and_leads_nowhere(tokens: Tokens, key_id: object) -> None:
    await refusal(tokens, token(header={"kid": key_id}))
    for content in (b"", b"\x00", b"secret"):  # of a file or a row that the id could have led to
        await refusal(tokens, keyed({"alg": "HS256", "kid": key_id}, content))


@pytest.mark.parametrize(
    "name_and_value",
    [
        ("jwk", OTHER_RSA.as_dict(private=False)),
        ("jku", "https://attacker.example/jwks.json"),
        ("x5u", "https://attacker.example/cert.pem"),
        ("x5c", ["MIIB"]),
        ("x5t", "AAAA"),
    ],
    ids=lambda pair: pair[0],
)
async def test_keys_that_a_token_brings_or_points_to_are_ignored(
    tokens: Tokens, name_and_value: tuple[str, object]
) -> None:
    name, value = name_and_value
    await refusal(tokens, token(header={name: value}, signer=OTHER_RSA))
    assert await tokens.authenticate(token(header={name: value}))


@pytest.mark.parametrize(
    "extension", [{"crit": ["exp"]}, {"crit": []}, {"crit": ["b64"], "b64": False}, {"b64": False}]
)
async def test_extensions_are_refused(tokens: Tokens, extension: dict[str, object]) -> None:
    assert "extensions" in await refusal(tokens, token(header=extension))


@pytest.mark.parametrize("kind", ["logout+jwt", "secevent+jwt", "dpop+jwt", 7])
async def test_tokens_for_another_purpose_are_refused(tokens: Tokens, kind: object) -> None:
    assert "another purpose" in await refusal(tokens, token(header={"typ": kind}))


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ('{"alg":"RS256","kid":"rsa","alg":"none"}', CLAIMS),
        ({"alg": "RS256", "kid": "rsa"}, json.dumps(CLAIMS)[:-1] + ', "scope": "*:manage"}'),
        ({"alg": "RS256", "kid": "rsa"}, json.dumps(CLAIMS)[:-1] + ', "app": {"a": 1, "a": 2}}'),
        ({"alg": "RS256", "kid": "rsa"}, json.dumps(CLAIMS).replace(str(NOW + 600), "NaN")),
        ({"alg": "RS256", "kid": "rsa"}, json.dumps(CLAIMS).replace(str(NOW + 600), "Infinity")),
        ({"alg": "RS256", "kid": "rsa"}, "[]"),
        ({"alg": "RS256", "kid": "rsa"}, "[" * 5000),
        ({"alg": "RS256", "kid": "rsa"}, b"\xff\xfe".decode("latin-1")),
        ("[]", CLAIMS),
        ("{}", CLAIMS),
    ],
)
async def test_documents_that_mean_two_things_or_nothing(tokens: Tokens, header: object, body: object) -> None:
    await refusal(tokens, signed(header, dict(body) if isinstance(body, Mapping) else body, "RS256", RSA))


@pytest.mark.parametrize(
    "bad", ["..", "a.b.c", "é.é.é", "..AAAA", "e30.e30.e30", f"{'A' * 20_000}.e30.e30", "ey J.e.e"]
)
async def test_what_is_no_token(tokens: Tokens, bad: str) -> None:
    await refusal(tokens, bad)


async def test_a_huge_token_is_refused_unread(tokens: Tokens, published: Published) -> None:
    assert "too long" in await refusal(tokens, token(filling="x" * 20_000))
    assert published.loads == 0


async def test_weak_keys_and_keys_for_encryption_are_left_out() -> None:
    with pytest.warns(Warning, match="2048"):
        short = RSAKey.generate_key(1024, {"kid": "short"})
    encrypting = RSA.as_dict(private=False) | {"use": "enc"}
    other = ECKey.generate_key("P-384", {"kid": "ec"})
    published = Published(other)
    published.document = {"keys": [encrypting, other.as_dict(private=False), {"kty": "EC"}, {"kty": "new"}, 7]}
    tokens = tokens_of(issuer(PublishedKeys(ISSUER, published.load)))
    await refusal(tokens, token())
    await refusal(tokens, signed({"alg": "ES256", "kid": "ec"}, CLAIMS, "ES384", other))
    with pytest.warns(Warning, match="2048"):
        weak = Published(short)
        await refusal(tokens_of(issuer(PublishedKeys(ISSUER, weak.load))), token(signer=short))


async def test_keys_that_make_no_sense_do_not_take_the_good_ones_along() -> None:
    good = RSA.as_dict(private=False)
    nonsense: list[Any] = [
        {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": 7, "y": None},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "RSA", "n": "AQ", "e": "AQ"},
        {"kty": "RSA", "n": good["n"], "e": ""},
        {"kty": "RSA", "n": "é", "e": "AQAB"},
        {"kty": ["RSA"]},
        {},
        None,
    ]
    published = Published()
    published.document = {"keys": [*nonsense, good]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of short keys
        assert await tokens_of(issuer(PublishedKeys(ISSUER, published.load))).authenticate(token())


# --- rotation and cache


async def test_an_issuer_rotates_its_keys(published: Published, clock: Clock, tokens: Tokens) -> None:
    new = RSAKey.generate_key(2048, {"kid": "new"})
    await tokens.authenticate(token())
    published.document = {"keys": [RSA.as_dict(private=False), new.as_dict(private=False)]}
    clock.passed = 11
    assert await tokens.authenticate(token(signer=new))
    assert published.loads == 2

    published.document = {"keys": [new.as_dict(private=False)]}
    clock.passed = 300
    assert await tokens.authenticate(token())
    clock.passed = 620
    await refusal(tokens, token(exp=NOW + 9999))
    assert await tokens.authenticate(token(signer=new, exp=NOW + 9999))


async def test_unknown_key_ids_do_not_make_the_server_ask_again_and_again(
    published: Published, clock: Clock, tokens: Tokens
) -> None:
    for number in range(50):
        await refusal(tokens, token(header={"kid": f"k{number}"}))
    assert published.loads == 1
    clock.passed = 11
    await refusal(tokens, token(header={"kid": "k"}))
    assert published.loads == 2


async def test_keys_serve_for_a_day_when_their_issuer_is_gone(
    published: Published, clock: Clock, tokens: Tokens
) -> None:
    later = token(exp=NOW + 200_000)
    assert await tokens.authenticate(later)
    for clock.passed, published.document in ((700, None), (2000, "no JWKS"), (86_000, {"keys": 7})):
        assert await tokens.authenticate(later)
    clock.passed = 86_500
    with pytest.raises(OutriderError) as caught:
        await tokens.authenticate(later)
    assert (caught.value.code, caught.value.problem.retryable) == ("TOKEN_KEYS_UNAVAILABLE", True)


@pytest.mark.parametrize(("passed", "outcome"), [(700, "RS256"), (86_500, "TOKEN_KEYS_UNAVAILABLE")])
async def test_while_keys_are_loaded_the_last_ones_serve_unless_they_are_too_old(
    published: Published, clock: Clock, passed: float, outcome: str
) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def load() -> bytes:
        if clock.passed:
            asked.set()
            await go_on.wait()
            raise OSError
        return await published.load()

    async def find() -> str:
        try:
            return "RS256" if await source.find("RS256", "rsa") else "none"
        except OutriderError as problem:
            return problem.code

    source = PublishedKeys(ISSUER, load, clock.monotonic)
    assert await find() == "RS256"
    clock.passed = passed
    first = asyncio.create_task(find())
    await asked.wait()
    second = asyncio.create_task(find())
    await asyncio.sleep(0)
    assert second.done() is (outcome == "RS256")
    go_on.set()
    assert {await first, await second} == {outcome}


async def test_a_token_is_remembered_for_half_a_minute_at_most(published: Published, clock: Clock) -> None:
    store = Organisations()
    tokens = tokens_of(issuer(PublishedKeys(ISSUER, published.load, clock.monotonic)), clock=clock, store=store)
    lasting, ending = token(), token(exp=NOW + 10)
    for clock.passed in (0, 20, 29):
        await tokens.authenticate(lasting)
    assert store.lookups == 1
    clock.passed = 31
    await tokens.authenticate(lasting)
    assert store.lookups == 2
    await tokens.authenticate(ending)
    clock.passed = 40  # its end and the leeway
    assert "expired" in await refusal(tokens, ending)


@pytest.mark.parametrize(
    "settings",
    [
        {"jwks_file": None},
        {"secret": SECRET},
        {"jwks_file": None, "secret": SECRET},
        {"algorithms": ["HS256"]},
        {"jwks_file": None, "secret": SECRET, "algorithms": ["HS256", "RS256"]},
        {"jwks_file": None, "secret": "short", "algorithms": ["HS256"]},
        {"jwks_file": None, "jwks_url": "http://issuer.example/jwks.json"},
        {"algorithms": ["none"]},
        {"audience": []},
        {"organisation": "o1"},
        {"organisation_claim": ""},
        {"leeway_seconds": 3600},
    ],
)
def test_settings_that_would_let_forgeries_in_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        issuer(SharedSecret(SECRET), **settings)
