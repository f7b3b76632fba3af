"""SQL of the status board."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import ColumnElement, Select, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from targets.indicators.models import Indicator
from targets.status.models import IndicatorStatus, SupervisionItem

SORTABLE = {
    "indicator_code": IndicatorStatus.indicator_code,
    "status": IndicatorStatus.status,
    "updated_at": IndicatorStatus.updated_at,
}
_OPEN_ITEMS = """
SELECT origin_ref, item_id, number, title, responsible_unit, due_on FROM supervision_item
WHERE origin = 'indicator' AND closed_at IS NULL AND origin_ref = ANY($1::text[])
ORDER BY number
"""


_WITH_HANGING = """
WITH RECURSIVE hanging(code) AS (
  SELECT unnest(CAST(:codes AS text[]))
  UNION
  SELECT f.indicator_code FROM formula_input f JOIN hanging h ON f.input_code = h.code
) SELECT code FROM hanging
"""


async def get_for_update(session: Session, code: str) -> IndicatorStatus | None:
    return await session.get(
        IndicatorStatus, code, with_for_update={"key_share": True}, populate_existing=True
    )


async def lock_with_hanging(session: Session, codes: Sequence[str]) -> set[str]:
    """Lock the judgements of these indicators and of all that is worked out from them, by code:
    the one order in which everybody locks. Gives whose there are."""
    found = (
        select(IndicatorStatus)
        .where(text(f"indicator_status.indicator_code IN ({_WITH_HANGING})"))
        .order_by(IndicatorStatus.indicator_code)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    rows = await session.scalars(found, {"codes": list(codes)})
    return {row.indicator_code for row in rows}


async def held_back(session: Session) -> list[str]:
    """The indicators whose judgement waits for complete numbers, in one order of locking."""
    found = select(IndicatorStatus.indicator_code).where(
        IndicatorStatus.provisional_until.is_not(None)
    )
    return list(await session.scalars(found.order_by(IndicatorStatus.indicator_code)))


async def add_item(session: Session, values: dict[str, Any]) -> None:
    """Store an opened item; a repeat of the same item takes over what it says."""
    await session.execute(
        insert(SupervisionItem)
        .values(values)
        .on_conflict_do_update(index_elements=["item_id"], set_=values)
    )


async def close_item(session: Session, item_id: UUID, outcome: str, closed_at: datetime) -> None:
    await session.execute(
        update(SupervisionItem)
        .where(SupervisionItem.item_id == item_id)
        .values(closed_at=closed_at, outcome=outcome)
    )


async def open_items(session: Session, codes: list[str]) -> list[asyncpg.Record]:
    """The open items on these indicators."""
    return await session.fetch(_OPEN_ITEMS, codes)


async def fetch_board(
    session: Session,
    page: PageRequest,
    *,
    units: Sequence[str] | None,
    status: list[str],
    headline: bool | None,
    working_group: str | None,
    known_at: datetime | None = None,
    updated_since: datetime | None,
) -> Page:
    """Rows of `(IndicatorStatus, Indicator)`; `units` are those the caller may see."""
    query: Select = (
        select(IndicatorStatus, Indicator)
        .join(Indicator, Indicator.code == IndicatorStatus.indicator_code)
        .where(*_seen_by(units))
    )
    if status:
        query = query.where(IndicatorStatus.status.in_(status))
    if headline is not None:
        query = query.where(Indicator.headline == headline)
    if working_group is not None:
        query = query.where(Indicator.working_group == working_group)
    if known_at is not None:
        query = query.where(Indicator.created_at <= known_at)
    if updated_since is not None:
        query = query.where(IndicatorStatus.updated_at >= updated_since)
    return await fetch_page(
        session,
        query,
        page,
        sortable=SORTABLE,
        default="indicator_code",
        key="indicator_code",
    )


async def visible(session: Session, units: Sequence[str] | None) -> list[Indicator]:
    """Every indicator these units may see."""
    found = select(Indicator).where(*_seen_by(units)).order_by(Indicator.code)
    return list(await session.scalars(found))


async def counts(session: Session, units: Sequence[str] | None) -> dict[str, int]:
    """How many of the visible indicators have each status, and their open items."""
    seen = _seen_by(units)
    rows = await session.execute(
        select(IndicatorStatus.status, func.count())
        .join(Indicator, Indicator.code == IndicatorStatus.indicator_code)
        .where(*seen)
        .group_by(IndicatorStatus.status)
    )
    items = await session.scalar(
        select(func.count())
        .select_from(SupervisionItem)
        .join(Indicator, Indicator.code == SupervisionItem.origin_ref)
        .where(SupervisionItem.origin == "indicator", SupervisionItem.closed_at.is_(None), *seen)
    )
    return {**{row[0]: row[1] for row in rows}, "open_items": items or 0}


def _seen_by(units: Sequence[str] | None) -> list[ColumnElement[bool]]:
    """An indicator is seen by whoever sees one of the units that answer for it."""
    if units is None:
        return []
    return [
        or_(
            Indicator.lead_unit.in_(units),
            Indicator.working_group.in_(units),
            Indicator.supporting_units.overlap(list(units)),
        )
    ]
