"""HTTP of the execution board."""

from typing import Annotated, Any

from fastapi import Query
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import MAY_BE_STALE, SessionDep, permitted
from servicekit.types import Code, Moment, Year

from funding.execution_board import service
from funding.execution_board.repository import SORT, BoardFilter
from funding.execution_board.schemas import ExecutionPage
from funding.permissions import READ_EXECUTION

router = app.router("execution-board")


@router.get(
    "/execution-board",
    response_model=ExecutionPage,
    summary="The execution board",
    openapi_extra={MAY_BE_STALE: True},
)
async def list_execution_board(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORT)],
    fiscal_year: Year | None = None,
    fund_code: Code | None = None,
    month: Annotated[
        str | None, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2026-09"])
    ] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_EXECUTION),
) -> Any:
    """By fund and month what was approved, appropriated, committed, disbursed and refunded, how far
    the budget is executed, and where it will be at the end of the year."""
    wanted = BoardFilter(fiscal_year, fund_code, month, updated_since)
    return await service.read_board(session, page, wanted)
