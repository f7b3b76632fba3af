"""The totals over HTTP."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import MAY_BE_STALE, SessionDep, permitted
from servicekit.types import Moment, Period

from parks.metrics import repository
from parks.metrics.repository import SORTABLE
from parks.metrics.schemas import MetricName, ParkMetricPage
from parks.permissions import READ_METRIC

router = app.router("park-metrics")


@router.get(
    "/park-metrics",
    response_model=ParkMetricPage,
    summary="List park metrics",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_park_metrics(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    metric: Annotated[list[MetricName] | None, Query()] = None,
    period: Annotated[list[Period] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_METRIC),
) -> Any:
    """The totals over accepted returns by month, the latest first; flows are year to date."""
    return await repository.list_metrics(
        session, page, metric=metric or [], period=period or [], updated_since=updated_since
    )
