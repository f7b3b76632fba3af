"""HTTP of the restatements."""

from typing import Annotated, Any

from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code, Moment, Period
from targets.permissions import READ_RESTATEMENTS
from targets.restatements import service
from targets.restatements.repository import SORTABLE
from targets.restatements.schemas import RestatementPage

restatements = app.router("reporting-periods")


@restatements.get(
    "/reporting-periods/{period}/restatements",
    response_model=RestatementPage,
    summary="List what changed after a period was closed",
)
async def list_period_restatements(
    period: Period,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    indicator_code: Code | None = None,
    unit_code: Code | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_RESTATEMENTS),
) -> Any:
    """From what to what, by whom and why, latest first; of the units the caller may see."""
    return await service.list_restatements(
        session,
        principal,
        page,
        period,
        indicator_code=indicator_code,
        unit_code=unit_code,
        updated_since=updated_since,
    )
