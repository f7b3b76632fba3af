"""Use cases of the milestones: the unit reports and claims, somebody else confirms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from targets.key_tasks import repository as tasks
from targets.key_tasks import service as task_service
from targets.key_tasks.models import KeyTask, TaskMilestone
from targets.milestones import domain, events, repository
from targets.milestones.schemas import MilestoneProgress
from targets.permissions import CONFIRM_MILESTONE, REPORT_MILESTONE


async def list_milestones(
    session: Session,
    page: PageRequest,
    key_task: str,
    *,
    state: list[str],
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`."""
    await task_service.get_key_task(session, key_task)
    return await repository.list_milestones(
        session, page, key_task, state=state, updated_since=updated_since
    )


async def get_milestone(session: Session, key_task: str, milestone_id: UUID) -> TaskMilestone:
    """Raises `NotFound`."""
    row = await repository.get(session, key_task, milestone_id)
    if row is None:
        raise NotFound(what=f"milestone {milestone_id}")
    return row


async def report_progress(
    session: Session,
    principal: Principal,
    key_task: str,
    milestone_id: UUID,
    body: MilestoneProgress,
    expected: int | None,
) -> TaskMilestone:
    """Say how far a milestone is.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is claimed or confirmed.
    """
    task, row = await load(session, principal, REPORT_MILESTONE, key_task, milestone_id, expected)
    values = {**body.model_dump(), "state": domain.report(row.state)}
    await move(session, "progress", task, row, **values, **_reporter(principal))
    return row


async def claim(
    session: Session,
    principal: Principal,
    key_task: str,
    milestone_id: UUID,
    note: str,
    expected: int | None,
) -> TaskMilestone:
    """Say that a milestone is reached.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is claimed or confirmed.
    """
    task, row = await load(session, principal, REPORT_MILESTONE, key_task, milestone_id, expected)
    await move(
        session,
        "claim",
        task,
        row,
        state=domain.claim(row.state),
        note=note,
        claimed_by=principal.subject,
        claimed_at=now(),
        return_reason=None,
        **_reporter(principal),
    )
    return row


async def confirm(
    session: Session,
    principal: Principal,
    key_task: str,
    milestone_id: UUID,
    expected: int | None,
) -> TaskMilestone:
    """Confirm that a milestone is reached, and tell it.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it was not claimed.
        OwnMilestone: the caller claimed it.
    """
    task, row = await load(session, principal, CONFIRM_MILESTONE, key_task, milestone_id, expected)
    await move(
        session,
        "confirm",
        task,
        row,
        state=domain.confirm(row.state, principal.subject, row.claimed_by),
        percent_complete=100,
        confirmed_by=principal.subject,
        confirmed_at=now(),
    )
    outbox.add(session, events.milestone_reached(task, row, china_date(row.claimed_at)))
    return row


async def give_back(
    session: Session,
    principal: Principal,
    key_task: str,
    milestone_id: UUID,
    reason: str,
    expected: int | None,
) -> TaskMilestone:
    """Refuse a claim with a reason; the milestone is open again.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it was not claimed.
    """
    task, row = await load(session, principal, CONFIRM_MILESTONE, key_task, milestone_id, expected)
    await move(
        session,
        "return",
        task,
        row,
        state=domain.give_back(row.state),
        return_reason=reason,
        claimed_by=None,
        claimed_at=None,
    )
    return row


def _reporter(principal: Principal) -> dict[str, Any]:
    return {"reported_by": principal.subject, "reported_at": now()}


async def load(
    session: Session,
    principal: Principal,
    permission: Permission,
    key_task: str,
    milestone_id: UUID,
    expected: int | None,
) -> tuple[KeyTask, TaskMilestone]:
    """The task, locked, and its milestone at the version the caller has seen."""
    task, row = await lock(session, principal, permission, key_task, milestone_id)
    check_version(row, expected)
    return task, row


async def lock(
    session: Session,
    principal: Principal,
    permission: Permission,
    key_task: str,
    milestone_id: UUID,
) -> tuple[KeyTask, TaskMilestone]:
    """The task, locked, and its milestone."""
    task = await tasks.get_for_update(session, key_task)
    milestones = {} if task is None else {each.id: each for each in task.milestones}
    row = milestones.get(milestone_id)
    if task is None or row is None:
        raise NotFound(what=f"milestone {milestone_id}")
    await directory.require(session, principal, permission, *task.answers_for(row))
    return task, row


async def move(
    session: Session, action: str, task: KeyTask, row: TaskMilestone, **values: Any
) -> None:
    """Write a transition and its audit; the task it belongs to has changed with it."""
    before = row.snapshot()
    row.change(values)
    task.touch()
    await session.flush()
    audit.record(
        session,
        f"key_tasks.{action}",
        "task_milestone",
        row.id,
        before=before,
        after=row.snapshot(),
    )


async def tell_overdue(session: Session) -> None:
    """Schedule: tell once of every milestone, and every task with milestones, whose day is over."""
    today, moment = china_date(), now()
    for code in await repository.tasks_behind(session, today):
        task = await tasks.get_for_update(session, code)
        assert task is not None
        missed = [
            row
            for row in task.milestones
            if row.overdue_at is None and domain.is_missed(row.state, row.due_on, today)
        ]
        for row in missed:
            row.change({"overdue_at": moment})
            outbox.add(session, events.overdue(task, row))
        is_open = any(row.state != "confirmed" for row in task.milestones)
        if is_open and task.due_on < today and task.overdue_at is None:
            task.change({"overdue_at": moment})
            outbox.add(session, events.overdue(task, None))
        elif missed:
            task.touch()
        await session.flush()
