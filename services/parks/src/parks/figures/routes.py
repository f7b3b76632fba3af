"""Figures over HTTP."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import MAY_BE_STALE, SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment

from parks.figures import service
from parks.figures.domain import UnknownMeasure
from parks.figures.repository import ENTERPRISES, PARTS
from parks.figures.schemas import BreakdownBy, EnterpriseFigurePage, MetricBreakdownPage
from parks.forms.schemas import FilerClass, ReturnPeriod
from parks.parks.schemas import ParkGradeName
from parks.permissions import READ_METRIC, READ_RETURN
from parks.quality.schemas import MeasureCode

router = app.router("park-metrics")
Measure = Annotated[
    MeasureCode,
    Query(
        description="One of the seven measures, a field of a form, or a share: `rd_intensity`, "
        "`own_ip_share`, `profit_rate`.",
    ),
]
ToDate = Annotated[bool, Query(description="From January to the end of the period.")]


@router.get(
    "/park-metrics/breakdown",
    response_model=MetricBreakdownPage,
    responses=problems(UnknownMeasure),
    summary="What a measure comes to, and of what",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_park_metric_breakdown(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(PARTS)],
    measure: Measure = "sales_revenue",
    period: ReturnPeriod | None = None,
    year_to_date: ToDate = False,
    by: BreakdownBy = "park",
    programme: Code | None = None,
    park_code: Code | None = None,
    enterprise_class: Annotated[AnyOf[FilerClass] | None, Query()] = None,
    grade: Annotated[AnyOf[ParkGradeName] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_METRIC),
) -> Any:
    """Any measure of accepted returns by park, class of enterprises or grade of parks, narrowed by
    the same: from the parks of a programme (`whole` is their total) to one park, its classes, and
    on to `/park-metrics/enterprises`. Without `period` of the last month."""
    narrow = {
        "programme": programme,
        "park_code": park_code,
        "enterprise_class": enterprise_class,
        "grade": grade,
        "updated_since": updated_since,
    }
    return await service.read_breakdown(
        session,
        page,
        measure=measure,
        period=period,
        year_to_date=year_to_date,
        by=by,
        narrow=narrow,
    )


@router.get(
    "/park-metrics/enterprises",
    response_model=EnterpriseFigurePage,
    responses=problems(UnknownMeasure),
    summary="What a measure comes to in each enterprise",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_enterprise_figures(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(ENTERPRISES)],
    measure: Measure = "sales_revenue",
    period: ReturnPeriod | None = None,
    year_to_date: ToDate = False,
    park_code: Code | None = None,
    enterprise_class: Annotated[AnyOf[FilerClass] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_RETURN),
) -> Any:
    """The enterprises the caller may see, in the park and the class their returns counted in.
    Without `period` of the last month."""
    narrow = {
        "park_code": park_code,
        "enterprise_class": enterprise_class,
        "updated_since": updated_since,
    }
    return await service.list_enterprises(
        session,
        principal,
        page,
        measure=measure,
        period=period,
        year_to_date=year_to_date,
        narrow=narrow,
    )
