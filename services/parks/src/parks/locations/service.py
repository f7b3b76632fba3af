"""Use cases of the locations."""

from servicekit import audit
from servicekit.db import Session
from servicekit.problems import NotFound
from servicekit.rows import put_by_key

from parks.locations import domain, repository
from parks.locations.models import ParkLocation
from parks.locations.schemas import ParkLocationPut
from parks.parks import repository as parks


async def get_location(session: Session, code: str) -> ParkLocation:
    """Raises `NotFound`: no such park, or nobody has said where it lies."""
    location = await repository.get(session, code)
    if location is None:
        raise NotFound(what=f"location of park {code}")
    return location


async def put_location(
    session: Session, code: str, body: ParkLocationPut, expected: int | None
) -> tuple[ParkLocation, bool]:
    """Say where a park lies; tells whether it was not known before.

    Raises:
        NotFound: no such park.
        PreconditionFailed: it is not at the expected version.
        CoordinatesSwapped, NotOnLand, BoundaryInvalid, PointOutside: see `domain`.
    """
    lon, lat = body.point.coordinates
    domain.check_position(lon, lat, "/point/coordinates")
    boundary = None if body.boundary is None else body.boundary.model_dump(mode="json")
    if boundary is not None:
        domain.check_boundary(boundary, "/boundary/coordinates")
        domain.check_within((lon, lat), boundary, "/point/coordinates")
    if await parks.get_for_update(session, code) is None:
        raise NotFound(what=f"park {code}")
    values = {"lon": lon, "lat": lat, "boundary": boundary}
    done = await put_by_key(session, ParkLocation, {"park_code": code}, values, expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(session, "parks.locate", "park", code, before=done.before, after=after)
    return done.row, done.created
