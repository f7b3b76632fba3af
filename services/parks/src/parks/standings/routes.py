"""Standings of an enterprise over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import UnknownReference
from servicekit.types import Moment

from parks.enterprises.domain import EnterpriseMerged
from parks.parks.domain import FutureDate
from parks.permissions import MOVE_ENTERPRISE, READ_ENTERPRISE
from parks.standings import service
from parks.standings.domain import InTwoPlacesAtOnce, StandingUnchanged
from parks.standings.repository import SORTABLE
from parks.standings.schemas import StandingCreate, StandingPage, StandingRead

router = app.router("enterprises")
PATH = "/enterprises/{enterprise_id}/standings"


@router.get(PATH, response_model=StandingPage, summary="Parks and classes an enterprise stood in")
async def list_enterprise_standings(
    enterprise_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ENTERPRISE),
) -> Any:
    """Its park, its declared class and its scale from when to when, the latest first."""
    return await service.list_standings(session, principal, page, enterprise_id, updated_since)


@router.get(
    f"{PATH}/{{standing_id}}", response_model=StandingRead, summary="One standing of an enterprise"
)
async def get_enterprise_standing(
    enterprise_id: UUID,
    standing_id: UUID,
    session: SessionDep,
    principal: Principal = permitted(READ_ENTERPRISE),
) -> Any:
    """What held of it on these days, and by which document."""
    return await service.get_standing(session, principal, enterprise_id, standing_id)


@router.post(
    PATH,
    status_code=201,
    response_model=StandingRead,
    responses=problems(
        FutureDate, UnknownReference, StandingUnchanged, InTwoPlacesAtOnce, EnterpriseMerged
    ),
    summary="Record a move of an enterprise",
)
async def record_enterprise_standing(
    enterprise_id: UUID,
    body: StandingCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(MOVE_ENTERPRISE),
) -> Any:
    """Another park, class or scale from a day on; what held until then ends the day before.
    Returns accepted from now on count by it. Moving between parks takes the right in both."""
    standing = await service.record_standing(session, principal, enterprise_id, body)
    path = f"{app.PREFIX}/enterprises/{enterprise_id}/standings/{standing.id}"
    response.headers["Location"] = path
    return standing
