"""HTTP of the reporting periods."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition, UnknownReference
from servicekit.types import AnyOf, Code, Day, Moment, Period
from targets.periods import repository, service
from targets.periods.domain import (
    DeadlinesDiffer,
    ExceptionExpired,
    ForeignDueDate,
    UnknownPeriod,
)
from targets.periods.repository import EXCEPTION_SORT, SORTABLE
from targets.periods.schemas import (
    PeriodExceptionCreate,
    PeriodExceptionPage,
    PeriodExceptionRead,
    PeriodKind,
    PeriodState,
    ReportingPeriodPage,
    ReportingPeriodPut,
    ReportingPeriodRead,
    ReportingPeriodReopen,
)
from targets.permissions import (
    CLOSE_PERIOD,
    GRANT_EXCEPTION,
    READ_EXCEPTIONS,
    READ_PERIODS,
    REOPEN_PERIOD,
    WRITE_PERIODS,
)

periods = app.router("reporting-periods")


@periods.get(
    "/reporting-periods", response_model=ReportingPeriodPage, summary="List reporting periods"
)
async def list_reporting_periods(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    kind: Annotated[AnyOf[PeriodKind] | None, Query()] = None,
    state: Annotated[AnyOf[PeriodState] | None, Query()] = None,
    due_gte: Day | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_PERIODS),
) -> Any:
    """Years, quarters, months and half-months with their due dates and states."""
    return await repository.list_periods(
        session,
        page,
        kind=list(kind or []),
        state=state,
        due_gte=due_gte,
        updated_since=updated_since,
    )


@periods.get(
    "/reporting-periods/{period}",
    response_model=ReportingPeriodRead,
    summary="One reporting period",
)
async def get_reporting_period(
    period: Period,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_PERIODS),
) -> Any:
    """A period with its due date and whether it is open."""
    row = await service.get_period(session, period)
    tag(response, row)
    return row


@periods.put(
    "/reporting-periods/{period}",
    response_model=ReportingPeriodRead,
    responses={
        201: {"model": ReportingPeriodRead, "description": "Created"},
        **problems(UnknownPeriod, ForeignDueDate, DeadlinesDiffer),
    },
    summary="Make a reporting period or move its due date",
)
async def put_reporting_period(
    period: Period,
    body: ReportingPeriodPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(WRITE_PERIODS),
) -> Any:
    """For the office. A programme's periods are made with it; this is for others and for dates."""
    row, created = await service.put_period(session, period, body, expected)
    tag(response, row)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/reporting-periods/{period}"
    return row


@periods.post(
    "/reporting-periods/{period}/close",
    response_model=ReportingPeriodRead,
    responses=problems(InvalidTransition),
    summary="Close a reporting period",
)
async def close_reporting_period(
    period: Period,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CLOSE_PERIOD),
) -> Any:
    """For the office. Reports are refused from then on, and what still changes is logged."""
    row = await service.close_period(session, principal, period, expected)
    tag(response, row)
    return row


@periods.post(
    "/reporting-periods/{period}/reopen",
    response_model=ReportingPeriodRead,
    responses=problems(InvalidTransition),
    summary="Reopen a reporting period",
)
async def reopen_reporting_period(
    period: Period,
    body: ReportingPeriodReopen,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REOPEN_PERIOD),
) -> Any:
    """For the office, with a reason, which is kept."""
    row = await service.reopen_period(session, principal, period, body.reason, expected)
    tag(response, row)
    return row


@periods.get(
    "/reporting-periods/{period}/exceptions",
    response_model=PeriodExceptionPage,
    summary="List a period's exceptions",
)
async def list_period_exceptions(
    period: Period,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(EXCEPTION_SORT)],
    unit_code: Code | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_EXCEPTIONS),
) -> Any:
    """Which units may report although the period is closed, until when and why."""
    return await service.list_exceptions(
        session, page, period, unit_code=unit_code, updated_since=updated_since
    )


@periods.post(
    "/reporting-periods/{period}/exceptions",
    response_model=PeriodExceptionRead,
    status_code=201,
    responses=problems(UnknownReference, ExceptionExpired),
    summary="Let one unit report for a closed period",
)
async def grant_period_exception(
    period: Period,
    body: PeriodExceptionCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(GRANT_EXCEPTION),
) -> Any:
    """For the office. The unit may report up to and including the day it expires."""
    row = await service.grant_exception(session, principal, period, body)
    tag(response, row)
    response.headers["Location"] = f"{app.PREFIX}/reporting-periods/{period}/exceptions/{row.id}"
    return row


@periods.get(
    "/reporting-periods/{period}/exceptions/{exception_id}",
    response_model=PeriodExceptionRead,
    summary="One exception",
)
async def get_period_exception(
    period: Period,
    exception_id: UUID,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_EXCEPTIONS),
) -> Any:
    """Which unit may still report for a closed period, and until when."""
    row = await service.get_exception(session, period, exception_id)
    tag(response, row)
    return row


@periods.delete(
    "/reporting-periods/{period}/exceptions/{exception_id}",
    status_code=204,
    summary="End an exception",
)
async def end_period_exception(
    period: Period,
    exception_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(GRANT_EXCEPTION),
) -> None:
    """For the office. The exception stays on record, with who ended it and when."""
    await service.end_exception(session, principal, period, exception_id)
