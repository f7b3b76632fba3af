"""Use cases of the sums."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.db import Session

from parks.tallies import domain, repository
from parks.tallies.domain import Change


async def tally(session: Session, enterprise_id: UUID, year: int) -> Sequence[Change]:
    """Have the sums hold all accepted returns of an enterprise's year; what changed in them. The
    year's lock must be held: two returns of one enterprise look at each other."""
    accepted = await repository.accepted_of(session, enterprise_id, str(year))
    changes = domain.changes(accepted)
    if changes:
        await repository.apply(session, changes)
    return changes
