"""SQL of the milestones."""

from datetime import date, datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import and_, or_, select
from targets.key_tasks.models import KeyTask, TaskMilestone

SORTABLE = {
    "id": TaskMilestone.id,
    "due_on": TaskMilestone.due_on,
    "updated_at": TaskMilestone.updated_at,
}


async def get(session: Session, key_task: str, milestone_id: UUID) -> TaskMilestone | None:
    row = TaskMilestone
    return await session.scalar(select(row).where(row.id == milestone_id, row.key_task == key_task))


async def list_milestones(
    session: Session,
    page: PageRequest,
    key_task: str,
    *,
    state: list[str],
    updated_since: datetime | None,
) -> Page:
    row = TaskMilestone
    conditions = given((state or None, row.state.in_), (updated_since, row.updated_at.__ge__))
    query = select(row).where(row.key_task == key_task, *conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="due_on")


async def tasks_behind(session: Session, today: date) -> list[str]:
    """Tasks with a day that is over and of which nobody has been told, in the order of locking."""
    milestone = TaskMilestone
    query = (
        select(KeyTask.code)
        .distinct()
        .join(milestone, milestone.key_task == KeyTask.code)
        .where(
            milestone.state != "confirmed",
            or_(
                and_(milestone.due_on < today, milestone.overdue_at.is_(None)),
                and_(KeyTask.due_on < today, KeyTask.overdue_at.is_(None)),
            ),
        )
    )
    return list(await session.scalars(query.order_by(KeyTask.code)))
