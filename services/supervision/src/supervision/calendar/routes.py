"""The calendar of workdays over HTTP."""

from typing import Annotated, Any

from fastapi import Path, Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Day, Moment

from supervision.calendar import repository, service
from supervision.calendar.domain import DayOutOfRange
from supervision.calendar.repository import SORTABLE
from supervision.calendar.schemas import (
    CalendarDayPage,
    CalendarDayPut,
    CalendarDayRead,
    CivilDate,
    DeadlineRead,
)
from supervision.calendar_years.service import rule_day
from supervision.permissions import CHANGE_CALENDAR, READ_CALENDAR

router = app.router("calendar")


@router.get("/calendar", response_model=CalendarDayPage, summary="List the special days")
async def list_calendar_days(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    day_gte: Day | None = None,
    day_lte: Day | None = None,
    workday: bool | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_CALENDAR),
) -> Any:
    """Holidays, working weekends and what the office has set; other days are a plain week."""
    return await repository.list_days(
        session,
        page,
        day_gte=day_gte,
        day_lte=day_lte,
        workday=workday,
        updated_since=updated_since,
    )


@router.get(
    "/calendar/deadline",
    response_model=DeadlineRead,
    responses=problems(DayOutOfRange),
    summary="Count workdays from a day",
)
async def get_calendar_deadline(
    session: SessionDep,
    start: Annotated[CivilDate, Query(examples=["2026-02-12"])],
    workdays: Annotated[int, Query(ge=0, le=250, examples=[10])],
    _: Principal = permitted(READ_CALENDAR),
) -> Any:
    """The day so many workdays after `start`, which itself does not count."""
    return await service.add_workdays(session, start, workdays)


@router.get("/calendar/{day}", response_model=CalendarDayRead, summary="Read one day")
async def get_calendar_day(
    day: Annotated[CivilDate, Path(examples=["2026-02-14"])],
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_CALENDAR),
) -> Any:
    """A special day; a day of a plain week is not found, people work on its weekdays."""
    row = await service.get_day(session, day)
    tag(response, row)
    return row


@router.put(
    "/calendar/{day}",
    response_model=CalendarDayRead,
    responses={201: {"model": CalendarDayRead, "description": "Made"}},
    summary="Set one day",
)
async def put_calendar_day(
    day: Annotated[CivilDate, Path(examples=["2026-02-14"])],
    body: CalendarDayPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CHANGE_CALENDAR),
) -> Any:
    """The office sets whether people work on a day; this prevails over what was announced.
    Deadlines that run over it are counted again."""
    row, created = await rule_day(session, principal, day, body, expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/calendar/{day}"
    tag(response, row)
    return row
