"""Statements on meeting series, meetings and decisions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select

from supervision.meetings.models import Meeting, MeetingDecision, MeetingSeries

DECISION_SORT = {"id": MeetingDecision.id, "updated_at": MeetingDecision.updated_at}

MEETING_SORT = {
    "id": Meeting.id,
    "scheduled_on": Meeting.scheduled_on,
    "updated_at": Meeting.updated_at,
}

SERIES_SORT = {"code": MeetingSeries.code, "updated_at": MeetingSeries.updated_at}


async def all_series(session: Session) -> list[MeetingSeries]:
    return list(await session.scalars(select(MeetingSeries).order_by(MeetingSeries.code)))


async def get_series(session: Session, code: str) -> MeetingSeries:
    """Raises `NotFound`."""
    found = await session.scalar(select(MeetingSeries).where(MeetingSeries.code == code))
    if found is None:
        raise NotFound(what=f"meeting series {code}")
    return found


async def list_series(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    query = select(MeetingSeries).where(*given((updated_since, MeetingSeries.updated_at.__ge__)))
    return await fetch_page(session, query, page, sortable=SERIES_SORT, default="code", key="code")


async def get(session: Session, meeting_id: UUID) -> Meeting:
    """Raises `NotFound`."""
    found = await session.get(Meeting, meeting_id)
    if found is None:
        raise NotFound(what=f"meeting {meeting_id}")
    return found


async def get_for_update(session: Session, meeting_id: UUID) -> Meeting:
    """Raises `NotFound`."""
    found = await session.scalar(select(Meeting).where(Meeting.id == meeting_id).with_for_update())
    if found is None:
        raise NotFound(what=f"meeting {meeting_id}")
    return found


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


async def list_meetings(
    session: Session,
    page: PageRequest,
    *,
    plan_code: str | None,
    period: str | None,
    status: Sequence[str],
    missed: bool | None,
    scheduled_gte: date | None,
    scheduled_lte: date | None,
    updated_since: datetime | None,
) -> Page[Any]:
    late = (Meeting.status == "planned") & (Meeting.scheduled_on < china_date())
    conditions = given(
        (plan_code, Meeting.plan_code.__eq__),
        (period, Meeting.period.__eq__),
        (status or None, Meeting.status.in_),
        (missed, lambda yes: late if yes else ~late),
        (scheduled_gte, Meeting.scheduled_on.__ge__),
        (scheduled_lte, Meeting.scheduled_on.__le__),
        (updated_since, Meeting.updated_at.__ge__),
    )
    query = select(Meeting).where(*conditions)
    return await fetch_page(session, query, page, sortable=MEETING_SORT, default="scheduled_on")


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
