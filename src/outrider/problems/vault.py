"""The rows of the vault and of payments (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["VAULT"]

# fmt: off
VAULT: Final = (
    Problem(
        "VAULT_ITEM_NOT_FOUND", 404,
        "The vault has no {kind} “{name}”.",
        "The name is mistyped, the item was deleted, or it belongs to another organisation.",
        "List what is there with GET /v1/vault/credentials or GET /v1/vault/cards.",
    ),
    Problem(
        "VAULT_ITEM_EXISTS", 409,
        "The vault has a {kind} “{name}” already.",
        "A name stands for one item of its kind.",
        "Choose another name, or change that one with PATCH.",
    ),
    Problem(
        "VAULT_ITEM_CHANGED", 409,
        "The {kind} “{name}” was changed at the same moment.",
        "Two requests wrote to it; this one was not carried out.",
        "Send the request again.",
        retryable=True,
    ),
    Problem(
        "VAULT_LIMIT_REACHED", 409,
        "The vault holds {limit} items of the kind {kind} already, which is the limit.",
        "The limit is per organisation and kind.",
        "Delete items that are no longer needed.",
    ),
    Problem(
        "ORIGIN_INVALID", 422,
        "“{origin}” is not an origin: {reason}",
        "An origin is scheme, host and, where it is not the scheme's own, port: “https://shop.example”. What is kept "
        "in the vault may be bound to all names below one: “https://*.shop.example”.",
        "Write it like that, without a path.",
    ),
    Problem(
        "CREDENTIAL_INVALID", 422,
        "The credential can't be stored: {reason}",
        "One-time codes are made from the secret that a site shows when they are switched on, in Base32.",
        "Copy the secret again: letters and the digits 2 to 7; blanks don't matter.",
    ),
    Problem(
        "CARD_INVALID", 422,
        "The card can't be stored: {reason}",
        "A card has a number of 12 to 19 digits whose last one is a check digit, a month in which it expires, and a "
        "security code of 3 or 4 digits.",
        "Compare it with the card, and send it again.",
    ),
    Problem(
        "CARD_ORIGIN_REFUSED", 422,
        "The card “{card}” is not bound to {origin}.",
        "A payment token is for an origin that its card is bound to.",
        "Check the origin; if it is right, add it to the card with PATCH /v1/vault/cards/{card}.",
    ),
    Problem(
        "SECRET_NOT_FOUND", 404,
        "The vault has no secret “{secret}”.",
        "A secret is named after its credential: “name.username”, “name.password”, or “name.code” when it has one-time "
        "codes. Cards are used with payment tokens only.",
        "Use the name of a stored credential; GET /v1/vault/credentials lists them.",
    ),
    Problem(
        "SECRET_ORIGIN_REFUSED", 403,
        "“{secret}” may not be put into a page of {origin}.",
        "It is bound to other origins. What counts is the frame that holds the field, not the address of the tab.",
        "Check that this is the right site; if it is, add its origin to the credential.",
    ),
    Problem(
        "LOGIN_NOT_STORED", 404,
        "The vault has no {wanted} for {origin}.",
        "The task says that a stored log-in is to be used, and none like that is bound to the origin of the page.",
        "Store one for this origin, or add the origin to a stored one, with POST or PATCH /v1/vault/credentials.",
    ),
    Problem(
        "PAYMENT_TOKEN_NOT_FOUND", 404,
        "There is no payment token “{token}”.",
        "It is mistyped, went with its session, or belongs to another organisation.",
        "Create one with POST /v1/payment_tokens.",
    ),
    Problem(
        "PAYMENT_TOKEN_FOREIGN", 403,
        "The payment token “{token}” is for another session.",
        "A token is good in the session that it was created for, and nowhere else.",
        "Create one for this session.",
    ),
    Problem(
        "PAYMENT_TOKEN_USED", 409,
        "The payment token “{token}” was redeemed already, at {redeemed_at}.",
        "It is good for one payment. {outcome}",
        "Look at the shop whether that payment went through, before you create another token.",
    ),
    Problem(
        "PAYMENT_TOKEN_REVOKED", 409,
        "The payment token “{token}” was revoked.",
        "A client has deleted it.",
        "Create another one, if the payment is still wanted.",
    ),
    Problem(
        "PAYMENT_TOKEN_EXPIRED", 410,
        "The payment token “{token}” expired at {expires_at}.",
        "It was not redeemed in time.",
        "Create another one, with a longer “expires_in” if need be.",
    ),
    Problem(
        "PAYMENT_ORIGIN_REFUSED", 403,
        "The payment token “{token}” may not be used on {origin}.",
        "It is bound to another origin, or its card is no longer bound to this one. What counts are the frames that "
        "hold the fields.",
        "Check that this is the right site; if it is, create a token for its origin.",
    ),
    Problem(
        "PAYMENT_AMOUNT_REFUSED", 403,
        "{amount} {currency} is more than the payment token “{token}” allows, which is {max_amount} {currency}.",
        "The amount that the page asks for is above the limit of the token.",
        "Check what is being paid for; if it is right, create a token with a higher “max_amount”.",
    ),
    Problem(
        "PAYMENT_CURRENCY_REFUSED", 403,
        "The page asks for {shown}, the payment token “{token}” is for {currency}.",
        "A token is good for one currency.",
        "Create a token for the currency of the page.",
    ),
    Problem(
        "PAYMENT_AMOUNT_UNREADABLE", 422,
        "The amount to pay could not be read: {reason}",
        "A token has a limit, so nothing is paid before the amount is known.",
        "Name the total as the page shows it, such as “£12.50”.",
    ),
)
# fmt: on
