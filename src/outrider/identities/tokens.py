"""JSON Web Tokens: whose they are, by the issuers that the configuration names."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from joserfc.jwt import decode as decode_token

from outrider.config.tokens import TokenIssuer
from outrider.identities.claims import MAX_CHARACTERS, claim, read, refused, words
from outrider.identities.keys import DEFAULT_ORGANISATION, TAIL_CHARACTERS, scopes_in
from outrider.identities.principals import Known, Principals
from outrider.identities.signing_keys import KeySource
from outrider.interfaces.identities import AREAS, TIERS, VERBS, KeyStore, Organisation, Principal

__all__ = ["Issuer", "Tokens"]

#: The same words for each way in which a token is not genuine: it is nobody's business how close a forgery came.
_NOT_GENUINE: Final = "no issuer that this server knows has signed it."
_SCOPES: Final = frozenset(f"{area}:{verb}" for area in ("*", *AREAS) for verb in VERBS)
#: How late it is noticed at most that an issuer has taken a key away.
_SECONDS: Final = 30.0
_LONGEST_SUBJECT: Final = 500


class Issuer(NamedTuple):
    """Who signs tokens."""

    settings: TokenIssuer
    keys: KeySource


class _Registry(JWSRegistry):
    """Exactly the algorithms that were asked for. RFC 9864 renames EdDSA, which issuers go on using; so no warning."""

    max_header_length = MAX_CHARACTERS
    max_payload_length = MAX_CHARACTERS

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name] if name in (self.allowed or ()) else super().get_alg("")


class Tokens:
    """Checks tokens, and remembers valid ones for half a minute."""

    def __init__(
        self,
        issuers: Sequence[Issuer],
        store: KeyStore,
        principals: Principals,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._issuers: Mapping[str, Issuer] = {issuer.settings.issuer: issuer for issuer in issuers}
        self._store = store
        self._principals = principals
        self._now = now

    async def authenticate(self, token: str) -> Principal:
        """Whose token it is. Raises UNAUTHORIZED, TOKEN_KEYS_UNAVAILABLE."""
        if len(token) > MAX_CHARACTERS:
            raise refused("it is too long.")
        mark = hashlib.sha256(token.encode()).hexdigest()
        known = self._principals.find(mark)
        if known is None:
            known = await self._check(token, mark)
        return known.principal

    async def _check(self, token: str, mark: str) -> Known:
        changes = self._principals.changes
        claims, issuer = await self._verified(token)
        organisation = await self._organisation(claims, issuer)
        seconds_left = claims["exp"] - int(self._now()) + issuer.leeway_seconds
        principal = _principal(claims, issuer, organisation, token)
        known = Known(principal, self._principals.limit(min(seconds_left, _SECONDS)))
        self._principals.remember(mark, known, changes=changes)
        return known

    async def _verified(self, token: str) -> tuple[dict[str, Any], TokenIssuer]:
        """The claims of a token whose signature and claims are right."""
        said = read(token)
        issuer = self._issuers.get(said.issuer)
        if issuer is None or said.algorithm not in issuer.settings.algorithms:
            raise refused(_NOT_GENUINE)
        for key in await issuer.keys.find(said.algorithm, said.key_id):
            claims = _signed_with(key, token, said.algorithm)
            if claims is not None:
                self._check_claims(claims, issuer.settings)
                return claims, issuer.settings
        raise refused(_NOT_GENUINE)

    def _check_claims(self, claims: Mapping[str, Any], issuer: TokenIssuer) -> None:
        registry = JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=issuer.leeway_seconds,
            iss={"essential": True, "value": issuer.issuer},
            aud={"essential": True, "values": list(issuer.audience)},
            exp={"essential": True},
        )
        try:
            registry.validate(dict(claims))
        except ExpiredTokenError:
            raise refused("it has expired.") from None
        except InvalidClaimError as error:
            raise refused(f"its claim “{error.claim}” does not fit: another audience, or not yet valid.") from None
        except JoseError:
            raise refused("it lacks “exp”, “aud” or “iss”.") from None

    async def _organisation(self, claims: Mapping[str, Any], issuer: TokenIssuer) -> Organisation:
        name = issuer.organisation or claim(claims, issuer.organisation_claim)
        # What is not ASCII is no name of one; half a surrogate pair can't even be looked for.
        found = await self._store.find_organisation(name) if isinstance(name, str) and name.isascii() else None
        # Who chooses the claim may be a user of the issuer's: only the configuration makes an issuer the operator's.
        if found is None or found.disabled or (found.id == DEFAULT_ORGANISATION and not issuer.organisation):
            raise refused("it is for no organisation of this server.")
        return found


def _signed_with(key: Key, token: str, algorithm: str) -> dict[str, Any] | None:
    try:
        return decode_token(token, key, registry=_Registry(algorithms=[algorithm], strict_check_header=False)).claims
    except (JoseError, ValueError):
        return None


def _principal(claims: Mapping[str, Any], issuer: TokenIssuer, organisation: Organisation, token: str) -> Principal:
    """A token's own end is not the principal's: a person who has logged in may make keys that last longer."""
    subject = f"{issuer.issuer} {str(claims.get('sub', ''))[:_LONGEST_SUBJECT]}"
    scopes = frozenset(issuer.scopes) | (words(claim(claims, issuer.scopes_claim)) & _SCOPES)
    tiers = frozenset(issuer.tiers) | (words(claim(claims, issuer.tiers_claim)) & frozenset(TIERS))
    agents = claim(claims, issuer.agents_claim)
    return Principal(
        organisation_id=organisation.id,
        key_id=f"jwt_{hashlib.sha256(subject.encode(errors='replace')).hexdigest()[:24]}",
        key_tail=token[-TAIL_CHARACTERS:],
        scopes=scopes_in(organisation.id, scopes),
        tiers=tiers,
        agents=None if agents is None else words(agents),
        short_name=organisation.short_name,
        limits=organisation,
    )
