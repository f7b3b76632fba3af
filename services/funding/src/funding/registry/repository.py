"""SQL of the copy of the registry."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from servicekit.db import Session
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from funding.registry.models import RegisteredEnterprise, RegisteredRecognition


async def put(session: Session, model: type[Any], values: Mapping[str, Any]) -> None:
    """Store a row as it was told, whether or not it was there."""
    (key,) = model.__table__.primary_key.columns
    statement = insert(model).values(**values)
    await session.execute(statement.on_conflict_do_update(index_elements=[key], set_=values))


async def end(session: Session, recognition_id: UUID, last_day: date) -> None:
    """A recognition is valid no longer than to this day."""
    row = RegisteredRecognition
    await session.execute(
        update(row)
        .where(row.recognition_id == recognition_id)
        .values(valid_to=func.least(row.valid_to, last_day))
    )


async def merge(session: Session, duplicate: UUID, into: UUID) -> None:
    """What was recognised of a duplicate is the other's."""
    row = RegisteredRecognition
    await session.execute(
        update(row).where(row.enterprise_id == duplicate).values(enterprise_id=into)
    )


async def enterprise_of(session: Session, unit: str) -> RegisteredEnterprise | None:
    """The enterprise at this place of the directory; of duplicates the one that is active."""
    row = RegisteredEnterprise
    query = select(row).where(row.unit_code == unit)
    query = query.order_by(row.active.desc(), row.enterprise_id.desc()).limit(1)
    return await session.scalar(query)


async def recognitions_of(session: Session, enterprise_id: UUID) -> list[RegisteredRecognition]:
    row = RegisteredRecognition
    query = select(row).where(row.enterprise_id == enterprise_id)
    return list(await session.scalars(query.order_by(row.valid_from, row.recognition_id)))
