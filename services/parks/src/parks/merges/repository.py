"""SQL of what goes over from one record to another."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from servicekit.clock import now
from servicekit.db import Session
from sqlalchemy import text

_BOTH_COUNTED = """SELECT gone.period FROM operating_return gone
 JOIN operating_return kept ON kept.period = gone.period AND kept.enterprise_id = $2
 WHERE gone.enterprise_id = $1 AND gone.state = 'accepted' ORDER BY gone.period"""
_HOLD = (
    text("SELECT FROM enterprise WHERE id IN (:gone, :into) ORDER BY id FOR UPDATE"),
    text(
        """SELECT FROM operating_return WHERE enterprise_id IN (:gone, :into)
 ORDER BY id FOR NO KEY UPDATE"""
    ),
)
_YEARS = """SELECT DISTINCT left(period, 4) AS year FROM operating_return
 WHERE enterprise_id = $1 AND state = 'accepted' ORDER BY year"""

_RECOGNISED = """SELECT min(valid_from) AS since FROM recognition
 WHERE enterprise_id IN ($1, $2)"""

# What clashes with what the other has stays where it is, and is found there.
_MOVE = {
    "returns": text(
        """UPDATE operating_return AS r SET enterprise_id = :into, version = version + 1,
 updated_at = :now WHERE enterprise_id = :gone AND NOT EXISTS (
   SELECT FROM operating_return k WHERE k.enterprise_id = :into AND k.period = r.period)
 RETURNING r.id"""
    ),
    "recognitions": text(
        """UPDATE recognition AS r SET enterprise_id = :into, version = version + 1,
 updated_at = :now WHERE enterprise_id = :gone AND NOT EXISTS (
   SELECT FROM recognition k WHERE k.enterprise_id = :into AND k.kind = r.kind
     AND daterange(k.valid_from, k.valid_to, '[]') && daterange(r.valid_from, r.valid_to, '[]'))
 RETURNING r.id"""
    ),
    "platforms": text(
        """UPDATE platform SET enterprise_id = :into, version = version + 1, updated_at = :now
 WHERE enterprise_id = :gone RETURNING id"""
    ),
    "contracts": text(
        """UPDATE technology_contract SET enterprise_id = :into, version = version + 1,
 updated_at = :now WHERE enterprise_id = :gone RETURNING id"""
    ),
    "projects": text(
        """UPDATE rd_project SET enterprise_id = :into, version = version + 1, updated_at = :now
 WHERE enterprise_id = :gone RETURNING id"""
    ),
    "achievements": text(
        """UPDATE achievement AS a SET enterprise_id = :into, version = version + 1,
 updated_at = :now WHERE enterprise_id = :gone AND NOT EXISTS (
   SELECT FROM achievement k WHERE k.enterprise_id = :into AND k.title = a.title
     AND k.transferred_on = a.transferred_on AND k.state = 'registered')
 RETURNING a.id"""
    ),
    "earlier_duplicates": text(
        """UPDATE enterprise SET merged_into = :into, version = version + 1, updated_at = :now
 WHERE merged_into = :gone RETURNING id"""
    ),
}


async def hold(session: Session, gone: UUID, into: UUID) -> None:
    """Lock both enterprises, so that nobody gives one anything meanwhile, and their returns,
    so that none is accepted between the look at them and the commit."""
    for statement in _HOLD:
        await session.execute(statement, {"gone": gone, "into": into})


async def months_of_both(session: Session, gone: UUID, into: UUID) -> list[str]:
    """The months that were counted for the one and that the other has a return of, too."""
    return [row["period"] for row in await session.fetch(_BOTH_COUNTED, gone, into)]


async def years_counted(session: Session, enterprise_id: UUID) -> list[str]:
    """The years of its accepted returns."""
    return [row["year"] for row in await session.fetch(_YEARS, enterprise_id)]


async def recognised_since(session: Session, gone: UUID, into: UUID) -> date | None:
    """From which day on the two were counted as enterprises of their own, if they were."""
    row = await session.fetch_row(_RECOGNISED, gone, into)
    return row["since"] if row else None


async def move_all(session: Session, gone: UUID, into: UUID) -> Mapping[str, int]:
    """Give everything the one has to the other; how many of each went."""
    moved: dict[str, int] = {}
    for what, statement in _MOVE.items():
        found = await session.execute(statement, {"gone": gone, "into": into, "now": now()})
        moved[what] = len(found.all())
    return moved
