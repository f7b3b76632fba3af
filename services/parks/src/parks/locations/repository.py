"""SQL of the locations."""

from collections.abc import Sequence

from servicekit.db import Session
from sqlalchemy import select

from parks.locations.models import ParkLocation


async def get(session: Session, code: str) -> ParkLocation | None:
    return await session.get(ParkLocation, code)


async def points(session: Session) -> Sequence[tuple[str, tuple[float, float]]]:
    """The points of all parks: some hundred in a province."""
    found = await session.execute(
        select(ParkLocation.park_code, ParkLocation.lon, ParkLocation.lat)
    )
    return [(code, (lon, lat)) for code, lon, lat in found]
