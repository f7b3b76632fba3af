"""Statements on what meetings alone have: decisions, and reports to chase."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from supervision.meetings.models import Meeting, MeetingDecision

DECISION_SORT = {"id": MeetingDecision.id, "updated_at": MeetingDecision.updated_at}


async def held_before(session: Session, row: Meeting) -> date | None:
    """The day of the last meeting of the series that was held before this one."""
    query = select(Meeting.held_on).where(
        Meeting.plan_code == row.plan_code,
        Meeting.status == "held",
        Meeting.held_on < (row.held_on or row.scheduled_on),
    )
    return await session.scalar(query.order_by(Meeting.held_on.desc()).limit(1))


async def to_chase(session: Session, today: date) -> list[Meeting]:
    """Meetings to come whose reports were due and nobody was asked for, locked."""
    query = select(Meeting).where(
        Meeting.status == "planned",
        Meeting.scheduled_on >= today,
        Meeting.reports_due_on < today,
        Meeting.reports_chased_at.is_(None),
    )
    return list(await session.scalars(query.order_by(Meeting.id).with_for_update(skip_locked=True)))


async def list_decisions(
    session: Session,
    units: Sequence[str] | None,
    page: PageRequest,
    *,
    meeting_id: UUID | None,
    responsible_unit: str | None,
    updated_since: datetime | None,
) -> Page[Any]:
    """Decisions for the given units (none: for all)."""
    conditions = given(
        (units, MeetingDecision.responsible_unit.in_),
        (meeting_id, MeetingDecision.meeting_id.__eq__),
        (responsible_unit, MeetingDecision.responsible_unit.__eq__),
        (updated_since, MeetingDecision.updated_at.__ge__),
    )
    query = select(MeetingDecision).where(*conditions)
    return await fetch_page(session, query, page, sortable=DECISION_SORT, default="-id")
