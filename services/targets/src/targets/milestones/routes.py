"""HTTP of the milestones of key tasks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import AnyOf, Code, Moment
from targets.key_tasks.schemas import MilestoneState, TaskMilestoneRead
from targets.milestones import service
from targets.milestones.domain import OwnMilestone
from targets.milestones.repository import SORTABLE
from targets.milestones.schemas import (
    MilestoneClaim,
    MilestoneProgress,
    MilestoneReturn,
    TaskMilestonePage,
)
from targets.permissions import CONFIRM_MILESTONE, READ_KEY_TASKS, REPORT_MILESTONE

milestones = app.router("key-tasks")
ONE = "/key-tasks/{code}/milestones/{milestone_id}"


@milestones.get(
    "/key-tasks/{code}/milestones",
    response_model=TaskMilestonePage,
    summary="List a key task's milestones",
)
async def list_task_milestones(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    state: Annotated[AnyOf[MilestoneState] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_KEY_TASKS),
) -> Any:
    """How far each is and who said so, by the day it is due."""
    return await service.list_milestones(
        session, page, code, state=list(state or []), updated_since=updated_since
    )


@milestones.get(ONE, response_model=TaskMilestoneRead, summary="One milestone")
async def get_task_milestone(
    code: Code,
    milestone_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_KEY_TASKS),
) -> Any:
    """A milestone of a key task. It is defined with the task."""
    row = await service.get_milestone(session, code, milestone_id)
    tag(response, row)
    return row


@milestones.post(
    f"{ONE}/progress",
    response_model=TaskMilestoneRead,
    responses=problems(InvalidTransition),
    summary="Say how far a milestone is",
)
async def report_task_milestone(
    code: Code,
    milestone_id: UUID,
    body: MilestoneProgress,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REPORT_MILESTONE),
) -> Any:
    """By a unit that answers for it: up to 99 percent, and in words."""
    row = await service.report_progress(session, principal, code, milestone_id, body, expected)
    tag(response, row)
    return row


@milestones.post(
    f"{ONE}/claim",
    response_model=TaskMilestoneRead,
    responses=problems(InvalidTransition),
    summary="Say that a milestone is reached",
)
async def claim_task_milestone(
    code: Code,
    milestone_id: UUID,
    body: MilestoneClaim,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REPORT_MILESTONE),
) -> Any:
    """By a unit that answers for it; it counts once somebody else has confirmed it."""
    row = await service.claim(session, principal, code, milestone_id, body.note, expected)
    tag(response, row)
    return row


@milestones.post(
    f"{ONE}/confirm",
    response_model=TaskMilestoneRead,
    responses=problems(InvalidTransition, OwnMilestone),
    summary="Confirm a milestone",
)
async def confirm_task_milestone(
    code: Code,
    milestone_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CONFIRM_MILESTONE),
) -> Any:
    """The office or the group's lead, but never the one who claimed it."""
    row = await service.confirm(session, principal, code, milestone_id, expected)
    tag(response, row)
    return row


@milestones.post(
    f"{ONE}/return",
    response_model=TaskMilestoneRead,
    responses=problems(InvalidTransition),
    summary="Refuse the claim of a milestone",
)
async def return_task_milestone(
    code: Code,
    milestone_id: UUID,
    body: MilestoneReturn,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CONFIRM_MILESTONE),
) -> Any:
    """The office or the group's lead says what is missing; the milestone is open again."""
    row = await service.give_back(session, principal, code, milestone_id, body.reason, expected)
    tag(response, row)
    return row
