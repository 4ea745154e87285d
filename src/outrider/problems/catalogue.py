"""The rows. Codes are stable: a released code is never renamed or given another meaning."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from outrider.problems.browsers import BROWSERS
from outrider.problems.client_data import CLIENT_DATA
from outrider.problems.egress import EGRESS
from outrider.problems.files import FILES
from outrider.problems.identities import IDENTITIES
from outrider.problems.limits import LIMITS
from outrider.problems.live import LIVE
from outrider.problems.models import MODELS
from outrider.problems.requests import REQUESTS
from outrider.problems.row import Problem
from outrider.problems.screening import SCREENING
from outrider.problems.scripts import SCRIPTS
from outrider.problems.snapshots import SNAPSHOTS
from outrider.problems.vault import VAULT
from outrider.problems.webhooks import WEBHOOKS

# One row reads best as code and status, message, cause, fix, advice.
# fmt: off
_REQUESTS = (
    Problem(
        "MALFORMED_JSON", 400,
        "The request body is not valid JSON: {reason}",
        "The body could not be parsed as UTF-8 encoded JSON.",
        "Send one JSON object, encoded as UTF-8, and check quotes and commas at the named position.",
        jsonrpc_code=-32700,
    ),
    Problem(
        "MALFORMED_REQUEST", 400,
        "The request is not valid HTTP/1.1.",
        "Its first line or a header could not be parsed or is too long, or its method is none of HTTP's.",
        "Use an HTTP library; an https:// address does not work on a port that speaks plain HTTP.",
        jsonrpc_code=-32600,
    ),
    Problem(
        "INVALID_URL", 400,
        "“{url}” is not a URL that a browser session can open.",
        "{reason}",
        "Send an absolute http:// or https:// URL of at most 2,000 characters.",
    ),
    Problem(
        "UNAUTHORIZED", 401,
        "The API key is missing or not valid.",
        "{reason}",
        "Send the header “Authorization: Bearer <key>” (or “x-api-key”, or “api_key”) with a key of this server. "
        "Whoever made the key sees its state with “outrider keys list”; the operator's own is in “local.key” of the "
        "server's data folder.",
    ),
    Problem(
        "SCOPE_MISSING", 403,
        "The key lacks the scope “{scope}”.",
        "It has these scopes: {scopes}.",
        "Use a key that has it, or have one made by somebody who manages the organisation's keys; those of the area "
        "“organisations” are the operator's alone.",
    ),
    Problem(
        "ROUTE_NOT_FOUND", 404,
        "There is nothing at {method} {path}.{suggestion}",
        "No endpoint of this server has that path.",
        "See the list of endpoints at /docs or /openapi.json.",
    ),
    Problem(
        "METHOD_NOT_ALLOWED", 405,
        "{path} does not take {method}.{suggestion}",
        "The path exists, but only for: {allowed}.",
        "Use one of the methods in the Allow header.",
    ),
    Problem(
        "REQUEST_TIMEOUT", 408,
        "The request did not arrive in full within {seconds} s.",
        "The connection was too slow, or the client stopped sending.",
        "Send the request again; check the Content-Length header if it happens each time.",
        retryable=True,
    ),
    Problem(
        "PAYLOAD_TOO_LARGE", 413,
        "The request body is larger than {limit_bytes} bytes.",
        "This server accepts request bodies of at most {limit_bytes} bytes.",
        "Send less, or raise the setting “max_body_bytes”.",
    ),
    Problem(
        "UNSUPPORTED_MEDIA_TYPE", 415,
        "The content type “{content_type}” is not accepted here.",
        "This endpoint reads {accepted}.",
        "Send the header “Content-Type” with what the body is, such as “application/json”.",
    ),
    Problem(
        "UNPROCESSABLE", 422,
        "Invalid request: {summary}",
        "A parameter or a field of the body has a wrong type, is missing or is out of its range.",
        "Correct what “details” names; /docs shows the types and limits of every field.",
    ),
    Problem(
        "AGENT_UNKNOWN", 422,
        "There is no agent called “{agent_name}”.",
        "This server knows: {known}.",
        "Use a name from GET /v1/models, or define an alias in the setting “model_aliases”.",
    ),
    Problem(
        "NOT_SUPPORTED", 422,
        "{what} is not supported by this server yet.",
        "The request asks for a part of the API that this version does not have.",
        "Leave “{parameter}” out, or look into CHANGELOG.md for the version that brings it.",
    ),
    Problem(
        "OUTPUT_SCHEMA_INVALID", 422,
        "The output schema is not a valid JSON Schema: {reason}",
        "“output_schema” has to be a JSON Schema (draft 2020-12) whose root is an object or an array.",
        "Validate the schema and send it again.",
    ),
    Problem(
        "INTERNAL_ERROR", 500,
        "The server met an error of its own.",
        "A defect in Outrider or a fault of the machine; the log has it, under the id of the request or session.",
        "Try again; if it persists, report it with the request id and the log lines that bear it.",
        retryable=True, jsonrpc_code=-32603,
    ),
    Problem(
        "SERVER_STOPPING", 503,
        "The server is shutting down.",
        "Its operator stopped it; running work is being ended.",
        "Try again in a moment, against the restarted server.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "NOT_READY", 503,
        "The server is not ready: {reasons}",
        "A part that sessions need does not work.",
        "Correct what “details” names; the server's log says more.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "ERROR_CODE_UNKNOWN", 404,
        "The catalogue has no code “{code}”.",
        "Codes are upper-case words with underscores; GET /v1/errors lists them all.",
        "Check the spelling against GET /v1/errors.",
    ),
)

_SESSIONS = (
    Problem(
        "SESSION_NOT_FOUND", 404,
        "There is no session “{session_id}”.",
        "The id is mistyped, the session was deleted, or it belongs to another organisation.",
        "List your sessions with GET /v1/sessions, or create a new one.",
    ),
    Problem(
        "SESSION_EXPIRED", 404,
        "The session “{session_id}” has expired.",
        "It had nothing to do for longer than the idle timeout ({idle_timeout_seconds} s), or ended with its run or "
        "its organisation; its browser was closed.",
        "Create a new session; raise “idle_timeout_seconds” (of the organisation or of the settings) if sessions have "
        "to wait longer.",
    ),
    Problem(
        "INVALID_STATE", 409,
        "A session that is “{state}” does not accept “{event}”.",
        "The lifecycle has no transition for that event in that state.",
        "Read GET /v1/sessions/{session_id}/status, then send what fits the state.",
    ),
    Problem(
        "SESSION_LIMIT_REACHED", 429,
        "This server runs {limit} sessions already, which is its limit.",
        "Every session holds a browser of its own.",
        "Delete sessions that are no longer needed, or raise the setting “max_sessions”.",
        retryable=True, retry_after_seconds=10,
    ),
    Problem(
        "ORGANISATION_LIMIT_REACHED", 429,
        "Your organisation has {current} sessions already, and may have {limit}.",
        "Sessions count until they are deleted or expire, also those that rest.",
        "Delete sessions that are no longer needed, or raise the setting “max_sessions_per_organisation”.",
        retryable=True, retry_after_seconds=10,
    ),
    Problem(
        "MEMORY_LIMIT_REACHED", 429,
        "The machine has too little memory left for another browser.",
        "{current} bytes are available; the setting “memory_reserve_bytes” keeps {limit} free.",
        "Delete sessions that are no longer needed, or run the server on a larger machine.",
        retryable=True, retry_after_seconds=10,
    ),
    Problem(
        "SESSION_START_TIMEOUT", 504,
        "The session was not ready within {seconds} s.",
        "The browser did not come up in time, most often because the machine is overloaded.",
        "Try again; raise “session_start_timeout_seconds” or lower “max_sessions” if it happens often.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "SESSION_INTERRUPTED", 503,
        "The server stopped while the task was under way.",
        "The process ended ({reason}), and with it the browser; what the task had done on the page so far is done.",
        "Look at the messages for the last finished step, then send the rest of the task: the session is usable.",
        retryable=True,
    ),
    Problem(
        "STREAM_LAGGED", 503,
        "The event stream ended early.",
        "{reason}",
        "Connect again with the header “Last-Event-ID” to continue where it stopped.",
        retryable=True,
    ),
)

_TASKS = (
    Problem(
        "TASK_NOT_UNDERSTOOD", 422,
        "The task was not understood: {words}",
        "The embedded model “scout” reads plain imperative sentences; it does not guess at the rest.",
        "Say it in steps, such as “search for …, open the cheapest, report its price”. The reference page on scout "
        "lists what it understands, and what it refuses.",
    ),
    Problem(
        "TARGET_NOT_FOUND", 404,
        "Nothing on the page fits “{description}”.",
        "The page “{url}” shows no element or text with that description.",
        "Name it as the page does, or say on which page it is.",
    ),
    Problem(
        "RESULT_NOT_FOUND", 404,
        "The page does not show: {missing}.",
        "The task asks for a value that “{url}” does not have where it was looked for.",
        "Check the page, or word the value as the page does.",
    ),
    Problem(
        "STEP_WITHOUT_EFFECT", 409,
        "“{action}” changed nothing on the page.",
        "The page did not react, although the element was found and the input was sent.",
        "Look at the page with GET …/screenshot: it may wait for another field or show an error.",
    ),
    Problem(
        "STEP_REFUSED", 409,
        "The page did not accept “{action}”: {said}",
        "The step was carried out, and the page answered it with that message.",
        "Correct the values in the task, or do first what the message asks for.",
    ),
    Problem(
        "OUTPUT_INVALID", 422,
        "The answer does not fit the output schema: {reason}",
        "What the page gave has another shape or lacks a required field; nothing was invented to fill it.",
        "See the answer as it is under “details”; loosen the schema, or use the names that the page uses.",
    ),
    Problem(
        "TASK_CANCELLED", 409,
        "The task was cancelled.",
        "The client asked for it.",
        "Send a new message when there is a new task: the session is usable.",
    ),
    Problem(
        "STEP_LIMIT_REACHED", 409,
        "The task was ended at its limit of steps, which is {limit}.",
        "A task may take “max_steps” steps.",
        "Split the task, or create the session with a larger “max_steps”.",
    ),
    Problem(
        "TASK_TIMEOUT", 504,
        "The task was ended after {seconds} s.",
        "A task may take “task_timeout_seconds”, or what “--timeout” of the command line says.",
        "Split the task, or allow it more time.",
        retryable=True,
    ),
    Problem(
        "STEP_TIMEOUT", 504,
        "The task was ended because one step of it took longer than {seconds} s.",
        "Looking at the page, deciding what to do, or doing it did not end within “step_timeout_seconds”.",
        "Look at the page with GET …/screenshot; send the task again, or raise the setting if the step has to be slow.",
        retryable=True,
    ),
    Problem(
        "TASK_STALLED", 504,
        "The task was ended because nobody was working on it any more.",
        "{reason}",
        "Send the task again: the session is usable. If it happens again, report it with the session's id.",
        retryable=True,
    ),
    Problem(
        "LOOP_DETECTED", 409,
        "The task was ended because it repeated itself: {action}",
        "The same action was taken {times} times on a page that did not change.",
        "Word the task differently, or say how to go on from that page.",
    ),
)

_OPERATION = (
    Problem(
        "CONFIG_INVALID", 500,
        "The configuration is not valid: {summary}",
        "A setting from {source} has a wrong type or is out of its range.",
        "Correct it; docs/reference/settings.md lists all settings with their defaults.",
    ),
    Problem(
        "DATA_FOLDER_IN_USE", 503,
        "Another Outrider server uses the data folder “{folder}”.",
        "Two servers can't share one data folder; the process {pid} holds it.",
        "Stop that server, talk to it at {url}, or start this one with another “--data-dir”.",
    ),
    Problem(
        "DATA_FOLDER_UNUSABLE", 503,
        "The data folder “{folder}” can't be used: {reason}",
        "The server keeps its database, its keys and the profiles of browsers there.",
        "Correct what the message names, such as permissions or free space, or name another folder with “--data-dir”.",
    ),
    Problem(
        "PORT_IN_USE", 503,
        "The address {host}:{port} is in use.",
        "Another process listens there.",
        "Stop it, or choose another port with “--port” (0 takes any free one).",
    ),
    Problem(
        "STORAGE_FAILED", 503,
        "The server could not write to its database.",
        "{reason}",
        "Check free space and permissions of the data folder.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "SECRET_UNREADABLE", 500,
        "A secret that the server keeps can't be decrypted.",
        "{reason}",
        "Start the server with every sealing key that was ever in use: in the setting “sealing_keys” or in the file "
        "“sealing.keys” of the data folder.",
    ),
    Problem(
        "SERVER_UNREACHABLE", 503,
        "No Outrider server answers at {url}.",
        "{reason}",
        "Start one with “outrider serve”, or name the right one with “--server”.",
        retryable=True,
    ),
    Problem(
        "UNEXPECTED_ANSWER", 502,
        "{url} did not answer as an Outrider server does: {reason}",
        "The address belongs to another program, or a proxy stands between.",
        "Check “--server”.",
    ),
    Problem(
        "FILE_UNREADABLE", 422,
        "The file “{path}” could not be used: {reason}",
        "It is missing, not readable, or does not hold what is expected.",
        "Check the path and the content.",
    ),
    Problem(
        "DEPENDENCY_MISSING", 503,
        "{feature} needs the package “{package}”.",
        "It belongs to the extra “{extra}”, which is not installed.",
        "Install it with: pip install 'outrider[{extra}]'",
    ),
)

# fmt: on

_GROUPS: Final = (
    _REQUESTS,
    REQUESTS,
    _SESSIONS,
    _TASKS,
    BROWSERS,
    LIMITS,
    CLIENT_DATA,
    LIVE,
    MODELS,
    EGRESS,
    FILES,
    IDENTITIES,
    SCREENING,
    SCRIPTS,
    SNAPSHOTS,
    VAULT,
    WEBHOOKS,
    _OPERATION,
)

#: All rows by code.
CATALOGUE: Final[Mapping[str, Problem]] = MappingProxyType({row.code: row for rows in _GROUPS for row in rows})
