"""The rows of client data and of jobs (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["CLIENT_DATA"]

# fmt: off
CLIENT_DATA: Final = (
    Problem(
        "VALIDATION_ERROR", 400,
        "Invalid request: {summary}",
        "A parameter or a field of the body has a wrong type, is missing, or is too long or out of its range.",
        "Correct what “details” names; /swagger/ui/index shows the types and limits of every field.",
    ),
    Problem(
        "MALFORMED_BODY", 400,
        "The request body is not valid {kind}: {reason}",
        "The body is not what its content type says.",
        "Correct it, or send JSON. XML may have neither a DTD nor entities of its own.",
    ),
    Problem(
        "CLIENT_FORBIDDEN", 403,
        "“{oid}” belongs to another client.",
        "A key gives access to what belongs to its own organisation only.",
        "Check the OID, or use a key of the client that it belongs to.",
    ),
    Problem(
        "RECORD_NOT_FOUND", 404,
        "There is no “{oid}” among the {resource}.",
        "The OID is mistyped, or what it named was deleted or its retention is over.",
        "List the {resource} for the OIDs that there are.",
    ),
    Problem(
        "DOCUMENT_NOT_FOUND", 404,
        "There is no description called “{version}”.",
        "This server has: {known}.",
        "Use one of these names.",
    ),
    Problem(
        "JOB_NOT_FOUND", 404,
        "There is no job “{job}”.",
        "The OID is mistyped, or the job was deleted.",
        "List the jobs for the OIDs that there are.",
    ),
    Problem(
        "JOB_ENDED", 409,
        "The job “{job}” is {state}, so it can't be changed.",
        "A job that is cancelled, or has nothing left to run, stays as it is.",
        "Create another one.",
    ),
    Problem(
        "JOB_LIMIT_REACHED", 409,
        "The organisation has {limit} jobs already, which is the limit.",
        "Jobs count until they are deleted, also those that are over.",
        "Delete jobs that are no longer needed.",
    ),
    Problem(
        "RUN_UNATTENDED", 409,
        "The run asked something, and nobody was there to answer: {question}",
        "A run ends at its first question, unless the job has “TenantPresenceRequested”.",
        "Say in the job's task what it asks for; or set “TenantPresenceRequested”, and answer in the run's session.",
    ),
    Problem(
        "SCHEDULE_INVALID", 400,
        "The job's schedule is not valid: {reason}",
        "A job has either “RunAt”, a time that is still to come, or “CronExpression”, whose five fields are minute, "
        "hour, day of month, month and day of week; “TimeZone” is a name of the IANA database.",
        "Correct it, such as \"CronExpression\": \"30 9 * * MON-FRI\" with \"TimeZone\": \"Europe/Berlin\".",
    ),
)
# fmt: on
