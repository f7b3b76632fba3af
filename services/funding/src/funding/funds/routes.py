"""HTTP of funds."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.types import AnyOf, Code, Moment

from funding.funds import repository, service
from funding.funds.repository import SORTABLE
from funding.funds.schemas import FundKind, FundPage, FundPut, FundRead
from funding.permissions import PUT_FUND, READ_FUND

router = app.router("funds")


@router.put(
    "/funds/{code}",
    response_model=FundRead,
    responses={201: {"model": FundRead}},
    summary="Define or change a fund",
)
async def put_fund(
    code: Code,
    body: FundPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(PUT_FUND),
) -> Any:
    """Store the fund under its code; an equal body changes nothing."""
    row, created = await service.put_fund(session, code, body.model_dump(), expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/funds/{code}"
    tag(response, row)
    return row


@router.get("/funds/{code}", response_model=FundRead, summary="Read a fund")
async def get_fund(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_FUND)
) -> Any:
    """One fund by its code."""
    row = await service.get_fund(session, code)
    tag(response, row)
    return row


@router.get("/funds", response_model=FundPage, summary="List funds")
async def list_funds(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    kind: Annotated[AnyOf[FundKind] | None, Query()] = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_FUND),
) -> Any:
    """Every fund, by code."""
    return await repository.list_funds(session, page, kind, updated_since)
