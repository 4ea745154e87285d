"""The rows of the live view and of attaching (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["LIVE"]

# fmt: off
LIVE: Final = (
    Problem(
        "SESSION_TOKEN_INVALID", 401,
        "The session token is not valid.",
        "{reason}",
        "Open the session's “vnc_url” again, or make a token with POST …/view_tokens or "
        "…/devtools_tokens.",
    ),
    Problem(
        "SESSION_TOKEN_EXPIRED", 401,
        "The session token expired at {expired_at}.",
        "Tokens of the live view and of DevTools addresses are good for a limited time.",
        "Read the session again for a new “vnc_url”, or make a new token.",
    ),
    Problem(
        "SESSION_RIGHT_MISSING", 403,
        "The session token gives the right “{right}”; this needs “{needed}”.",
        "A token is good for one right only: “view” to watch, “control” to take over, “devtools” to attach.",
        "Make a token with that right: POST …/view_tokens or …/devtools_tokens of the session.",
    ),
    Problem(
        "ORIGIN_REFUSED", 403,
        "Pages of “{origin}” may not open this connection.",
        "A browser opened it for a page that does not come from this server.",
        "Use the live view's own page; set “public_url” if clients reach the server under another address.",
    ),
    Problem(
        "SOCKET_MESSAGE_INVALID", 400,
        "The message is not one that this connection takes: {reason}",
        "Each message is one JSON object of a known kind and a limited size.",
        "See “Watch and take over” and “Attach Playwright” in the documentation for what may be sent.",
    ),
    Problem(
        "SOCKET_SILENT", 408,
        "No token arrived within {seconds} s.",
        "The first message of a viewer has to be its token.",
        "Send an object with the field “token” as soon as the connection is open.",
        retryable=True,
    ),
    Problem(
        "SOCKET_TOO_SLOW", 408,
        "The client does not read what it is sent.",
        "{reason}",
        "Connect again; for the live view, from a place with a faster connection.",
        retryable=True,
    ),
    Problem(
        "SOCKET_LIMIT_REACHED", 429,
        "The session has {current} of at most {limit} connections of this kind.",
        "Viewers and DevTools clients of one session are limited.",
        "Close one that is not needed, and connect again.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "DEVTOOLS_REFUSED", 403,
        "The DevTools command “{method}” is refused: {reason}",
        "A DevTools client may do what concerns the session's pages, not the machine, other files or the browser "
        "as a whole.",
        "Leave the command out, or do the same through the sessions API.",
    ),
    Problem(
        "CDP_URL_INVALID", 422,
        "The session needs a DevTools address: {reason}",
        "A session of the type “external-cdp” drives a browser that the caller runs, at “cdp_url”.",
        "Start Chromium with --remote-debugging-port, and send “cdp_url” as ws://…/devtools/browser/… or "
        "http://host:port.",
    ),
    Problem(
        "EXTERNAL_BROWSER_UNREACHABLE", 502,
        "The browser at “{host}” can't be reached: {reason}",
        "It has ended, its address has changed, or something between it and this server is in the way.",
        "Check that http://{host}/json/version answers from where the server runs, and create a new session with "
        "the address of today.",
        retryable=True,
    ),
    Problem(
        "EXTERNAL_BROWSER_UNFIT", 422,
        "{what} is not possible with a browser that the caller runs.",
        "A session of the type “external-cdp” has some tabs of such a browser; its profile and what it downloads stay "
        "where it runs.",
        "Use a session of the type “managed-cdp” for that, or do it with that browser itself.",
    ),
)
# fmt: on
