"""HTTP of the key tasks."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Moment
from targets.key_tasks import repository, service
from targets.key_tasks.domain import MilestoneBegun
from targets.key_tasks.repository import SORTABLE
from targets.key_tasks.schemas import KeyTaskPage, KeyTaskPut, KeyTaskRead
from targets.permissions import READ_KEY_TASKS, WRITE_KEY_TASKS

key_tasks = app.router("key-tasks")


@key_tasks.get("/key-tasks", response_model=KeyTaskPage, summary="List key tasks")
async def list_key_tasks(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    programme: Code | None = None,
    unit: Code | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_KEY_TASKS),
) -> Any:
    """The key tasks with their deliverables; filter by a unit that leads or supports them."""
    return await repository.list_key_tasks(
        session, page, programme=programme, unit=unit, updated_since=updated_since
    )


@key_tasks.get("/key-tasks/{code}", response_model=KeyTaskRead, summary="One key task")
async def get_key_task(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_KEY_TASKS)
) -> Any:
    """A key task with its deliverables, its milestones and how far it is."""
    task = await service.get_key_task(session, code)
    tag(response, task)
    return task


@key_tasks.put(
    "/key-tasks/{code}",
    response_model=KeyTaskRead,
    responses={
        201: {"model": KeyTaskRead, "description": "Created"},
        **problems(UnknownReference, MilestoneBegun),
    },
    summary="Make or change a key task",
)
async def put_key_task(
    code: Code,
    body: KeyTaskPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_KEY_TASKS),
) -> Any:
    """For the office. An equal body changes nothing."""
    task, created = await service.put_key_task(session, code, body, expected)
    tag(response, task)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/key-tasks/{code}"
    return task
