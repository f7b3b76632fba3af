"""Jobs over HTTP: the same in every service; the gateway passes on by the id's first part."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.files.download import attachment, gives
from servicekit.files.kinds import CSV, XLSX
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import Route, SessionDep, permitted
from servicekit.jobs import store
from servicekit.jobs.job import JobState
from servicekit.jobs.permissions import CANCEL_JOBS, READ_JOBS
from servicekit.jobs.schemas import JobErrorPage, JobId, JobPage, JobRead
from servicekit.problems import InvalidTransition, NotFound
from servicekit.types import AnyOf, Moment, Text

ERROR_SORT = {"number": int, "updated_at": datetime}

JOB_SORT = {"created_at": datetime, "updated_at": datetime, "id": str}
_JOB = """SELECT id, kind, state, subject AS created_by, client_id, unit, parameters, total, done,
 refused, errors, failure, input_name, result_sha256, result_name, created_at, started_at,
 finished_at, updated_at FROM job"""
_ERROR = """SELECT number, sheet, row_number AS row, head, cell, field, code, message_zh,
 message_en, updated_at FROM job_error JOIN job ON job.id = job_id"""


class JobFilters:
    """The filters of the list, as query parameters."""

    def __init__(
        self,
        kind: Annotated[Text | None, Query()] = None,
        state: Annotated[AnyOf[JobState] | None, Query()] = None,
        updated_since: Annotated[Moment | None, Query()] = None,
    ) -> None:
        self.given = {"kind = ?": kind, "state = ANY(?)": state, "updated_at >= ?": updated_since}


JobFiltersDep = Annotated[JobFilters, Depends(JobFilters)]


async def job_page(
    session: Session, principal: Principal, page: PageRequest, filters: JobFilters
) -> dict[str, Any]:
    """The jobs the caller may see, latest first."""
    where = Conditions()
    units = await directory.visible_units(session, principal, READ_JOBS)
    if units is not None:
        unit, client = where.bind(units), where.bind(principal.client_id)
        asked = f"client_id = {client} AND subject = {where.bind(principal.subject)}"
        where.parts.append(f"(unit = ANY({unit}) OR ({asked}))")
    for condition, value in filters.given.items():
        if value is not None:
            where.add(condition, value)
    return await fetch_hot_page(
        session, _JOB, where, page, sortable=JOB_SORT, default="-created_at"
    )


async def load(
    session: Session, principal: Principal, permission: Permission, job_id: str
) -> dict[str, Any]:
    """The job. Whoever asked for it may do with it what their unit may.

    Raises:
        NotFound, Forbidden.
    """
    row = await session.fetch_row(f"{_JOB} WHERE id = $1", job_id)
    if row is None:
        raise NotFound(what=f"job {job_id}")
    asked = (row["client_id"], row["created_by"]) == (principal.client_id, principal.subject)
    if not asked:
        await directory.require(session, principal, permission, row["unit"])
    return dict(row)


one_job = APIRouter(tags=["jobs"], route_class=Route)


@one_job.get("/jobs/{job_id}", summary="One job")
async def get_job(
    job_id: JobId, session: SessionDep, principal: Principal = permitted(READ_JOBS)
) -> JobRead:
    """How far it is and what became of it. For whoever asked for it, their unit, the office,
    operators and auditors. A job that ended is kept for 30 days."""
    return JobRead.model_validate(await load(session, principal, READ_JOBS, job_id))


@one_job.get(
    "/jobs/{job_id}/errors",
    response_model=JobErrorPage,
    summary="List the wrong places in a job's file",
)
async def list_job_errors(
    job_id: JobId,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(ERROR_SORT)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_JOBS),
) -> Any:
    """Each with its cell, in the order of the file; as old as the job's last change."""
    await load(session, principal, READ_JOBS, job_id)
    where = Conditions()
    where.add("job_id = ?", job_id)
    if updated_since is not None:
        where.add("updated_at >= ?", updated_since)
    return await fetch_hot_page(
        session, _ERROR, where, page, sortable=ERROR_SORT, default="number", key="number"
    )


@one_job.get(
    "/jobs/{job_id}/result",
    response_class=Response,
    responses=gives(XLSX, CSV),
    summary="The file a job made",
)
async def get_job_result(
    job_id: JobId, session: SessionDep, principal: Principal = permitted(READ_JOBS)
) -> Response:
    """Of an import with wrong rows: the file that was sent, with a column that says for every
    row what is wrong with it. 404 for a job that made none."""
    job = await load(session, principal, READ_JOBS, job_id)
    if job["result_sha256"] is None:
        raise NotFound(what=f"result of job {job_id}")
    return await attachment(session, job["result_sha256"], job["result_name"])


@one_job.post(
    "/jobs/{job_id}/cancel",
    responses=problems(InvalidTransition),
    summary="Cancel a job",
)
async def cancel_job(
    job_id: JobId, session: SessionDep, principal: Principal = permitted(CANCEL_JOBS)
) -> JobRead:
    """One that waits ends at once, one that runs within seconds. What a partial import has
    stored by then stays."""
    job = await load(session, principal, CANCEL_JOBS, job_id)
    if await store.cancel(session, job_id) is None:
        raise InvalidTransition(state=job["state"], action="cancel")
    audit.record(session, CANCEL_JOBS.name, "job", job_id)
    return JobRead.model_validate(await load(session, principal, CANCEL_JOBS, job_id))


def jobs_router(*, in_schema: bool = False) -> APIRouter:
    """The routes of one job. They are documented once, by the gateway."""
    router = APIRouter(include_in_schema=in_schema)
    router.include_router(one_job)
    return router


def job_list_router() -> APIRouter:
    """The list of one service; the gateway composes those of all."""
    router = APIRouter(route_class=Route, include_in_schema=False)

    @router.get("/jobs", response_model=JobPage)
    async def list_jobs(
        session: SessionDep,
        page: Annotated[PageRequest, sorted_by(JOB_SORT)],
        filters: JobFiltersDep,
        principal: Principal = permitted(READ_JOBS),
    ) -> Any:
        return await job_page(session, principal, page, filters)

    return router
