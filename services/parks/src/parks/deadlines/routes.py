"""Missing returns over HTTP."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment

from parks.deadlines import service
from parks.deadlines.repository import SORTABLE
from parks.deadlines.schemas import MissingReturnPage
from parks.forms.schemas import FilerClass, ReturnPeriod
from parks.permissions import READ_RETURN
from parks.returns.domain import FuturePeriod

router = app.router("missing-returns")


@router.get(
    "/missing-returns",
    response_model=MissingReturnPage,
    responses=problems(FuturePeriod),
    summary="Who has not reported",
)
async def list_missing_returns(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    period: ReturnPeriod | None = None,
    park_code: Code | None = None,
    enterprise_class: Annotated[AnyOf[FilerClass] | None, Query()] = None,
    overdue: bool | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_RETURN),
) -> Any:
    """The enterprises that were asked for a period and have not handed it in, with the day it is
    due, counted in workdays; without `period` the month that is reported now."""
    return await service.list_missing(
        session,
        principal,
        page,
        period=period,
        park_code=park_code,
        enterprise_class=enterprise_class,
        overdue=overdue,
        updated_since=updated_since,
    )
