"""Statements on the occurrences of recurring plans, of whatever kind."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from servicekit.db import Session
from servicekit.ids import new_id
from servicekit.problems import NotFound
from sqlalchemy import Date, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from supervision.occurrences.domain import PLANNED
from supervision.occurrences.models import Occurrence

AnyOccurrence = TypeVar("AnyOccurrence", bound=Occurrence)


async def add_missing(
    session: Session, table: type[AnyOccurrence], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Make the occurrences that are not there; several planners at once make each once."""
    if rows:
        statement = insert(table).values([{"id": new_id(), "version": 1, **row} for row in rows])
        await session.execute(
            statement.on_conflict_do_nothing(index_elements=[table.plan_code, table.nominal_on])
        )


async def lock_all(
    session: Session, table: type[AnyOccurrence], plan_code: str
) -> dict[date, AnyOccurrence]:
    """Every occurrence of a plan by its nominal day, locked in order."""
    query = select(table).where(table.plan_code == plan_code).order_by(table.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return {row.nominal_on: row for row in await session.scalars(query)}


async def get_for_update(
    session: Session, table: type[AnyOccurrence], row_id: UUID
) -> AnyOccurrence:
    """Raises `NotFound`."""
    found = await session.scalar(select(table).where(table.id == row_id).with_for_update())
    if found is None:
        raise NotFound(what=f"{table.__tablename__} {row_id}")
    return found


async def newly_missed(
    session: Session, table: type[AnyOccurrence], today: date, limit: int
) -> list[AnyOccurrence]:
    """Occurrences that were planned ahead, whose day has passed, and nobody was told of; locked.
    What was over when the plan was made was never to come."""
    made_on = cast(func.timezone("Asia/Shanghai", table.created_at), Date)
    query = (
        select(table)
        .where(
            table.status == PLANNED,
            table.scheduled_on < today,
            table.scheduled_on >= made_on,
            table.missed_at.is_(None),
        )
        .order_by(table.scheduled_on, table.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(query))
