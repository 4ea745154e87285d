"""Bodies of the vault and payments API, in and out. What is secret goes in only.

Requests refuse fields that they don't know: a slip is not ignored.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from outrider.protocol.schemas import Lifetime, Text, Timestamp, whole

__all__ = [
    "CardBody",
    "Cards",
    "CreateCard",
    "CreateCredential",
    "CreatePaymentToken",
    "CreatedPaymentToken",
    "CredentialBody",
    "Credentials",
    "PaymentTokenBody",
    "PaymentTokenPage",
    "RotationBody",
    "UpdateCard",
    "UpdateCredential",
]

MAX_NAME_CHARACTERS = 64
#: ISO 8601, as far as four digits go.
LAST_YEAR = 9999


Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_NAME_CHARACTERS,
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
        description="What it is called from now on: small letters, digits, “-” and “_”.",
        examples=["shop-login"],
    ),
]
_Origins = Annotated[
    list[Text],
    Field(
        min_length=1,
        max_length=50,
        description="Where it may be used: “https://shop.example”, or “https://*.shop.example” for all names below.",
        examples=[["https://shop.example"]],
    ),
]
_UserName = Annotated[Text, Field(min_length=1, max_length=256, examples=["ann@example.org"])]
_Password = Annotated[SecretStr, Field(min_length=1, max_length=256, json_schema_extra={"writeOnly": True})]
_TotpSecret = Annotated[
    SecretStr,
    Field(
        max_length=256,
        description="Secret of the one-time codes, in Base32, as the site shows it; empty for none.",
        json_schema_extra={"writeOnly": True},
    ),
]
_Holder = Annotated[Text, Field(max_length=100, examples=["Ann Example"])]
_Number = Annotated[SecretStr, Field(min_length=12, max_length=40, json_schema_extra={"writeOnly": True})]
_Month = Annotated[int, Field(ge=1, le=12), BeforeValidator(whole)]
_Year = Annotated[int, Field(ge=2000, le=LAST_YEAR, examples=[2030]), BeforeValidator(whole)]
_Cvc = Annotated[SecretStr, Field(min_length=3, max_length=4, json_schema_extra={"writeOnly": True})]
_Money = Annotated[
    str,
    Field(
        pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$",
        description="A decimal number as text, so that no digit is lost.",
        examples=["25.00"],
    ),
]
_State = Literal["active", "expired", "redeemed", "settled", "revoked"]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class CreateCredential(_Request):
    """A log-in."""

    name: Name
    user_name: _UserName
    password: _Password
    totp_secret: _TotpSecret = SecretStr("")
    origins: _Origins


class UpdateCredential(_Request):
    """What is to be changed; a field that is left out stays as it is."""

    user_name: _UserName = ""
    password: _Password = SecretStr("")
    totp_secret: _TotpSecret = SecretStr("")
    origins: _Origins = Field(default=[])


class CredentialBody(_Reply):
    """A stored log-in, without its secrets."""

    name: str
    user_name: str
    has_totp: bool = Field(description="Whether it has one-time codes.")
    origins: tuple[str, ...]
    created_at: Timestamp
    last_used_at: Timestamp | None


class Credentials(_Reply):
    """Stored log-ins by name."""

    credentials: tuple[CredentialBody, ...]


class CreateCard(_Request):
    """A card."""

    name: Name
    holder: _Holder = ""
    number: _Number
    expiry_month: _Month
    expiry_year: _Year
    cvc: _Cvc
    origins: _Origins


class UpdateCard(_Request):
    """What is to be changed; a field that is left out stays as it is."""

    holder: _Holder = ""
    number: _Number = SecretStr("")
    expiry_month: _Month = 1
    expiry_year: _Year = LAST_YEAR
    cvc: _Cvc = SecretStr("")
    origins: _Origins = Field(default=[])


class CardBody(_Reply):
    """A stored card, without its number."""

    name: str
    last_four: str
    origins: tuple[str, ...]
    created_at: Timestamp
    last_used_at: Timestamp | None


class Cards(_Reply):
    """Stored cards by name."""

    cards: tuple[CardBody, ...]


class RotationBody(_Reply):
    """What a rotation did."""

    resealed: int = Field(description="Items that were sealed with the newest key just now.")
    current: int = Field(description="Items that bore it already.")


class CreatePaymentToken(_Request):
    """Leave to pay once."""

    session_id: Text = Field(max_length=100, description="The session that may pay.")
    card: Name
    origin: Text = Field(
        max_length=2000,
        description="Of the frames that the card is put into; one that the card is bound to.",
        examples=["https://shop.example"],
    )
    max_amount: _Money
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217.", examples=["EUR"])]
    expires_in: Lifetime = 900


class PaymentTokenBody(_Reply):
    """A payment token, without its text."""

    id: str
    session_id: str
    card: str
    origin: str
    max_amount: str
    currency: str
    state: _State = Field(
        description="“redeemed” is used up, and what became of the payment is not known; “settled”: the card went into "
        "the page and the payment was sent."
    )
    amount: str | None = Field(description="What it was redeemed for.")
    created_at: Timestamp
    expires_at: Timestamp
    redeemed_at: Timestamp | None
    settled_at: Timestamp | None


class CreatedPaymentToken(PaymentTokenBody):
    """A new token; its text is not shown again."""

    token: str = Field(examples=["pt_live_4f0…"])


class PaymentTokenPage(_Reply):
    """Payment tokens, the newest first."""

    payment_tokens: tuple[PaymentTokenBody, ...]
    next_before: str | None = Field(description="Pass it as “before” for what comes next; null at the end.")
