"""What the registry has told of an applicant."""

from servicekit.db import Session

from funding.registry import repository
from funding.registry.domain import Held, Registered


async def registered(session: Session, unit: str) -> Registered | None:
    """The enterprise behind a unit of the directory; none if it is not one."""
    row = await repository.enterprise_of(session, unit)
    if row is None:
        return None
    recognitions = await repository.recognitions_of(session, row.enterprise_id)
    return Registered(
        uscc=row.uscc,
        name=row.name,
        enterprise_class=row.enterprise_class,
        park_code=row.park_code,
        active=row.active,
        recognitions=tuple(
            Held(each.kind, each.number, each.valid_from, each.valid_to) for each in recognitions
        ),
    )
