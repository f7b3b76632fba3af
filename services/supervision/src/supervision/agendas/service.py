"""Assembling what a meeting has before it and what a unit has to tell there."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import CHINA, china_date, now
from servicekit.db import Session

from supervision.agendas.schemas import (
    AgendaItem,
    AgendaMoney,
    MeetingAgenda,
    UnitFactRead,
    WorkReportDraft,
)
from supervision.meetings import repository as meetings
from supervision.meetings.models import Meeting
from supervision.occurrences import repository as occurrences
from supervision.permissions import FILE_WORK_REPORT
from supervision.unit_facts import repository as facts
from supervision.unit_facts.domain import (
    MONEY,
    PROBLEMS,
    RESULTS,
    Fact,
    FactKind,
    said,
    since_of,
)
from supervision.work_reports import repository as work_reports

NOTHING = "（无）"


async def agenda_of(session: Session, meeting_id: UUID) -> MeetingAgenda:
    """What the meeting has before it; what it had, once it was held. Raises `NotFound`."""
    row = await occurrences.get(session, Meeting, meeting_id)
    if row.agenda is not None:
        return MeetingAgenda.model_validate(row.agenda)
    return await assemble(session, row)


async def assemble(session: Session, row: Meeting, *, frozen: bool = False) -> MeetingAgenda:
    """Reports, open items, red indicators and money of the units called and those below them."""
    units = await facts.below(session, row.units)
    expected = await work_reports.expected(session, row.id)
    items = [
        AgendaItem.model_validate(dict(each))
        for each in await facts.open_items(session, units, china_date())
    ]
    known = await facts.indicators(session, units)
    since = await _since(session, row)
    return MeetingAgenda(
        meeting_id=row.id,
        frozen=frozen,
        as_of=now(),
        since=since,
        topics=row.topics,
        reports_expected=len(expected),
        reports_missing=[each["unit_code"] for each in expected if not each["reported"]],
        items=items,
        items_overdue=sum(each.overdue for each in items),
        red_indicators=[_read(each) for each in known if each.status == "red"],
        money=await _money(session, units, since),
    )


async def draft_report(
    session: Session, principal: Principal, meeting_id: UUID, unit_code: str
) -> WorkReportDraft:
    """The five headings with the unit's numbers since the meeting before.

    Raises:
        NotFound, Forbidden.
    """
    row = await occurrences.get(session, Meeting, meeting_id)
    await directory.require(session, principal, FILE_WORK_REPORT, unit_code)
    units = await facts.below(session, [unit_code])
    since = await _since(session, row)
    indicators = await facts.indicators(session, units)
    results = await facts.of_units(session, units, kinds=RESULTS, since=_begins(since))
    troubles = await facts.of_units(session, units, kinds=PROBLEMS)
    items = await facts.open_items(session, units, china_date())
    problems = [
        *(each.note or said(each) for each in indicators if each.status == "red"),
        *(said(each) for each in troubles),
        *(f"督办事项 {each['number']} {each['title']}" for each in items),
    ]
    return WorkReportDraft(
        meeting_id=row.id,
        unit_code=unit_code,
        since=since,
        progress=_lines(said(each) for each in indicators),
        results=_lines(said(each) for each in results),
        good_practice="",
        problems=_lines(problems),
        proposals="",
        facts=[_read(each) for each in (*indicators, *results, *troubles)],
    )


async def _since(session: Session, row: Meeting) -> date:
    return since_of(await meetings.held_before(session, row), row.scheduled_on)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, CHINA).astimezone(UTC)


async def _money(session: Session, units: Sequence[str], since: date) -> AgendaMoney:
    told = await facts.of_units(session, units, kinds=MONEY, limit=100_000)
    new = [each for each in told if each.happened_at >= _begins(since)]
    held = [each for each in told if each.kind is FactKind.PAYMENT_HELD]
    return AgendaMoney(
        awarded=_sum(each for each in new if each.kind is FactKind.AWARD),
        paid=_sum(each for each in new if each.kind is FactKind.PAYMENT),
        held=_sum(held),
        held_count=len(held),
    )


def _sum(found: Iterable[Fact]) -> Decimal:
    return sum((each.value for each in found if each.value is not None), Decimal(0))


def _lines(said_of_each: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(said_of_each, 1)) or NOTHING


def _read(fact: Fact) -> UnitFactRead:
    return UnitFactRead.model_validate(fact)
