"""Use cases of counterpart reports."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound

from funding.counterpart_reports import domain, repository
from funding.counterpart_reports.domain import CounterpartState
from funding.counterpart_reports.models import CounterpartReport
from funding.counterpart_reports.repository import CounterpartFilter
from funding.funding_rules import service as funding_rules
from funding.permissions import READ_COUNTERPART, REPORT_COUNTERPART, VERIFY_COUNTERPART


async def report_counterpart(
    session: Session, principal: Principal, values: dict[str, Any]
) -> CounterpartReport:
    """File what a unit spent of its own.

    Raises:
        PeriodOutsideYear: see `domain.check_period`.
        AlreadyExists: the unit has a report of this period that was not returned.
    """
    await directory.require(session, principal, REPORT_COUNTERPART, values["unit_code"])
    period = values["period"] or str(values["fiscal_year"])
    domain.check_period(period, values["fiscal_year"])
    row = CounterpartReport(**{**values, "period": period}, reported_by=principal.subject)
    session.add(row)
    await session.flush()
    audit.record(
        session,
        "counterpart_reports.create",
        "counterpart_report",
        row.id,
        after=row.snapshot(),
    )
    return row


async def review_counterpart_report(
    session: Session,
    principal: Principal,
    report_id: UUID,
    expected: int | None,
    *,
    returned_for: str | None = None,
) -> CounterpartReport:
    """Verify a report, or return it for a reason; the leverage is evaluated again.

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
    if state is CounterpartState.VERIFIED:
        await funding_rules.evaluate_year(session, row.fiscal_year)
    return row


async def get_counterpart_report(
    session: Session, principal: Principal, report_id: UUID
) -> CounterpartReport:
    row = await repository.get(session, report_id)
    if row is None:
        raise NotFound(what=f"counterpart report {report_id}")
    await directory.require(session, principal, READ_COUNTERPART, row.unit_code)
    return row


async def list_counterpart_reports(
    session: Session, principal: Principal, page: PageRequest, wanted: CounterpartFilter
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_COUNTERPART)
    return await repository.page_of(session, page, replace(wanted, units=units))
