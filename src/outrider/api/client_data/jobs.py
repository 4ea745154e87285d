"""Jobs: created, replaced, changed, cancelled and deleted."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from outrider.api.client_data.answers import CONTENT, answer_item
from outrider.api.client_data.reading import Oid
from outrider.api.client_data.resources import OPERATIONS
from outrider.api.client_data.writing import UNCHANGED, described, nothing, readable
from outrider.api.conditional import Expected
from outrider.api.dependencies import Caller, Dependencies, Wiring
from outrider.interfaces.identities import Principal
from outrider.interfaces.schedules import MissedRuns, Plan, ScheduledJob
from outrider.protocol.client_data import JobItem
from outrider.protocol.client_data_requests import JobInput, JobPatch
from outrider.protocol.conditional import Precondition

__all__ = ["add_jobs"]

_PATH: Final = f"/v4/{OPERATIONS}/{{shortName}}/jobs"
_OF_A_PLAN: Final = ("SCHEDULE_INVALID", "INVALID_URL", "AGENT_UNKNOWN", "AGENT_NOT_ALLOWED", "REQUEST_BLOCKED")
_ON_A_JOB: Final = ("JOB_NOT_FOUND", "CLIENT_FORBIDDEN", "PRECONDITION_INVALID", "VERSION_CONFLICT")
#: Fields of a plan that have other names on the wire.
_PLAN_NAMES: Final = {
    "cron_expression": "cron",
    "issue_priority": "priority",
    "tenant_presence_requested": "presence_requested",
}


def add_jobs(router: APIRouter) -> None:
    """Add the endpoints that change jobs; those that read them are as for all resources."""
    tags: Any = [OPERATIONS]
    item: Any = {"tags": tags, "response_model": JobItem}
    router.post(
        _PATH,
        status_code=201,
        openapi_extra=readable("JobInput"),
        responses=described(*_OF_A_PLAN, "JOB_LIMIT_REACHED") | {201: {"content": dict(CONTENT)}},
        **item,
    )(create_job)
    router.put(
        f"{_PATH}/{{OID}}",
        openapi_extra=readable("JobInput"),
        responses=described(*_OF_A_PLAN, *_ON_A_JOB, "JOB_ENDED") | UNCHANGED,
        **item,
    )(replace_job)
    router.patch(
        f"{_PATH}/{{OID}}",
        openapi_extra=readable("JobPatch"),
        responses=described(*_OF_A_PLAN, *_ON_A_JOB, "JOB_ENDED") | UNCHANGED,
        **item,
    )(change_job)
    router.patch(f"{_PATH}/{{OID}}/cancel", responses=described(*_ON_A_JOB, body=False) | UNCHANGED, **item)(cancel_job)
    router.delete(f"{_PATH}/{{OID}}", status_code=204, tags=tags, responses=described(*_ON_A_JOB, body=False))(
        delete_job
    )


async def create_job(request: Request, wiring: Wiring, caller: Caller, body: JobInput) -> Response:
    """Have an agent do a task, once or again and again."""
    job = await wiring.client_data.jobs.create(caller, _plan(body))
    where = f"{wiring.base_url(request.scope)}{request.url.path}/{job.id}"
    return answer_item(request, await _item(wiring, caller, job), 201, {"Location": where})


async def replace_job(
    request: Request, wiring: Wiring, caller: Caller, oid: Oid, body: JobInput, expected: Expected
) -> Response:
    """Put another job in its place. What is left out takes its default."""
    seen = await _seen(wiring, caller, oid, expected)
    return await _changed(request, wiring, caller, seen, _plan(body))


async def change_job(
    request: Request, wiring: Wiring, caller: Caller, oid: Oid, body: JobPatch, expected: Expected
) -> Response:
    """Change what is given."""
    seen = await _seen(wiring, caller, oid, expected)
    given = body.model_dump(exclude_unset=True)
    if given.get("run_at") is not None:
        given.setdefault("cron_expression", None)
    if given.get("cron_expression") is not None:
        given.setdefault("run_at", None)
    known = {name: getattr(seen.plan, _PLAN_NAMES.get(name, name)) for name in JobInput.model_fields}
    return await _changed(request, wiring, caller, seen, _plan_of(known | given))


async def cancel_job(request: Request, wiring: Wiring, caller: Caller, oid: Oid, expected: Expected) -> Response:
    """End the job, and its run that is under way. It stays on record."""
    seen = await _seen(wiring, caller, oid, expected)
    cancelled = await wiring.client_data.jobs.cancel(seen)
    return nothing() if cancelled is seen else answer_item(request, await _item(wiring, caller, cancelled))


async def delete_job(wiring: Wiring, caller: Caller, oid: Oid, expected: Expected) -> Response:
    """Remove the job with the record of its runs; a run that is under way ends."""
    await wiring.client_data.jobs.delete(await _seen(wiring, caller, oid, expected))
    return nothing()


async def _seen(wiring: Dependencies, caller: Principal, oid: str, expected: Precondition) -> ScheduledJob:
    """The job, as the client has seen it."""
    job = await wiring.client_data.jobs.get(caller, oid)
    expected.check((await _item(wiring, caller, job)).tag)
    return job


async def _changed(
    request: Request, wiring: Dependencies, caller: Principal, seen: ScheduledJob, plan: Plan
) -> Response:
    changed = await wiring.client_data.jobs.change(caller, seen, plan)
    return nothing() if changed is seen else answer_item(request, await _item(wiring, caller, changed))


async def _item(wiring: Dependencies, caller: Principal, job: ScheduledJob) -> JobItem:
    return JobItem.of(await wiring.client_data.reports.get("jobs", caller.organisation_id, job.id))


def _plan(body: JobInput) -> Plan:
    return _plan_of(body.model_dump())


def _plan_of(fields: dict[str, Any]) -> Plan:
    fields = {_PLAN_NAMES.get(name, name): value for name, value in fields.items()}
    return Plan(**fields | {"missed_runs": MissedRuns(fields["missed_runs"])})
