"""The years of the calendar over HTTP."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.types import Moment, Year

from supervision.calendar import repository
from supervision.calendar.repository import YEAR_SORT
from supervision.calendar.schemas import CalendarDayCreate, CalendarDayPut, CalendarDayRead
from supervision.calendar_years import service
from supervision.calendar_years.domain import DayOutsideYear, DayTwice
from supervision.calendar_years.schemas import CalendarYearPage, CalendarYearPut, CalendarYearRead
from supervision.labels import LABELS
from supervision.permissions import CHANGE_CALENDAR, READ_CALENDAR

router = app.router("calendar")


@router.post(
    "/calendar", response_model=CalendarDayRead, status_code=201, summary="Rule on one day"
)
async def create_calendar_day(
    body: CalendarDayCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CHANGE_CALENDAR),
) -> Any:
    """As `PUT /calendar/{day}`; many at once by `/batch`, a workbook or CSV of a year's notice by
    `/import`."""
    ruling = CalendarDayPut(workday=body.workday, name=body.name)
    row, _ = await service.rule_day(session, principal, body.day, ruling, None)
    response.headers["Location"] = f"{app.PREFIX}/calendar/{body.day}"
    tag(response, row)
    return row


async def rule_on_one(
    body: CalendarDayCreate, session: SessionDep, _: Response, principal: Principal
) -> Any:
    """One day of many; what runs over them is counted again once."""
    return await service.rule_on_one(session, principal, body)


add_batch(router, create_calendar_day, one=rule_on_one, after=service.count_again)
calendar_import = add_import(
    router, create_calendar_day, labels=LABELS, create_many=service.rule_days
)


@router.get("/calendar-years", response_model=CalendarYearPage, summary="List the years")
async def list_calendar_years(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(YEAR_SORT)],
    provisional: bool | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CALENDAR),
) -> Any:
    """The years that are loaded, and which of them are only expected."""
    return await repository.list_years(session, page, provisional, updated_since)


@router.get("/calendar-years/{year}", response_model=CalendarYearRead, summary="Read a year")
async def get_calendar_year(
    year: Year,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_CALENDAR),
) -> Any:
    """Whether its notice is known, and by whom it was confirmed."""
    row = await service.get_year(session, year)
    tag(response, row)
    return row


@router.put(
    "/calendar-years/{year}",
    response_model=CalendarYearRead,
    responses=problems(DayOutsideYear, DayTwice),
    summary="Confirm a year's official list",
)
async def put_calendar_year(
    year: Year,
    body: CalendarYearPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CHANGE_CALENDAR),
) -> Any:
    """When the real list arrives: nothing of the year is provisional any more, and deadlines that
    run over days that moved are counted again."""
    row = await service.confirm_year(session, principal, year, body, expected)
    tag(response, row)
    return row
