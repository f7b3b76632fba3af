"""HTTP of the indicators."""

from typing import Annotated, Any

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import AnyOf, Code, Moment
from targets.derivations.domain import SourceInUse, UsedInFormula
from targets.indicators import service
from targets.indicators.domain import UnitInUse
from targets.indicators.repository import SORTABLE
from targets.indicators.schemas import (
    IndicatorPage,
    IndicatorPut,
    IndicatorRead,
    Kind,
    SourceKind,
)
from targets.moments.schemas import AsOf, KnownAt
from targets.permissions import READ_INDICATORS, WRITE_INDICATORS
from targets.revisions.domain import DocumentRequired, SecondBaseline, YearClosed

indicators = app.router("indicators")


@indicators.get("/indicators", response_model=IndicatorPage, summary="List indicators")
async def list_indicators(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    programme: Code | None = None,
    kind: Annotated[AnyOf[Kind] | None, Query()] = None,
    source_kind: Annotated[AnyOf[SourceKind] | None, Query()] = None,
    lead_unit: Code | None = None,
    headline: bool | None = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    updated_since: Moment | None = None,
    _: Principal = permitted(READ_INDICATORS),
) -> Any:
    """Definitions with baselines and milestones, by code: those that hold today, or on the day
    `as_of`, as was known at the moment `known_at`."""
    return await service.list_indicators(
        session,
        page,
        programme=programme,
        kind=list(kind or []),
        source_kind=source_kind,
        lead_unit=lead_unit,
        headline=headline,
        as_of=as_of,
        known_at=known_at,
        updated_since=updated_since,
    )


@indicators.get("/indicators/{code}", response_model=IndicatorRead, summary="One indicator")
async def get_indicator(
    code: Code,
    session: SessionDep,
    response: Response,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    _: Principal = permitted(READ_INDICATORS),
) -> Any:
    """An indicator's definition, baseline and milestones: those that hold today, or on the day
    `as_of`, as was known at the moment `known_at`. The definition itself is today's; its version
    is, and so there is no ETag of a day gone by."""
    indicator = await service.get_indicator(session, code)
    if as_of is None and known_at is None:
        tag(response, indicator)
    return await service.at(session, indicator, as_of, known_at)


@indicators.put(
    "/indicators/{code}",
    response_model=IndicatorRead,
    responses={
        201: {"model": IndicatorRead, "description": "Created"},
        **problems(
            UnknownReference,
            UnitInUse,
            SourceInUse,
            UsedInFormula,
            YearClosed,
            SecondBaseline,
            DocumentRequired,
        ),
    },
    summary="Make or change an indicator",
)
async def put_indicator(
    code: Code,
    body: IndicatorPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(WRITE_INDICATORS),
) -> Any:
    """For the office. A changed milestone leaves a revision: with a document number one that holds
    from today on, without one a correction of the plan. What a document has revised is not undone
    by the plan applied again."""
    indicator, created = await service.put_indicator(session, principal, code, body, expected)
    tag(response, indicator)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/indicators/{code}"
    return indicator
