"""Use cases of the progress reports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from servicekit import audit, context
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.copying import copy
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, Problem, UnknownReference, attempt
from servicekit.rows import filled
from targets.directory import service as units
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.observations import repository as observations
from targets.observations.domain import Place
from targets.outliers import service as outliers
from targets.overdue import repository as overdue
from targets.periods import service as periods
from targets.periods.models import ReportingPeriod
from targets.permissions import CREATE_REPORT, READ_REPORTS, SUBMIT_REPORT
from targets.reports import domain, events, repository
from targets.reports.models import PARTS, ProgressReport, ReportAction
from targets.reports.schemas import ProgressReportCreate, ProgressReportUpdate

INDICATOR = attrgetter("indicator_code")
PERIOD = attrgetter("period")
PLACE = attrgetter("indicator_code", "unit_code", "period")
BOOKKEEPING = {"version", "created_at", "updated_at", "id", "reporters"}
"""Columns whose changes say nothing of what somebody did."""


async def get_report(session: Session, principal: Principal, report_id: UUID) -> ProgressReport:
    """Raises `NotFound`, or `Forbidden` for a unit's report that is not the caller's to see."""
    row = await repository.get(session, report_id)
    if row is None:
        raise NotFound(what=f"progress report {report_id}")
    await directory.require(session, principal, READ_REPORTS, row.unit_code)
    return row


async def list_reports(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    indicator_code: str | None,
    unit_code: str | None,
    period: str | None,
    state: list[str],
    updated_since: datetime | None,
) -> Page:
    """The reports of the units the caller may see."""
    return await repository.list_reports(
        session,
        page,
        units=await directory.visible_units(session, principal, READ_REPORTS),
        indicator_code=indicator_code,
        unit_code=unit_code,
        period=period,
        state=state,
        updated_since=updated_since,
    )


async def create_report(
    session: Session, principal: Principal, body: ProgressReportCreate
) -> ProgressReport:
    """Begin a report as a draft.

    Raises:
        Forbidden: for a unit the caller does not act for.
        UnknownReference, UnknownPeriod, PeriodClosed.
        NotReported, WrongFrequency, NotResponsible: see `domain.check_subject`.
        IncompleteNumber, OutOfRange, Unprocessable: see `domain.complete`.
        ReportInProgress: one is on its way already.
        NumberRuled: see `refuse_ruled`.
    """
    [values] = await draft(session, principal, [body])
    if isinstance(values, Problem):
        raise values
    row = ProgressReport(**values)
    session.add(row)
    await session.flush()
    note(session, "create", row, {})
    return row


async def create_reports(
    session: Session, principal: Principal, bodies: Sequence[ProgressReportCreate]
) -> dict[int, Problem]:
    """`create_report` for many; answers what is wrong with those that are not begun."""
    drafts = await draft(session, principal, bodies)
    rows = {row["id"]: row for row in drafts if not isinstance(row, Problem)}
    await copy(session, ProgressReport, list(rows.values()))
    await copy(session, ReportAction, [begun(row) for row in rows.values()])
    audit.record_created(session, "progress_reports.create", "progress_report", rows)
    return {n: wrong for n, wrong in enumerate(drafts) if isinstance(wrong, Problem)}


async def draft(
    session: Session, principal: Principal, bodies: Sequence[ProgressReportCreate]
) -> list[dict[str, Any] | Problem]:
    """The columns of each report, or what is wrong with it; a later one sees those before it."""
    reach = await directory.reach(session, principal, CREATE_REPORT)
    asked = {row.code: row for row in await indicators.get_all(session, map(INDICATOR, bodies))}
    concerned = {code: row.concerned_units for code, row in asked.items()}
    responsible = await units.responsible_units(session, concerned)
    held = await periods.hold(session, map(PERIOD, bodies))
    places = {Place(*PLACE(body)) for body in bodies}
    ruled = await observations.ruled_among(session, places)
    in_progress = await repository.in_progress_among(session, places)

    def one(body: ProgressReportCreate) -> dict[str, Any]:
        reach.require(body.unit_code)
        indicator = asked.get(body.indicator_code)
        if indicator is None:
            raise UnknownReference(what=f"indicator {body.indicator_code}").at("/indicator_code")
        try:
            period = held.require_open(body.period, body.unit_code)
        except Problem as problem:
            raise problem.at("/period") from None
        check_subject(indicator, body.unit_code, period, responsible[indicator.code])
        place = Place(*PLACE(body))
        if place in ruled:
            raise domain.NumberRuled
        if place in in_progress:
            raise domain.ReportInProgress
        values = {**vars(body)}
        values["value"] = complete(indicator, values)
        in_progress.add(place)
        who = principal.subject
        return filled(ProgressReport, values | {"created_by": who, "reporters": [who]})

    return [attempt(one, body) for body in bodies]


def check_subject(
    indicator: Indicator, unit: str, period: ReportingPeriod, responsible: Collection[str]
) -> None:
    """Raises what `domain.check_subject` does."""
    domain.check_subject(
        indicator=indicator.code,
        source_kind=indicator.source_kind,
        frequency=indicator.frequency,
        unit=unit,
        period=period.period,
        period_kind=period.kind,
        responsible=responsible,
    )


async def refuse_ruled(session: Session, indicator: str, unit: str, period: str) -> None:
    """A ruling stands until the office rules again: a report would not count.

    Raises:
        NumberRuled: there is one on this number.
    """
    if await observations.ruled_among(session, {Place(indicator, unit, period)}):
        raise domain.NumberRuled


def complete(indicator: Indicator, values: dict[str, Any]) -> Decimal:
    """The value of these parts; see `domain.complete`."""
    return domain.complete(
        values["value"],
        values["numerator"],
        values["denominator"],
        unit=indicator.unit,
        needs_parts=indicator.has_parts,
    )


async def update_report(
    session: Session,
    principal: Principal,
    report_id: UUID,
    body: ProgressReportUpdate,
    expected: int | None,
) -> ProgressReport:
    """Change a draft or a returned report.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is being verified or is.
        PeriodClosed: its period takes no numbers.
        IncompleteNumber, Unprocessable: see `domain.complete`.
    """
    row = await load(session, principal, CREATE_REPORT, report_id, expected)
    domain.edit(row.state)
    indicator = await indicators.get(session, row.indicator_code)
    assert indicator is not None
    before = row.snapshot()
    given = body.model_dump(exclude_unset=True)
    merged = {part: getattr(row, part) for part in PARTS}
    if "value" not in given and {"numerator", "denominator"} & given.keys():
        merged["value"] = None
    given["value"] = complete(indicator, merged | given)
    if row.change(given):
        row.reporters = with_reporter(row, principal)
        await session.flush()
        note(session, "update", row, before)
    return row


def with_reporter(row: ProgressReport, principal: Principal) -> list[str]:
    """Everyone who had a hand in the report, and now this one."""
    return sorted({*row.reporters, principal.subject})


async def submit_report(
    session: Session,
    principal: Principal,
    report_id: UUID,
    outlier_explanation: str | None,
    expected: int | None,
) -> ProgressReport:
    """Hand a draft or a returned report in. It is late when it was first handed in late.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it has been handed in.
        PeriodClosed: its period takes no numbers.
        OutlierUnexplained: the number is far from what the unit reported before, and nobody
            confirmed it.
    """
    row = await load(session, principal, SUBMIT_REPORT, report_id, expected)
    state = domain.submit(row.state)
    period = await periods.get_period(session, row.period)
    unusual = await outliers.check(session, row, period.ends_on, outlier_explanation)
    moment = now()
    late = row.late if row.submitted_at else china_date(moment) > period.due_on
    await move(
        session,
        "submit",
        row,
        reason=unusual["outlier_explanation"],
        state=state,
        submitted_by=principal.subject,
        submitted_at=moment,
        reporters=with_reporter(row, principal),
        late=late,
        **unusual,
    )
    await overdue.set_handed_in(session, row.indicator_code, row.unit_code, row.period, moment)
    outbox.add(session, events.report_submitted(row))
    return row


async def withdraw_report(
    session: Session, principal: Principal, report_id: UUID, reason: str, expected: int | None
) -> ProgressReport:
    """Take a report back for good before it is verified; a new one may be begun.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is verified or withdrawn.
        PeriodClosed: its period takes no numbers.
    """
    row = await load(session, principal, SUBMIT_REPORT, report_id, expected)
    await move(
        session,
        "withdraw",
        row,
        reason=reason,
        state=domain.withdraw(row.state),
        withdrawal_reason=reason,
    )
    await overdue.set_handed_in(session, row.indicator_code, row.unit_code, row.period, None)
    outbox.add(session, events.report_withdrawn(row))
    return row


async def list_history(
    session: Session,
    principal: Principal,
    page: PageRequest,
    report_id: UUID,
    updated_since: datetime | None,
) -> Page:
    """Everything that was done to a report, oldest first. Raises `NotFound`, `Forbidden`."""
    await get_report(session, principal, report_id)
    return await repository.list_history(session, page, report_id, updated_since)


async def load(
    session: Session,
    principal: Principal,
    permission: Permission,
    report_id: UUID,
    expected: int | None,
) -> ProgressReport:
    """The locked report at the version the caller has seen, its period held open."""
    row = await lock(session, principal, permission, report_id)
    check_version(row, expected)
    return row


async def lock(
    session: Session, principal: Principal, permission: Permission, report_id: UUID
) -> ProgressReport:
    """The locked report, its period held open."""
    row = await repository.get_for_update(session, report_id)
    if row is None:
        raise NotFound(what=f"progress report {report_id}")
    await directory.require(session, principal, permission, row.unit_code)
    await periods.require_open(session, row.period, row.unit_code)
    return row


async def move(
    session: Session, action: str, row: ProgressReport, *, reason: str | None = None, **values: Any
) -> None:
    """Write a transition, its audit and its place in the history."""
    before = row.snapshot()
    row.change(values)
    await session.flush()
    note(session, action, row, before, reason)


def note(
    session: Session,
    action: str,
    row: ProgressReport,
    before: dict[str, Any],
    reason: str | None = None,
) -> None:
    """Audit an action and add it to the report's history."""
    after = row.snapshot()
    add_action(session, action, row, differences(before, after), reason)
    audit.record(
        session,
        f"progress_reports.{action}",
        "progress_report",
        row.id,
        before=before or None,
        after=after,
    )


def add_action(
    session: Session,
    action: str,
    row: ProgressReport,
    changes: list[dict[str, Any]],
    reason: str | None = None,
) -> None:
    """Add to the report's history what the caller did."""
    session.add(ReportAction(**action_of(row.id, action, row.version, changes, reason)))


def begun(row: Mapping[str, Any]) -> dict[str, Any]:
    """The first action of a report's history, with all its columns."""
    changes = differences({}, row)
    return filled(ReportAction, action_of(row["id"], "create", row["version"], changes, None))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    told = {name: value for name, value in after.items() if name not in BOOKKEEPING}
    return domain.differences(before, told)


def action_of(
    report_id: UUID,
    action: str,
    version: int,
    changes: list[dict[str, Any]],
    reason: str | None,
) -> dict[str, Any]:
    """What the caller did to a report, as columns."""
    who = context.current().principal
    return {
        "report_id": report_id,
        "action": action,
        "actor": who.subject,
        "actor_unit": who.unit,
        "reason": reason,
        "changes": changes,
        "version": version,
    }
