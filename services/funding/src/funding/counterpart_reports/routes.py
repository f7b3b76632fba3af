"""HTTP of counterpart reports."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import AlreadyExists, InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year

from funding.budgets.domain import SeparationOfDuties
from funding.counterpart_reports import service
from funding.counterpart_reports.domain import CounterpartState, PeriodOutsideYear, PeriodReported
from funding.counterpart_reports.repository import SORTABLE, CounterpartFilter
from funding.counterpart_reports.schemas import (
    CounterpartReportCreate,
    CounterpartReportPage,
    CounterpartReportRead,
    CounterpartReportReturn,
)
from funding.labels import LABELS
from funding.permissions import READ_COUNTERPART, REPORT_COUNTERPART, VERIFY_COUNTERPART

router = app.router("counterpart-reports")


@router.post(
    "/counterpart-reports",
    status_code=201,
    response_model=CounterpartReportRead,
    responses=problems(AlreadyExists, PeriodReported, PeriodOutsideYear, UnknownReference),
    summary="Report counterpart spending",
)
async def create_counterpart_report(
    body: CounterpartReportCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(REPORT_COUNTERPART),
) -> Any:
    """File S&T money a unit spent of its own; enterprises and units file only theirs. A year is
    reported in one piece or in parts that do not overlap."""
    row = await service.report_counterpart(session, principal, body.model_dump())
    response.headers["Location"] = f"{app.PREFIX}/counterpart-reports/{row.id}"
    tag(response, row)
    return row


add_batch(router, create_counterpart_report)
counterpart_import = add_import(router, create_counterpart_report, labels=LABELS)


@router.post(
    "/counterpart-reports/{report_id}/verify",
    response_model=CounterpartReportRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Verify a counterpart report",
)
async def verify_counterpart_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(VERIFY_COUNTERPART),
) -> Any:
    """Confirm a report somebody else filed; from now on it counts for the leverage."""
    row = await service.review_counterpart_report(session, principal, report_id, expected)
    tag(response, row)
    return row


@router.post(
    "/counterpart-reports/{report_id}/return",
    response_model=CounterpartReportRead,
    responses=problems(InvalidTransition, SeparationOfDuties),
    summary="Return a counterpart report",
)
async def return_counterpart_report(
    report_id: UUID,
    body: CounterpartReportReturn,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(VERIFY_COUNTERPART),
) -> Any:
    """Send a report back for a reason, also one that was verified and proves wrong: from now on it
    does not count. The unit files a new one, which says what it corrects."""
    row = await service.review_counterpart_report(
        session, principal, report_id, expected, returned_for=body.reason
    )
    tag(response, row)
    return row


@router.get(
    "/counterpart-reports/{report_id}",
    response_model=CounterpartReportRead,
    summary="Read a counterpart report",
)
async def get_counterpart_report(
    report_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_COUNTERPART),
) -> Any:
    """One report; units see their own."""
    row = await service.get_counterpart_report(session, principal, report_id)
    tag(response, row)
    return row


@router.get(
    "/counterpart-reports",
    response_model=CounterpartReportPage,
    summary="List counterpart reports",
)
async def list_counterpart_reports(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    unit_code: Code | None = None,
    fiscal_year: Year | None = None,
    award_id: UUID | None = None,
    fund_code: Code | None = None,
    has_award: bool | None = None,
    state: Annotated[AnyOf[CounterpartState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_COUNTERPART),
) -> Any:
    """Reports the caller may see, by unit, year, award, fund and state."""
    wanted = CounterpartFilter(
        None, unit_code, fiscal_year, award_id, fund_code, has_award, state, updated_since
    )
    return await service.list_counterpart_reports(session, principal, page, wanted)
