"""Every statement on supervision items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page, selection
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from supervision.items.domain import DOING, ENDED, WITH_THE_UNIT, Light
from supervision.items.models import (
    IS_OPEN,
    IS_WITH_THE_UNIT,
    ItemCounter,
    ItemStep,
    SupervisionItem,
)
from supervision.items.schemas import SupervisionItemRead

SORTABLE = {
    "id": UUID,
    "number": str,
    "due_on": date,
    "created_at": datetime,
    "updated_at": datetime,
}
STEP_SORT = {"version": ItemStep.version, "updated_at": ItemStep.created_at}

_ITEMS = selection(SupervisionItemRead, "supervision_item")
_SUMMARY = """
SELECT responsible_unit, status, count(*) AS items,
       count(*) FILTER (WHERE status = ANY($2::text[]) AND due_on < $3) AS overdue
  FROM supervision_item
 WHERE $1::text[] IS NULL OR responsible_unit = ANY($1)
 GROUP BY responsible_unit, status
 ORDER BY responsible_unit, status
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of items may be narrowed to; an empty filter narrows nothing."""

    status: Sequence[str] = ()
    origin: Sequence[str] = ()
    responsible_unit: str | None = None
    indicator_code: str | None = None
    open: bool | None = None
    overdue: bool | None = None
    severity: Sequence[str] = ()
    light: Sequence[str] = ()
    issued_gte: date | None = None
    issued_lte: date | None = None
    due_gte: date | None = None
    due_lte: date | None = None
    updated_since: datetime | None = None


async def next_number(session: Session, year: int) -> str:
    """The next number of the year, `2026-0001`. Others wait for this transaction to end."""
    statement = insert(ItemCounter).values(year=year, last=1)
    last = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=[ItemCounter.year], set_={"last": ItemCounter.last + 1}
        ).returning(ItemCounter.last)
    )
    return f"{year}-{last:04d}"


async def get(session: Session, item_id: UUID) -> SupervisionItem:
    """Raises `NotFound`."""
    found = await session.get(SupervisionItem, item_id)
    if found is None:
        raise NotFound(what=f"supervision item {item_id}")
    return found


async def lock(session: Session, item_id: UUID) -> SupervisionItem | None:
    """The item, locked; none if there is none."""
    query = select(SupervisionItem).where(SupervisionItem.id == item_id).with_for_update()
    return await session.scalar(query)


async def get_for_update(session: Session, item_id: UUID) -> SupervisionItem:
    """The item, locked. Raises `NotFound`."""
    found = await lock(session, item_id)
    if found is None:
        raise NotFound(what=f"supervision item {item_id}")
    return found


async def open_case(session: Session, origin: str, origin_ref: str) -> SupervisionItem | None:
    """The open item of this origin, locked."""
    return await session.scalar(
        select(SupervisionItem)
        .where(
            SupervisionItem.origin == origin,
            SupervisionItem.origin_ref == origin_ref,
            SupervisionItem.status.not_in(ENDED),
        )
        .with_for_update()
    )


async def waiting_for(session: Session, indicator_code: str) -> list[SupervisionItem]:
    """Open items about an indicator, locked, in the order they were opened."""
    query = (
        select(SupervisionItem)
        .where(
            SupervisionItem.indicator_code == indicator_code,
            SupervisionItem.status.not_in(ENDED),
        )
        .order_by(SupervisionItem.id)
    )
    return list(await session.scalars(query.with_for_update()))


async def newly_late(session: Session, today: date, limit: int) -> list[SupervisionItem]:
    """Late items that nobody has been told of, locked; those in someone's hands are left out."""
    query = (
        select(SupervisionItem)
        .where(
            SupervisionItem.status.in_(WITH_THE_UNIT),
            SupervisionItem.due_on < today,
            SupervisionItem.overdue_at.is_(None),
        )
        .order_by(SupervisionItem.due_on, SupervisionItem.id)
        .limit(limit)
    )
    return list(await session.scalars(query.with_for_update(skip_locked=True)))


async def doers(session: Session, item_id: UUID) -> frozenset[str]:
    """Everyone who has worked on the rectification, in every round."""
    query = select(ItemStep.actor).where(
        ItemStep.item_id == item_id, ItemStep.action.in_([action.value for action in DOING])
    )
    return frozenset(await session.scalars(query))


async def list_items(
    session: Session,
    page: PageRequest,
    units: Sequence[str] | None,
    filters: Filters,
    today: date,
    soon: date,
) -> dict[str, Any]:
    """Items of the given units (none: of all). Deadlines up to `soon` stand at amber."""
    where = conditions(filters, today)
    if units is not None:
        where.add("responsible_unit = ANY(?)", list(units))
    if filters.light:
        lights = " OR ".join(_at(light, today, soon, where) for light in filters.light)
        where.parts.append(f"({lights})")
    return await fetch_hot_page(session, _ITEMS, where, page, sortable=SORTABLE, default="-id")


def _at(light: str, today: date, soon: date, where: Conditions) -> str:
    """The open items that stand at this light; `board.repository` counts by the same rule."""
    match light:
        case Light.RED:
            return f"({IS_WITH_THE_UNIT} AND due_on < {where.bind(today)})"
        case Light.AMBER:
            due = f"due_on BETWEEN {where.bind(today)} AND {where.bind(soon)}"
            return f"({IS_WITH_THE_UNIT} AND {due})"
        case _:
            return f"({IS_OPEN} AND NOT ({IS_WITH_THE_UNIT} AND due_on <= {where.bind(soon)}))"


def conditions(wanted: Filters, today: date) -> Conditions:
    where = Conditions()
    where.given(
        ("status = ANY(?)", wanted.status or None),
        ("origin = ANY(?)", wanted.origin or None),
        ("responsible_unit = ?", wanted.responsible_unit),
        ("indicator_code = ?", wanted.indicator_code),
        ("severity = ANY(?)", wanted.severity or None),
        ("issued_on >= ?", wanted.issued_gte),
        ("issued_on <= ?", wanted.issued_lte),
        ("due_on >= ?", wanted.due_gte),
        ("due_on <= ?", wanted.due_lte),
        ("updated_at >= ?", wanted.updated_since),
    )
    if wanted.open is not None:
        where.parts.append(IS_OPEN if wanted.open else f"NOT ({IS_OPEN})")
    if wanted.overdue is not None:
        late = f"({IS_WITH_THE_UNIT} AND due_on < {where.bind(today)})"
        where.parts.append(late if wanted.overdue else f"NOT {late}")
    return where


async def list_steps(
    session: Session, item_id: UUID, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    query = select(ItemStep).where(
        ItemStep.item_id == item_id, *given((updated_since, ItemStep.created_at.__ge__))
    )
    return await fetch_page(
        session, query, page, sortable=STEP_SORT, default="version", key="version"
    )


async def summary(
    session: Session, units: Sequence[str] | None, today: date
) -> list[asyncpg.Record]:
    """Counts by unit and status: `responsible_unit, status, items, overdue`."""
    late = [status.value for status in WITH_THE_UNIT]
    return await session.fetch(_SUMMARY, None if units is None else list(units), late, today)
