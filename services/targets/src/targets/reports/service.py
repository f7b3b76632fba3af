"""Use cases of the progress reports."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from targets.directory import service as units
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.observations import service as observations
from targets.observations.service import Taken
from targets.periods import service as periods
from targets.periods.models import ReportingPeriod
from targets.permissions import CREATE_REPORT, READ_REPORTS, SUBMIT_REPORT, VERIFY_REPORT
from targets.reports import domain, events, repository
from targets.reports.models import ProgressReport
from targets.reports.schemas import ProgressReportCreate, ProgressReportUpdate

RATIO = "ratio_of_sums"


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
    return await repository.fetch(
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
        IncompleteNumber, Unprocessable: see `domain.complete`.
        ReportInProgress: one is on its way already.
    """
    await directory.require(session, principal, CREATE_REPORT, body.unit_code)
    indicator = await indicators.get(session, body.indicator_code)
    if indicator is None:
        raise UnknownReference(what=f"indicator {body.indicator_code}")
    period = await periods.require_open(session, body.period)
    await check_subject(session, indicator, body.unit_code, period)
    if await repository.unverified_exists(
        session, body.indicator_code, body.unit_code, body.period
    ):
        raise domain.ReportInProgress
    values = body.model_dump()
    values["value"] = complete(indicator, values)
    row = ProgressReport(**values, created_by=principal.subject)
    session.add(row)
    await session.flush()
    audit.record(
        session, "progress_reports.create", "progress_report", row.id, after=row.snapshot()
    )
    return row


async def check_subject(
    session: Session, indicator: Indicator, unit: str, period: ReportingPeriod
) -> None:
    """Raises what `domain.check_subject` does."""
    responsible = await units.responsible_units(session, indicator.concerned_units)
    domain.check_subject(
        indicator=indicator.code,
        source_kind=indicator.source_kind,
        frequency=indicator.frequency,
        unit=unit,
        period=period.period,
        period_kind=period.kind,
        responsible=responsible,
    )


def complete(indicator: Indicator, values: dict[str, Any]) -> Decimal:
    """The value of these parts; see `domain.complete`."""
    return domain.complete(
        values["value"],
        values["numerator"],
        values["denominator"],
        unit=indicator.unit,
        needs_parts=RATIO in (indicator.time_aggregation, indicator.unit_aggregation),
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
    merged = {name: getattr(row, name) for name in ("value", "numerator", "denominator")}
    if "value" not in given and {"numerator", "denominator"} & given.keys():
        merged["value"] = None
    given["value"] = complete(indicator, merged | given)
    if row.change(given):
        await session.flush()
        audit.record(
            session,
            "progress_reports.update",
            "progress_report",
            row.id,
            before=before,
            after=row.snapshot(),
        )
    return row


async def submit_report(
    session: Session, principal: Principal, report_id: UUID, expected: int | None
) -> ProgressReport:
    """Hand a draft or a returned report in.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it has been handed in.
        PeriodClosed: its period takes no numbers.
    """
    row = await load(session, principal, SUBMIT_REPORT, report_id, expected)
    period = await periods.get_period(session, row.period)
    moment = now()
    await move(
        session,
        "submit",
        row,
        state=domain.submit(row.state),
        submitted_by=principal.subject,
        submitted_at=moment,
        late=moment.date() > period.due_on,
    )
    outbox.add(session, events.report_submitted(row))
    return row


async def verify_report(
    session: Session, principal: Principal, report_id: UUID, expected: int | None
) -> ProgressReport:
    """Confirm a report; its number is taken for the indicator in the same transaction.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it does not wait for verification.
        OwnReport: the caller made or submitted it.
        PeriodClosed: its period takes no numbers.
    """
    row = await load(session, principal, VERIFY_REPORT, report_id, expected)
    reporters = (row.created_by, row.submitted_by)
    await move(
        session,
        "verify",
        row,
        state=domain.verify(row.state, principal.subject, reporters),
        verified_by=principal.subject,
        verified_at=now(),
        return_reason=None,
    )
    outbox.add(session, events.report_verified(row))
    indicator = await indicators.get(session, row.indicator_code)
    assert indicator is not None
    taken = Taken(
        source_kind="reported",
        source_id=str(row.id),
        period=row.period,
        value=row.value,
        unit=indicator.unit,
        numerator=row.numerator,
        denominator=row.denominator,
        unit_code=row.unit_code,
    )
    await observations.record(session, row.indicator_code, taken)
    return row


async def return_report(
    session: Session, principal: Principal, report_id: UUID, reason: str, expected: int | None
) -> ProgressReport:
    """Give a report back to be corrected.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it does not wait for verification.
        PeriodClosed: its period takes no numbers.
    """
    row = await load(session, principal, VERIFY_REPORT, report_id, expected)
    await move(session, "return", row, state=domain.give_back(row.state), return_reason=reason)
    outbox.add(session, events.report_returned(row))
    return row


async def load(
    session: Session,
    principal: Principal,
    permission: Permission,
    report_id: UUID,
    expected: int | None,
) -> ProgressReport:
    """The locked report at the version the caller has seen, its period held open."""
    row = await repository.get_for_update(session, report_id)
    if row is None:
        raise NotFound(what=f"progress report {report_id}")
    await directory.require(session, principal, permission, row.unit_code)
    check_version(row, expected)
    await periods.require_open(session, row.period)
    return row


async def move(session: Session, action: str, row: ProgressReport, **values: Any) -> None:
    """Write a transition and its audit."""
    before = row.snapshot()
    row.change(values)
    await session.flush()
    audit.record(
        session,
        f"progress_reports.{action}",
        "progress_report",
        row.id,
        before=before,
        after=row.snapshot(),
    )
