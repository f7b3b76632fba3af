"""Use cases of counterpart reports."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.awards import repository as awards
from funding.counterpart_reports import domain, events, repository
from funding.counterpart_reports.domain import CounterpartState
from funding.counterpart_reports.models import OVERLAP, CounterpartReport
from funding.counterpart_reports.repository import CounterpartFilter
from funding.funding_rules import service as funding_rules
from funding.permissions import READ_COUNTERPART, REPORT_COUNTERPART, VERIFY_COUNTERPART


async def report_counterpart(
    session: Session, principal: Principal, values: dict[str, Any]
) -> CounterpartReport:
    """File what a unit spent of its own.

    Raises:
        PeriodOutsideYear: see `domain.check_period`.
        UnknownReference: no such award of the unit, no such returned report to correct.
        AlreadyExists: the unit has a report of this period and award that was not returned.
        PeriodReported: it has one of a part of the period, or of what that is a part of.
    """
    await directory.require(session, principal, REPORT_COUNTERPART, values["unit_code"])
    period = values["period"] or str(values["fiscal_year"])
    domain.check_period(period, values["fiscal_year"])
    first_day, last_day = domain.days_of(period)
    values = {**values, "period": period, "first_day": first_day, "last_day": last_day}
    session.refuse(OVERLAP, domain.PeriodReported(period=period))
    fund_code = await _fund_of(session, values)
    await _check_corrected(session, values)
    row = CounterpartReport(**values, fund_code=fund_code, reported_by=principal.subject)
    session.add(row)
    await session.flush()
    audit.record(
        session,
        "counterpart_reports.create",
        "counterpart_report",
        row.id,
        after=row.snapshot(),
    )
    outbox.add(session, events.counterpart_reported(row))
    return row


async def _fund_of(session: Session, values: dict[str, Any]) -> str | None:
    """The fund of the award a report names. Raises `UnknownReference` unless it is the unit's."""
    if values["award_id"] is None:
        return None
    award = await awards.get(session, values["award_id"])
    if award is None or award.payee_unit != values["unit_code"] or award.state != "granted":
        raise UnknownReference(what=f"award {values['award_id']} of {values['unit_code']}")
    return award.fund_code


async def _check_corrected(session: Session, values: dict[str, Any]) -> None:
    """Raises `UnknownReference` unless what it corrects was returned and is about the same."""
    if values["corrects"] is None:
        return
    row = await repository.get(session, values["corrects"])
    same = ("unit_code", "period", "award_id")
    is_returned = row is not None and row.state == CounterpartState.RETURNED
    if not is_returned or any(getattr(row, name) != values[name] for name in same):
        raise UnknownReference(what=f"returned report {values['corrects']} of the same")


async def review_counterpart_report(
    session: Session,
    principal: Principal,
    report_id: UUID,
    expected: int | None,
    *,
    returned_for: str | None = None,
) -> CounterpartReport:
    """Verify a report, or return it for a reason; the rules of the year are evaluated again if what
    counts has changed.

    Raises:
        InvalidTransition, SeparationOfDuties: see `domain.check_review`.
    """
    row = await repository.get_for_update(session, report_id)
    if row is None:
        raise NotFound(what=f"counterpart report {report_id}")
    await directory.require(session, principal, VERIFY_COUNTERPART, row.unit_code)
    check_version(row, expected)
    step = "verify" if returned_for is None else "return"
    domain.check_review(row.state, row.reported_by, principal.subject, step)
    before = row.snapshot()
    counted = row.state == CounterpartState.VERIFIED
    state = CounterpartState.VERIFIED if returned_for is None else CounterpartState.RETURNED
    row.change({"state": state.value, "reviewed_by": principal.subject, "reason": returned_for})
    await session.flush()
    audit.record(
        session,
        f"counterpart_reports.{step}",
        "counterpart_report",
        row.id,
        before=before,
        after=row.snapshot(),
    )
    is_verified = state is CounterpartState.VERIFIED
    outbox.add(
        session,
        events.counterpart_verified(row) if is_verified else events.counterpart_returned(row),
    )
    if counted or is_verified:
        await funding_rules.evaluate_year(session, row.fiscal_year)
    return row


async def get_counterpart_report(
    session: Session,
    principal: Principal,
    report_id: UUID,
    permission: Permission = READ_COUNTERPART,
) -> CounterpartReport:
    """The report, for whoever may. Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, report_id)
    if row is None:
        raise NotFound(what=f"counterpart report {report_id}")
    await directory.require(session, principal, permission, row.unit_code)
    return row


async def lock(session: Session, report_id: UUID) -> CounterpartReport:
    """The report, which is there, locked."""
    row = await repository.get_for_update(session, report_id)
    assert row is not None, "reports are never deleted"
    return row


async def list_counterpart_reports(
    session: Session, principal: Principal, page: PageRequest, wanted: CounterpartFilter
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_COUNTERPART)
    return await repository.list_counterpart_reports(session, page, replace(wanted, units=units))
