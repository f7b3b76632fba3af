"""R&D projects over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment

from parks.enterprises.domain import EnterprisesDiffer, EnterpriseUnnamed, InvalidUscc
from parks.labels import LABELS
from parks.parks.domain import FutureDate
from parks.permissions import (
    CREATE_PROJECT,
    END_PROJECT,
    READ_PROJECT,
    START_PROJECT,
    UPDATE_PROJECT,
)
from parks.rd_projects import service
from parks.rd_projects.domain import (
    PeriodReversed,
    ProjectAction,
    ProjectExists,
    ResultsPending,
)
from parks.rd_projects.repository import SORTABLE
from parks.rd_projects.schemas import (
    RdProjectCreate,
    RdProjectEnd,
    RdProjectPage,
    RdProjectRead,
    RdProjectStart,
    RdProjectState,
    RdProjectUpdate,
)

router = app.router("rd-projects")
ONE = "/rd-projects/{project_id}"
OVER = (InvalidTransition, FutureDate, PeriodReversed)


@router.get("/rd-projects", response_model=RdProjectPage, summary="List R&D projects")
async def list_rd_projects(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    enterprise_id: UUID | None = None,
    park_code: Code | None = None,
    programme: Code | None = None,
    state: Annotated[AnyOf[RdProjectState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_PROJECT),
) -> Any:
    """Those the caller may see, by number, with what was planned, what was reached and the gap."""
    return await service.list_projects(
        session,
        principal,
        page,
        enterprise_id=enterprise_id,
        park_code=park_code,
        programme=programme,
        state=state or [],
        updated_since=updated_since,
    )


@router.get(ONE, response_model=RdProjectRead, summary="One R&D project")
async def get_rd_project(
    project_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_PROJECT),
) -> Any:
    """A project with what is missing to its plan."""
    row = await service.load(session, principal, READ_PROJECT, project_id)
    tag(response, row)
    return row


@router.post(
    "/rd-projects",
    status_code=201,
    response_model=RdProjectRead,
    responses=problems(
        PeriodReversed,
        FutureDate,
        InvalidUscc,
        EnterpriseUnnamed,
        EnterprisesDiffer,
        UnknownReference,
        ProjectExists,
    ),
    summary="Register an R&D project",
)
async def create_rd_project(
    body: RdProjectCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_PROJECT),
) -> Any:
    """For the office, and for a park's administration of its own enterprises."""
    row = await service.create_project(session, principal, body)
    response.headers["Location"] = f"{app.PREFIX}/rd-projects/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_rd_project)
project_import = add_import(router, create_rd_project, labels=LABELS)


@router.patch(
    ONE,
    response_model=RdProjectRead,
    responses=problems(InvalidTransition, PeriodReversed),
    summary="Change an R&D project",
)
async def update_rd_project(
    project_id: UUID,
    body: RdProjectUpdate,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(UPDATE_PROJECT),
) -> Any:
    """A merge patch, as long as the project is not over."""
    row = await service.update_project(session, principal, project_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/start",
    response_model=RdProjectRead,
    responses=problems(InvalidTransition, FutureDate),
    summary="Start an R&D project",
)
async def start_rd_project(
    project_id: UUID,
    body: RdProjectStart,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(START_PROJECT),
) -> Any:
    """It counts among the projects of its programme from that day on."""
    row = await service.start_project(session, principal, project_id, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/complete",
    response_model=RdProjectRead,
    responses=problems(*OVER, ResultsPending),
    summary="Complete an R&D project",
)
async def complete_rd_project(
    project_id: UUID,
    body: RdProjectEnd,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(END_PROJECT),
) -> Any:
    """Once none of its results waits. What it sells afterwards can still be reported."""
    action = ProjectAction.COMPLETE
    row = await service.end_project(session, principal, project_id, action, body, expected)
    tag(response, row)
    return row


@router.post(
    f"{ONE}/terminate",
    response_model=RdProjectRead,
    responses=problems(*OVER),
    summary="Terminate an R&D project",
)
async def terminate_rd_project(
    project_id: UUID,
    body: RdProjectEnd,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(END_PROJECT),
) -> Any:
    """It is not carried out any more from that day on; its verified results stay."""
    action = ProjectAction.TERMINATE
    row = await service.end_project(session, principal, project_id, action, body, expected)
    tag(response, row)
    return row
