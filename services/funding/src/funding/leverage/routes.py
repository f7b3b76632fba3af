"""HTTP of the leverage."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import MAY_BE_STALE, SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment, Year

from funding.leverage import service
from funding.leverage.domain import LeverageLevel
from funding.leverage.repository import SORT, LeverageFilter
from funding.leverage.schemas import LeveragePage
from funding.permissions import READ_LEVERAGE

router = app.router("leverage")


@router.get(
    "/leverage",
    response_model=LeveragePage,
    summary="List the leverage",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_leverage(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORT)],
    level: Annotated[AnyOf[LeverageLevel] | None, Query()] = None,
    fiscal_year: Year | None = None,
    fund_code: Code | None = None,
    award_id: UUID | None = None,
    payee_unit: Code | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_LEVERAGE),
) -> Any:
    """1 : n by year, by fund and year, and by award: what enterprises put beside the government's
    money, as it is verified now, with a link to the reports it is made of."""
    wanted = LeverageFilter(level, fiscal_year, fund_code, award_id, payee_unit, updated_since)
    return await service.list_leverage(session, page, wanted)
