"""SQL of the status board."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from servicekit.db import Session
from servicekit.http.hot_page import Conditions, fetch_hot_page
from servicekit.http.paging import PageRequest
from sqlalchemy import Text, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from targets.indicators.models import Indicator
from targets.status.models import IndicatorStatus, SupervisionItem

SORTABLE = {"indicator_code": str, "status": str, "updated_at": datetime}
_BOARD = """SELECT indicator_code, name_zh, name_en, headline, unit, lead_unit, working_group,
 period, actual, expected, status, reason_zh, reason_en, provisional_until, measured_at, changed_at,
 updated_at
FROM (
 SELECT s.*, i.name_zh, i.name_en, i.headline, i.unit, i.lead_unit, i.working_group,
  i.supporting_units, i.created_at AS known_since
 FROM indicator_status s JOIN indicator i ON i.code = s.indicator_code
) AS board"""
_SEEN = "(lead_unit = ANY(?) OR working_group = ANY(?) OR supporting_units && ?)"
"""An indicator is seen by whoever sees one of the units that answer for it."""
_COUNTS = """
WITH seen AS (SELECT code FROM indicator{seen})
SELECT count(*) FILTER (WHERE status = 'green') AS green,
  count(*) FILTER (WHERE status = 'amber') AS amber,
  count(*) FILTER (WHERE status = 'red') AS red,
  count(*) FILTER (WHERE status = 'unknown') AS unknown,
  (SELECT count(*) FROM supervision_item JOIN seen ON origin_ref = code
   WHERE origin = 'indicator' AND closed_at IS NULL) AS open_items
FROM indicator_status JOIN seen ON indicator_code = code
"""
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
) -> dict[str, Any]:
    """A page of rows without their open items and forecasts; `units` are those the caller may
    see."""
    where = seen_by(units)
    where.given(
        ("status = ANY(?)", status or None),
        ("headline = ?", headline),
        ("working_group = ?", working_group),
        ("known_since <= ?", known_at),
        ("updated_at >= ?", updated_since),
    )
    return await fetch_hot_page(
        session,
        _BOARD,
        where,
        page,
        sortable=SORTABLE,
        default="indicator_code",
        key="indicator_code",
    )


async def visible(session: Session, units: Sequence[str] | None) -> list[Indicator]:
    """Every indicator these units may see."""
    found = select(Indicator).order_by(Indicator.code)
    if units is not None:
        condition = text(_SEEN.replace("?", ":units"))
        found = found.where(condition.bindparams(bindparam("units", units, ARRAY(Text))))
    return list(await session.scalars(found))


async def counts(session: Session, units: Sequence[str] | None) -> dict[str, int]:
    """How many of the visible indicators have each status, and their open items."""
    where = seen_by(units)
    row = await session.fetch_row(_COUNTS.format(seen=where.text()), *where.args)
    return dict(row or {})


def seen_by(units: Sequence[str] | None) -> Conditions:
    where = Conditions()
    where.given((_SEEN, units))
    return where
