"""The rows of webhooks (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["WEBHOOKS"]

# fmt: off
WEBHOOKS: Final = (
    Problem(
        "WEBHOOK_ENDPOINT_NOT_FOUND", 404,
        "There is no webhook endpoint “{endpoint}”.",
        "The id is mistyped, the endpoint was deleted, or it belongs to another organisation.",
        "List your endpoints with GET /v1/webhooks/endpoints.",
    ),
    Problem(
        "WEBHOOK_DELIVERY_NOT_FOUND", 404,
        "There is no webhook delivery {delivery}.",
        "The id is mistyped, its endpoint was deleted or its retention is over, or it belongs to another organisation.",
        "List deliveries with GET /v1/webhooks/deliveries.",
    ),
    Problem(
        "WEBHOOK_URL_REFUSED", 422,
        "The URL can't be a webhook endpoint: {reason}",
        "Deliveries go to absolute http:// or https:// URLs of at most 2,000 characters without user and password, "
        "whose host may be reached from the server.",
        "Send another URL. For a receiver in the server's own network, its operator adds the host to “egress_allow”.",
    ),
    Problem(
        "WEBHOOK_ENDPOINT_EXISTS", 409,
        "The organisation has a webhook endpoint with this URL already: “{endpoint}”.",
        "A second one would deliver every event twice.",
        "Change that one with PATCH /v1/webhooks/endpoints/{endpoint}.",
    ),
    Problem(
        "WEBHOOK_ENDPOINT_LIMIT", 409,
        "The organisation has {limit} webhook endpoints already, which is the limit.",
        "Every event is delivered to each of them.",
        "Delete endpoints that are no longer needed.",
    ),
    Problem(
        "WEBHOOK_ENDPOINT_FIXED", 409,
        "Only “enabled” can be changed of the webhook endpoint “{endpoint}”.",
        "It stands for the URL that sessions have named as their “webhook_url”.",
        "Name another “webhook_url” in new sessions, or register an endpoint with POST /v1/webhooks/endpoints.",
    ),
    Problem(
        "WEBHOOK_ENDPOINT_DISABLED", 409,
        "The webhook endpoint “{endpoint}” is disabled.",
        "It was disabled by a client, or because deliveries failed for too long. {reason}",
        "Repair the receiver, enable the endpoint with PATCH /v1/webhooks/endpoints/{endpoint}, then try again.",
    ),
    Problem(
        "WEBHOOK_DELIVERY_PENDING", 409,
        "The webhook delivery {delivery} is not finished yet.",
        "It waits for its turn or for its next attempt; “next_attempt_at” says when.",
        "Wait for its end. Enabling the endpoint anew has what waits tried at once.",
    ),
    Problem(
        "WEBHOOK_SECRETS_LIMIT", 409,
        "{limit} secrets sign these webhooks at the same time, which is the limit.",
        "Each rotation lets the secrets before it sign until their overlap is over.",
        "Wait until one expires, or rotate with a shorter “overlap_seconds”; 0 ends the others at once.",
    ),
)
# fmt: on
