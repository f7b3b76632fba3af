"""HTTP of the boards."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import MAY_BE_STALE, SessionDep, permitted
from servicekit.types import Code, Day, Moment, Period
from targets.boards import service
from targets.boards.repository import BOARD_SORT, BREAKDOWN_SORT, SERIES_SORT
from targets.boards.schemas import BreakdownPage, IndicatorBoardPage, SeriesPage
from targets.moments.schemas import AsOf, KnownAt
from targets.periods.domain import UnknownPeriod
from targets.permissions import READ_INDICATOR_BOARD, READ_OBSERVATIONS

board = app.router("indicator-board")
numbers = app.router("indicators")
OfUnit = Annotated[
    Code | None,
    Query(description="The unit and all below it; without it the whole city."),
]
AtPeriod = Annotated[
    Period | None, Query(description="As of its end; without it the latest with a number.")
]


@board.get(
    "/indicator-board",
    response_model=IndicatorBoardPage,
    responses=problems(UnknownPeriod),
    summary="The indicator board",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_indicator_board(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(BOARD_SORT)],
    unit_code: OfUnit = None,
    period: AtPeriod = None,
    points: Annotated[
        int, Query(ge=0, le=120, description="How many periods back each row shows.")
    ] = 0,
    indicator_code: Annotated[list[Code] | None, Query(max_length=100)] = None,
    programme: Code | None = None,
    headline: bool | None = None,
    working_group: Code | None = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_INDICATOR_BOARD),
) -> Any:
    """What every indicator comes to, against its target, the year before and the baseline, with
    the last periods of each for a chart. Read from a roll-up that is kept with every number.

    With `known_at` the board as it was at that moment: the numbers, the targets, the parts and the
    unit tree of then; with `as_of` that of a day gone by."""
    return await service.read_board(
        session,
        principal,
        page,
        unit_code=unit_code,
        period=period,
        points=points,
        as_of=as_of,
        known_at=known_at,
        narrow={
            "indicator_code": indicator_code,
            "programme": programme,
            "headline": headline,
            "working_group": working_group,
            "updated_since": updated_since,
        },
    )


@numbers.get(
    "/indicators/{code}/series", response_model=SeriesPage, summary="An indicator's series"
)
async def list_indicator_series(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SERIES_SORT)],
    unit_code: OfUnit = None,
    ends_gte: Day | None = None,
    ends_lte: Day | None = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_OBSERVATIONS),
) -> Any:
    """What the indicator came to at the end of each period with a number, oldest first: by what is
    known now, or what it was on the day `as_of` and as known at the moment `known_at`."""
    return await service.read_series(
        session,
        principal,
        page,
        code,
        unit_code=unit_code,
        ends_gte=ends_gte,
        ends_lte=ends_lte,
        as_of=as_of,
        known_at=known_at,
        updated_since=updated_since,
    )


@numbers.get(
    "/indicators/{code}/breakdown",
    response_model=BreakdownPage,
    responses=problems(UnknownPeriod),
    summary="What an indicator's number is made of",
)
async def list_indicator_breakdown(
    code: Code,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(BREAKDOWN_SORT)],
    unit_code: OfUnit = None,
    period: AtPeriod = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_OBSERVATIONS),
) -> Any:
    """The units directly below a unit, or at the top of the city, each with what it and all below
    it come to: step by step from the city down to one enterprise. `whole` is what they make up.

    On the day `as_of` and as known at the moment `known_at`, also where units stood."""
    return await service.read_breakdown(
        session,
        principal,
        page,
        code,
        unit_code=unit_code,
        period=period,
        as_of=as_of,
        known_at=known_at,
        updated_since=updated_since,
    )
