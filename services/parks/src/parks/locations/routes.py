"""Locations of parks over HTTP."""

from typing import Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.types import Code

from parks.locations import service
from parks.locations.domain import (
    BoundaryInvalid,
    CoordinatesSwapped,
    NotOnLand,
    PointOutside,
)
from parks.locations.schemas import ParkLocationPut, ParkLocationRead
from parks.permissions import LOCATE_PARK, READ_PARK

router = app.router("parks")
PATH = "/parks/{code}/location"


@router.get(PATH, response_model=ParkLocationRead, summary="Where a park lies")
async def get_park_location(
    code: Code, session: SessionDep, response: Response, _: Principal = permitted(READ_PARK)
) -> Any:
    """Its point and its boundary as GeoJSON, longitude before latitude."""
    location = await service.get_location(session, code)
    tag(response, location)
    return location


@router.put(
    PATH,
    response_model=ParkLocationRead,
    responses={
        201: {"model": ParkLocationRead, "description": "Created"},
        **problems(CoordinatesSwapped, NotOnLand, BoundaryInvalid, PointOutside),
    },
    summary="Say where a park lies",
)
async def put_park_location(
    code: Code,
    body: ParkLocationPut,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(LOCATE_PARK),
) -> Any:
    """For the office. The point lies within the boundary; an equal body changes nothing."""
    location, created = await service.put_location(session, code, body, expected)
    tag(response, location)
    if created:
        response.status_code = 201
        response.headers["Location"] = f"{app.PREFIX}/parks/{code}/location"
    return location
