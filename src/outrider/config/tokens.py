"""Settings of one issuer of tokens: whose signature counts, and what its claims mean here."""

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

__all__ = ["TokenIssuer"]

Algorithm = Literal["HS256", "RS256", "ES256", "EdDSA"]
Tier = Literal["reporting", "operations", "administration"]
Scope = Annotated[str, Field(pattern=r"^(\*|[a-z_]+):(read|write|manage)$")]

#: RFC 7518, section 3.2: a key for HS256 has at least the size of its hash.
_SECRET_BYTES: Final = 32


class TokenIssuer(BaseModel):
    """Who issues JWTs that this server takes. Claims are named as in the token; a dot leads into an object."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(min_length=1, description="The claim “iss”, to the letter.")
    audience: tuple[str, ...] = Field(min_length=1, description="The claim “aud” has to name one of these.")
    algorithms: tuple[Algorithm, ...] = Field(
        default=("RS256",), min_length=1, description="HS256 with a secret; else RS256, ES256, EdDSA (Ed25519)."
    )
    secret: SecretStr = Field(default=SecretStr(""), description="Shared secret for HS256, of 32 bytes or more.")
    jwks_file: Path | None = Field(default=None, description="File with the issuer's public keys as a JWKS.")
    jwks_url: str = Field(
        default="",
        pattern="^(https://.+)?$",
        description="Address of the JWKS; https only. A private one has to be in “egress_allow”.",
    )
    leeway_seconds: int = Field(default=30, ge=0, le=300, description="How much clocks may differ.")
    organisation: str = Field(default="", description="Id or short name of the organisation of all its tokens.")
    organisation_claim: str = Field(
        default="",
        description="Else the claim with the organisation's id or short name; never the operator's own. It has to be a "
        "claim that users of the issuer can't choose.",
    )
    scopes: tuple[Scope, ...] = Field(default=(), description="Scopes that each of its tokens has.")
    scopes_claim: str = Field(
        default="scope", description="Claim with further scopes, as a list or between blanks; what is none is ignored."
    )
    tiers: tuple[Tier, ...] = Field(default=(), description="Tiers of client data that each of its tokens has.")
    tiers_claim: str = Field(default="tiers", description="Claim with further tiers, written alike.")
    agents_claim: str = Field(
        default="agents", description="Claim with the only agents that may be used, if it is there."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        secret = self.secret.get_secret_value()
        if sum(map(bool, (secret, self.jwks_file, self.jwks_url))) != 1:
            raise ValueError("one of “secret”, “jwks_file” and “jwks_url” is needed")
        # A public key that could be taken for a secret is how tokens are forged (RFC 8725, section 2.1).
        if bool(secret) != ("HS256" in self.algorithms) or (secret and len(self.algorithms) > 1):
            raise ValueError("“HS256” goes with “secret”, alone; the other algorithms with a JWKS")
        if secret and len(secret.encode()) < _SECRET_BYTES:
            raise ValueError(f"“secret” has less than {_SECRET_BYTES} bytes")
        if bool(self.organisation) == bool(self.organisation_claim):
            raise ValueError("one of “organisation” and “organisation_claim” is needed")
        return self
