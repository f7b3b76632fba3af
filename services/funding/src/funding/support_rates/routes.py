"""HTTP of the rates."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import AlreadyExists, UnknownReference
from servicekit.types import AnyOf, Code, Moment, Year

from funding.permissions import PUT_SUPPORT_RATE, READ_SUPPORT_RATE
from funding.support_rates import repository, service
from funding.support_rates.repository import SORTABLE
from funding.support_rates.schemas import (
    SupportKind,
    SupportRatePage,
    SupportRatePut,
    SupportRateRead,
)

router = app.router("support-rates")


@router.put(
    "/support-rates/{code}",
    response_model=SupportRateRead,
    responses={201: {"model": SupportRateRead}, **problems(UnknownReference, AlreadyExists)},
    summary="Set a rate",
)
async def put_support_rate(
    code: Code,
    body: SupportRatePut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(PUT_SUPPORT_RATE),
) -> Any:
    """Store the rate under its code. What has been filed keeps the terms it was filed on."""
    row, created = await service.put_rate(session, code, body.model_dump(), expected)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/support-rates/{code}"
    tag(response, row)
    return row


@router.get("/support-rates/{code}", response_model=SupportRateRead, summary="Read a rate")
async def get_support_rate(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_SUPPORT_RATE)
) -> Any:
    """One rate by its code."""
    row = await service.get_rate(session, code)
    tag(response, row)
    return row


@router.get("/support-rates", response_model=SupportRatePage, summary="List rates")
async def list_support_rates(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    kind: Annotated[AnyOf[SupportKind] | None, Query()] = None,
    fiscal_year: Year | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_SUPPORT_RATE),
) -> Any:
    """What is paid for what, by kind and year."""
    return await repository.list_rates(session, page, kind, fiscal_year, updated_since)
