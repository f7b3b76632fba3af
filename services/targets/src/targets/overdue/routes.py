"""HTTP of the overdue reports."""

from typing import Annotated, Any

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment, Period
from targets.overdue import service
from targets.overdue.repository import SORTABLE
from targets.overdue.schemas import OverdueReportPage
from targets.permissions import READ_REPORTS

overdue_reports = app.router("progress-reports")


@overdue_reports.get(
    "/progress-reports/overdue",
    response_model=OverdueReportPage,
    summary="List reports that were not handed in by their due date",
)
async def list_overdue_reports(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    indicator_code: Code | None = None,
    unit_code: Code | None = None,
    period: Period | None = None,
    missing: bool | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_REPORTS),
) -> Any:
    """Of the units the caller may see; `missing=true` for those that have still not come."""
    return await service.list_overdue(
        session,
        principal,
        page,
        indicator_code=indicator_code,
        unit_code=unit_code,
        period=period,
        missing=missing,
        updated_since=updated_since,
    )
