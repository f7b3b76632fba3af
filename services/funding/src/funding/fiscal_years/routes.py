"""HTTP of fiscal years."""

from typing import Annotated, Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Moment, Year

from funding.fiscal_years import repository, service
from funding.fiscal_years.domain import PartsExceedWhole
from funding.fiscal_years.repository import SORTABLE
from funding.fiscal_years.schemas import FiscalYearPage, FiscalYearPut, FiscalYearRead
from funding.permissions import PUT_FISCAL_YEAR, READ_FISCAL_YEAR

router = app.router("fiscal-years")


@router.put(
    "/fiscal-years/{year}",
    response_model=FiscalYearRead,
    responses={201: {"model": FiscalYearRead}, **problems(PartsExceedWhole)},
    summary="Open or restate a fiscal year",
)
async def put_fiscal_year(
    year: Year,
    body: FiscalYearPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(PUT_FISCAL_YEAR),
) -> Any:
    """Store what has been executed so far; the funding rules of the year are evaluated again."""
    row, created = await service.put_fiscal_year(session, year, body.model_dump(), expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/fiscal-years/{year}"
    tag(response, row)
    return row


@router.get("/fiscal-years/{year}", response_model=FiscalYearRead, summary="Read a fiscal year")
async def get_fiscal_year(
    year: Year,
    session: SessionDep,
    response: Response,
    _: Principal = permitted(READ_FISCAL_YEAR),
) -> Any:
    """The city's budget expenditure and its S&T items of one year."""
    row = await service.get_fiscal_year(session, year)
    tag(response, row)
    return row


@router.get("/fiscal-years", response_model=FiscalYearPage, summary="List fiscal years")
async def list_fiscal_years(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_FISCAL_YEAR),
) -> Any:
    """Every fiscal year, by year."""
    return await repository.list_fiscal_years(session, page, updated_since)
