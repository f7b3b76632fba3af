"""Calling meetings on the calendar and keeping their record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox

from supervision.calendar import service as calendar
from supervision.items import service as items
from supervision.items.domain import Opening
from supervision.meetings import domain, events, repository
from supervision.meetings.models import Meeting, MeetingDecision, MeetingSeries
from supervision.meetings.schemas import MeetingDecisionCreate, MeetingHold, MeetingSeriesPut
from supervision.permissions import HOLD_MEETING, PUT_MEETING_SERIES, READ_DECISION

TITLE_LENGTH = 60
"""Characters of a decision that stand in the title of its item."""


async def put_series(
    session: Session,
    principal: Principal,
    code: str,
    body: MeetingSeriesPut,
    expected: int | None,
) -> tuple[MeetingSeries, bool]:
    """Make or replace a series and its meetings to come; gives it and whether it is new."""
    await directory.require(session, principal, PUT_MEETING_SERIES)
    wanted = body.model_dump()
    row = await repository.find_series_for_update(session, code)
    before = None
    if row is None:
        row = MeetingSeries(code=code, **wanted)
        session.add(row)
    else:
        check_version(row, expected, required=False)
        before = {name: getattr(row, name) for name in wanted}
        if before == wanted:
            return row, False
        for name, value in wanted.items():
            setattr(row, name, value)
        row.version += 1
    audit.record(
        session, "meeting_series.update", "meeting_series", code, before=before, after=wanted
    )
    await session.flush()
    await calendar.plan(session, Meeting, row, row.participant_units)
    return row, before is None


async def plan_meetings(session: Session) -> None:
    """Schedule: keep every series' meetings a year ahead and on workdays."""
    for row in await repository.all_series(session):
        await calendar.plan(session, Meeting, row, row.participant_units)


async def hold_meeting(
    session: Session,
    principal: Principal,
    meeting_id: UUID,
    body: MeetingHold,
    expected: int | None,
) -> Meeting:
    """Keep the record of a meeting; decisions to be supervised become items.

    Raises:
        InvalidTransition: it was held or withdrawn before.
        MeetingInTheFuture: `held_on` has not come.
    """
    row = await repository.get_for_update(session, meeting_id)
    await directory.require(session, principal, HOLD_MEETING)
    check_version(row, expected)
    row.status = domain.hold(row.status, body.held_on, china_date())
    row.held_on, row.minutes = body.held_on, body.minutes
    row.attended_units = body.attended_units
    row.version += 1
    for position, decision in enumerate(body.decisions, start=1):
        await _write_decision(session, row, position, decision)
    audit.record(session, "meetings.hold", "meeting", row.id, after=body.model_dump(mode="json"))
    outbox.add(session, events.meeting_held(row))
    await session.flush()
    return row


async def _write_decision(
    session: Session, row: Meeting, position: int, decision: MeetingDecisionCreate
) -> None:
    written = MeetingDecision(
        meeting_id=row.id,
        position=position,
        text=decision.text,
        responsible_unit=decision.responsible_unit,
    )
    session.add(written)
    await session.flush()
    if decision.supervise:
        item = await items.open_item(
            session,
            Opening(
                title=f"会议决定：{decision.text[:TITLE_LENGTH]}",
                description=decision.text,
                origin="decision",
                origin_ref=str(written.id),
                responsible_unit=decision.responsible_unit,
                due_on=decision.due_on,
                due_workdays=decision.due_workdays,
                # A decision is a task, not a fault: only a rectification holds payments.
                holds_payments=False,
                period=row.period,
            ),
        )
        written.item_id = item.id


async def list_decisions(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    meeting_id: UUID | None,
    responsible_unit: str | None,
    updated_since: datetime | None,
) -> Page[Any]:
    """The decisions for the units the caller may see."""
    units = await directory.visible_units(session, principal, READ_DECISION)
    return await repository.list_decisions(
        session,
        units,
        page,
        meeting_id=meeting_id,
        responsible_unit=responsible_unit,
        updated_since=updated_since,
    )
