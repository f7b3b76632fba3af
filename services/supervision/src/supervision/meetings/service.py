"""Calling meetings on the calendar and keeping their record."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import UnknownReference
from servicekit.rows import put_by_key
from servicekit.workdays import reach

from supervision.agendas import service as agendas
from supervision.calendar.service import workdays
from supervision.items import service as items
from supervision.items.domain import Opening
from supervision.meetings import domain, events, repository
from supervision.meetings.models import Meeting, MeetingDecision, MeetingSeries
from supervision.meetings.schemas import (
    Attendance,
    MeetingDecisionCreate,
    MeetingHold,
    MeetingSeriesPut,
)
from supervision.occurrences import repository as occurrence_rows
from supervision.occurrences import service as occurrences
from supervision.occurrences.schemas import OccurrenceMove
from supervision.occurrences.service import Kind
from supervision.permissions import ARRANGE_MEETING, HOLD_MEETING, PUT_MEETING_SERIES, READ_DECISION
from supervision.work_reports import repository as work_reports

KIND = Kind(
    Meeting,
    ARRANGE_MEETING,
    events.meeting_rescheduled,
    events.meeting_withdrawn,
    events.meeting_missed,
)
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
    done = await put_by_key(session, MeetingSeries, {"code": code}, body.model_dump(), expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(session, PUT_MEETING_SERIES.name, "meeting_series", code, before=done.before,
                     after=after)  # fmt: skip
        await _plan(session, done.row)
    return done.row, done.created


async def announce_missed_meetings(session: Session) -> None:
    """Schedule: tell of every meeting whose day has passed, once."""
    await occurrences.announce_missed(session, KIND)


async def plan_meetings(session: Session) -> None:
    """Schedule: keep every series' meetings a year ahead and on workdays."""
    for row in await occurrence_rows.all_plans(session, MeetingSeries):
        await _plan(session, row)


async def _plan(session: Session, series: MeetingSeries) -> None:
    await occurrences.plan(session, KIND, series, series.participant_units)
    rows = await occurrence_rows.lock_all(session, Meeting, series.code)
    await _settle_reports(session, series, list(rows.values()))


async def _settle_reports(session: Session, series: MeetingSeries, rows: Sequence[Meeting]) -> None:
    """Reports are due so many workdays before each meeting to come."""
    coming = [row for row in rows if row.status == "planned" and row.scheduled_on >= china_date()]
    if not coming:
        return
    days = [row.scheduled_on for row in coming]
    back = timedelta(days=reach(series.report_workdays))
    known, _ = await workdays(session, min(days) - back, max(days))
    for row in coming:
        due = known.away(row.scheduled_on, -series.report_workdays)
        if row.reports_due_on != due:
            row.reports_due_on = due
    await session.flush()


async def reschedule_meeting(
    session: Session,
    principal: Principal,
    meeting_id: UUID,
    expected: int | None,
    body: OccurrenceMove,
) -> Meeting:
    """Move a meeting by hand; its reports are due by the new day. Raises as `occurrences.move`."""
    row = await occurrences.move(session, KIND, principal, meeting_id, expected, body)
    series = await occurrence_rows.get_plan(session, MeetingSeries, row.plan_code)
    await _settle_reports(session, series, [row])
    return row


async def chase_reports(session: Session) -> None:
    """Schedule: once the reports to a meeting were due, tell which units have filed none, once."""
    for row in await repository.to_chase(session, china_date()):
        expected = await work_reports.expected(session, row.id)
        missing = [each["unit_code"] for each in expected if not each["reported"]]
        row.reports_chased_at = now()
        audit.record(session, "meetings.chase", "meeting", row.id, after={"missing": missing})
        if missing:
            outbox.add(session, events.reports_missing(row, missing))


def note_attendance(row: Meeting, attendance: Sequence[Attendance]) -> None:
    """Who was there; those present count among the units that attended."""
    row.attendance = [each.model_dump() for each in attendance]
    row.attended_units = sorted({each.unit_code for each in attendance if each.status == "present"})


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
        UnknownReference: a decision is for no active unit.
    """
    row = await occurrence_rows.get_for_update(session, Meeting, meeting_id)
    await directory.require(session, principal, HOLD_MEETING)
    check_version(row, expected)
    row.status = domain.hold(row.status, body.held_on, china_date())
    row.held_on, row.minutes = body.held_on, body.minutes
    row.agenda = (await agendas.assemble(session, row, frozen=True)).model_dump(mode="json")
    row.attended_units, row.minutes_by = body.attended_units, principal.subject
    if body.attendance:
        note_attendance(row, body.attendance)
        row.attended_units = sorted({*row.attended_units, *body.attended_units})
    row.touch()
    for index, each in enumerate(body.decisions):
        if not await directory.is_active(session, each.responsible_unit):
            where = f"/decisions/{index}/responsible_unit"
            raise UnknownReference(what=f"unit {each.responsible_unit}").at(where)
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
