"""Yearly results of R&D projects over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, PreconditionRequired
from servicekit.types import Moment

from parks.permissions import (
    READ_PROJECT_RESULT,
    REPORT_PROJECT_RESULT,
    VERIFY_PROJECT_RESULT,
)
from parks.rd_project_results import service
from parks.rd_project_results.domain import ReporterMayNotVerify, ResultExists, YearOutside
from parks.rd_project_results.repository import SORTABLE
from parks.rd_project_results.schemas import (
    RdProjectResultCreate,
    RdProjectResultPage,
    RdProjectResultRead,
    RdProjectResultReturn,
    RdProjectResultUpdate,
)

router = app.router("rd-projects")
PATH = "/rd-projects/{project_id}/results"
ONE = f"{PATH}/{{result_id}}"


@router.get(PATH, response_model=RdProjectResultPage, summary="Results of an R&D project")
async def list_rd_project_results(
    project_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_PROJECT_RESULT),
) -> Any:
    """What it brought, the latest year first."""
    return await service.list_results(session, principal, page, project_id, updated_since)


@router.get(ONE, response_model=RdProjectResultRead, summary="One result of an R&D project")
async def get_rd_project_result(
    project_id: UUID,
    result_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_PROJECT_RESULT),
) -> Any:
    """A year's figures, who reported and who verified them."""
    row = await service.get_result(session, principal, project_id, result_id)
    tag(response, row)
    return row


@router.post(
    PATH,
    status_code=201,
    response_model=RdProjectResultRead,
    responses=problems(YearOutside, ResultExists, InvalidTransition),
    summary="Report a result of an R&D project",
)
async def report_rd_project_result(
    project_id: UUID,
    body: RdProjectResultCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REPORT_PROJECT_RESULT),
) -> Any:
    """A year's figures, of a project that has begun; they count once they are verified."""
    row = await service.report_result(session, principal, project_id, body)
    response.headers["Location"] = f"{app.PREFIX}/rd-projects/{project_id}/results/{row.id}"
    tag(response, row)
    return row


@router.patch(
    ONE,
    response_model=RdProjectResultRead,
    responses=problems(InvalidTransition, PreconditionRequired),
    summary="Mend a result of an R&D project",
)
async def update_rd_project_result(
    project_id: UUID,
    result_id: UUID,
    body: RdProjectResultUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REPORT_PROJECT_RESULT),
) -> Any:
    """A merge patch of what was returned."""
    row = await service.update_result(session, principal, project_id, result_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/submit",
    response_model=RdProjectResultRead,
    responses=problems(InvalidTransition),
    summary="Submit a result of an R&D project again",
)
async def submit_rd_project_result(
    project_id: UUID,
    result_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REPORT_PROJECT_RESULT),
) -> Any:
    """After it was returned."""
    row = await service.submit_result(session, principal, project_id, result_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/verify",
    response_model=RdProjectResultRead,
    responses=problems(InvalidTransition, ReporterMayNotVerify),
    summary="Verify a result of an R&D project",
)
async def verify_rd_project_result(
    project_id: UUID,
    result_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(VERIFY_PROJECT_RESULT),
) -> Any:
    """By another person than those who reported it. Its figures count from the last day of its
    year on, or from today on in the year that runs."""
    row = await service.verify_result(session, principal, project_id, result_id, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/return",
    response_model=RdProjectResultRead,
    responses=problems(InvalidTransition, ReporterMayNotVerify),
    summary="Return a result of an R&D project",
)
async def return_rd_project_result(
    project_id: UUID,
    result_id: UUID,
    body: RdProjectResultReturn,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(VERIFY_PROJECT_RESULT),
) -> Any:
    """With the reason. One that was verified counts no longer until it is verified again."""
    row = await service.return_result(
        session, principal, project_id, result_id, body.reason, expected
    )
    tag(response, row)
    return row
