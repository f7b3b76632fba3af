"""`/api/v1/audit-entries`, `/api/v1/parked-events` and `/api/v1/jobs` over all services."""

import hashlib
from typing import Annotated, Any

import orjson
from fastapi import Request
from servicekit.http import idempotency, platform
from servicekit.http.app import router
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.platform import (
    AUDIT_SORT,
    PARKED_SORT,
    AuditFiltersDep,
    ParkedFiltersDep,
    ReplayRead,
)
from servicekit.http.route import SessionDep, permitted
from servicekit.jobs.permissions import READ_JOBS
from servicekit.jobs.routes import JOB_SORT, JobFiltersDep
from servicekit.problems import IdempotencyKeyReused, NotFound, UpstreamFailed, UpstreamTimeout

from gateway.composed.schemas import (
    AuditEntryPage,
    ParkedEventPage,
    ParkedReplayCreate,
    ServiceJobPage,
)
from gateway.composed.service import Combined, combine, passed_on
from gateway.deps import UpstreamsDep
from gateway.proxy.circuits import UpstreamDown
from gateway.proxy.service import Call

AUDIT = Combined("/api/v1/audit-entries", platform.AUDIT_SORT, "-occurred_at")
PARKED = Combined("/api/v1/parked-events", platform.PARKED_SORT, "-parked_at", "event_id")

JOBS = Combined("/api/v1/jobs", JOB_SORT, "-created_at")

audit_entries = router("audit-entries")
parked_events = router("parked-events")
jobs = router("jobs")


@audit_entries.get(
    "/audit-entries",
    dependencies=[permitted(platform.READ_AUDIT)],
    summary="Search the audit trail of all services",
    description="Latest first. Reading the audit trail is itself an entry of it. Services that do "
    "not answer are named in `missing`; their entries are left out.",
)
async def list_audit_entries(
    request: Request,
    session: SessionDep,
    upstreams: UpstreamsDep,
    page: Annotated[PageRequest, sorted_by(AUDIT_SORT)],
    filters: AuditFiltersDep,
) -> AuditEntryPage:
    own = await platform.audit_page(session, page, filters)
    return AuditEntryPage.model_validate(await combine(upstreams, request, AUDIT, page, own))


@parked_events.get(
    "/parked-events",
    dependencies=[permitted(platform.READ_PARKED)],
    summary="List the events that services could not apply",
    description="Latest first, without the events' data. Services that do not answer are named in "
    "`missing`.",
)
async def list_parked_events(
    request: Request,
    session: SessionDep,
    upstreams: UpstreamsDep,
    page: Annotated[PageRequest, sorted_by(PARKED_SORT)],
    filters: ParkedFiltersDep,
) -> ParkedEventPage:
    own = await platform.parked_page(session, page, filters)
    return ParkedEventPage.model_validate(await combine(upstreams, request, PARKED, page, own))


@parked_events.post(
    "/parked-events/replay",
    dependencies=[permitted(platform.REPLAY_PARKED)],
    summary="Try parked events again",
    description="Asks the service's worker to apply its parked events again, in their order; one "
    "that fails once more is parked again.",
    responses=problems(NotFound, UpstreamDown, UpstreamFailed, UpstreamTimeout),
)
async def replay_parked_events(
    request: Request, session: SessionDep, upstreams: UpstreamsDep, wanted: ParkedReplayCreate
) -> ReplayRead:
    chosen = platform.ReplayCreate(event_ids=wanted.event_ids)
    if wanted.service == "gateway":
        return await platform.ask_for_replay(session, chosen)
    if wanted.service not in upstreams.addresses:
        raise NotFound(what=wanted.service)
    headers = [
        *passed_on(request),
        (b"content-type", b"application/json"),
        (b"idempotency-key", key_at(request).encode()),
    ]
    target = f"{PARKED.path}/replay"
    body = chosen.model_dump_json().encode()
    with await upstreams.send(Call(wanted.service, "POST", target, headers, body)) as answer:
        said = orjson.loads(await answer.read())
        if answer.status == IdempotencyKeyReused.status and is_reuse(said):
            raise IdempotencyKeyReused
        if answer.status != 200:
            raise UpstreamFailed(service=wanted.service)
        return ReplayRead.model_validate(said)


def key_at(request: Request) -> str:
    """The key this request has at the service. Not the caller's own: the caller may have used
    that one for something else there."""
    asked = f"{request.scope['path']}\n{idempotency.read_key(request)}"
    return hashlib.sha256(asked.encode()).hexdigest()


def is_reuse(said: Any) -> bool:
    return isinstance(said, dict) and said.get("code") == IdempotencyKeyReused.code


@jobs.get(
    "/jobs",
    dependencies=[permitted(READ_JOBS)],
    summary="List jobs",
    description="Latest first: those you asked for and those of your unit; all for the office, "
    "operators and auditors. Services that do not answer are named in `missing`.",
)
async def list_jobs(
    request: Request,
    upstreams: UpstreamsDep,
    page: Annotated[PageRequest, sorted_by(JOB_SORT)],
    _: JobFiltersDep,
) -> ServiceJobPage:
    return ServiceJobPage.model_validate(await combine(upstreams, request, JOBS, page))
