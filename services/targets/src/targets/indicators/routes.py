"""HTTP of the indicators."""

from typing import Annotated, Any

from fastapi import Depends, Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import read_if_match, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageDep
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Code, Moment
from targets.indicators import service
from targets.indicators.schemas import (
    IndicatorPage,
    IndicatorPut,
    IndicatorRead,
    Kind,
    SourceKind,
    TargetRevisionPage,
)
from targets.permissions import READ_INDICATORS, WRITE_INDICATORS

indicators = app.router("indicators")


@indicators.get("/indicators", response_model=IndicatorPage, summary="List indicators")
async def list_indicators(
    session: SessionDep,
    page: PageDep,
    programme: Code | None = None,
    kind: Annotated[list[Kind] | None, Query()] = None,
    source_kind: SourceKind | None = None,
    lead_unit: Code | None = None,
    headline: bool | None = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INDICATORS),
) -> Any:
    """Definitions with baselines and milestones, by code."""
    return await service.list_indicators(
        session,
        page,
        programme=programme,
        kind=list(kind or []),
        source_kind=source_kind,
        lead_unit=lead_unit,
        headline=headline,
        updated_since=updated_since,
    )


@indicators.get("/indicators/{code}", response_model=IndicatorRead, summary="One indicator")
async def get_indicator(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_INDICATORS)
) -> Any:
    """An indicator's definition, baseline and milestones."""
    indicator = await service.get_indicator(session, code)
    tag(response, indicator)
    return indicator


@indicators.put(
    "/indicators/{code}",
    response_model=IndicatorRead,
    responses={
        201: {"model": IndicatorRead, "description": "Created"},
        **problems(UnknownReference),
    },
    summary="Make or change an indicator",
)
async def put_indicator(
    code: Code,
    body: IndicatorPut,
    session: SessionDep,
    response: Response,
    expected: Annotated[int | None, Depends(read_if_match)],
    principal: Principal = permitted(WRITE_INDICATORS),
) -> Any:
    """For the office. A changed milestone leaves a revision with its document and reason."""
    indicator, created = await service.put_indicator(session, principal, code, body, expected)
    tag(response, indicator)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/indicators/{code}"
    return indicator


@indicators.get(
    "/indicators/{code}/revisions",
    response_model=TargetRevisionPage,
    summary="List an indicator's target revisions",
)
async def list_target_revisions(
    code: Code,
    session: SessionDep,
    page: PageDep,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INDICATORS),
) -> Any:
    """Every target that was changed, latest first, with document and reason."""
    return await service.list_revisions(session, page, code, updated_since)
