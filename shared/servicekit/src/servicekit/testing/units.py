"""Units that a service's test has been told of."""

from collections.abc import Mapping

from servicekit.auth import directory
from servicekit.db import Database

Units = Mapping[str, tuple[str, list[str]]]
"""Code → kind, and the units it stands under. A unit is named by its code."""


async def tell(database: Database, units: Units) -> None:
    """Store the units as `unit.changed` would."""
    async with database.session() as session:
        for code, (kind, parents) in units.items():
            await directory.upsert_unit(
                session, code=code, name=code, kind=kind, parents=parents, active=True
            )
