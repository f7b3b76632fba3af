"""Statements on what is referred to."""

from collections.abc import Collection

from servicekit.db import Session
from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert

from supervision.references.domain import Referred
from supervision.references.models import Reference


async def keep(session: Session, kind: Referred, code: str, name: str, *, active: bool) -> None:
    told = {"name": name, "active": active}
    statement = insert(Reference).values(kind=kind, code=code, **told)
    await session.execute(
        statement.on_conflict_do_update(index_elements=[Reference.kind, Reference.code], set_=told)
    )


async def active(
    session: Session, wanted: Collection[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Those of the kinds and codes that are there and still active."""
    row = Reference
    query = select(row.kind, row.code).where(tuple_(row.kind, row.code).in_(wanted), row.active)
    return frozenset((each.kind, each.code) for each in await session.execute(query))


async def names(
    session: Session, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """The names by kind and code, as far as they are known."""
    row = Reference
    query = select(row.kind, row.code, row.name).where(tuple_(row.kind, row.code).in_(wanted))
    return {(each.kind, each.code): each.name for each in await session.execute(query)}
