"""SQL of the derived indicators."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from targets.derivations.domain import Derived, Input
from targets.derivations.models import Derivation, FormulaInput
from targets.indicators.models import Indicator

SORTABLE = {
    "period": Derivation.period,
    "ends_on": Derivation.ends_on,
    "updated_at": Derivation.updated_at,
}
_HANGING = """
WITH RECURSIVE hanging(code, level) AS (
  SELECT indicator_code, 1 FROM formula_input WHERE input_code = $1
  UNION
  SELECT f.indicator_code, h.level + 1
  FROM formula_input f JOIN hanging h ON f.input_code = h.code
) SELECT code FROM hanging GROUP BY code ORDER BY max(level), code
"""
_UNDER = """
WITH RECURSIVE used(code) AS (
  SELECT unnest($1::text[])
  UNION
  SELECT f.input_code FROM formula_input f JOIN used u ON f.indicator_code = u.code
) SELECT code, i.source_kind FROM used JOIN indicator i USING (code)
"""
_SERIES = """
SELECT indicator_code, since, actual FROM roll_up
WHERE indicator_code = ANY($1::text[]) AND unit_code = '' AND reporting > 0
"""
_LACK = """
SELECT reason_zh, reason_en FROM derivation WHERE indicator_code = $1
ORDER BY ends_on DESC LIMIT 1
"""


async def hanging_on(session: Session, code: str) -> list[str]:
    """The indicators that are worked out from this one, each after those it is worked out from."""
    return [row["code"] for row in await session.fetch(_HANGING, code)]


async def used_by(session: Session, codes: Sequence[str]) -> list[str]:
    """These indicators and everything they are worked out from."""
    return [row["code"] for row in await session.fetch(_UNDER, list(codes))]


async def sources(session: Session, code: str) -> set[str]:
    """Where all that an indicator is worked out from comes from."""
    return {row["source_kind"] for row in await session.fetch(_UNDER, [code])}


async def directly_on(session: Session, code: str) -> Sequence[Indicator]:
    """The indicators whose formulas name this one."""
    used = FormulaInput
    found = select(Indicator).join(used, used.indicator_code == Indicator.code)
    return (await session.scalars(found.where(used.input_code == code))).all()


async def inputs(session: Session, codes: Sequence[str]) -> dict[str, Input]:
    """Those of these indicators that there are."""
    found = await session.execute(
        select(
            Indicator.code,
            Indicator.name_zh,
            Indicator.name_en,
            Indicator.kind,
            Indicator.unit,
            Indicator.frequency,
        ).where(Indicator.code.in_(codes))
    )
    return {row.code: Input(*row) for row in found}


async def set_inputs(session: Session, code: str, inputs: Sequence[str]) -> None:
    """What the formula of an indicator uses now."""
    await session.execute(delete(FormulaInput).where(FormulaInput.indicator_code == code))
    for each in inputs:
        session.add(FormulaInput(indicator_code=code, input_code=each))
    await session.flush()


async def series(session: Session, codes: Sequence[str]) -> dict[str, dict[date, Decimal]]:
    """What each comes to, for the whole city, at the end of each period it has a number of."""
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for row in await session.fetch(_SERIES, list(codes)):
        found[row["indicator_code"]][row["since"]] = row["actual"]
    return found


async def kept(session: Session, code: str) -> dict[str, Derived]:
    """What the formula came to, by period."""
    columns = [getattr(Derivation, field.name) for field in fields(Derived)]
    found = await session.execute(select(*columns).where(Derivation.indicator_code == code))
    return {
        row.period: Derived(**{**row._mapping, "inputs": inputs_of(row.inputs)}) for row in found
    }


def inputs_of(stored: Sequence[dict[str, Any]]) -> dict[str, Decimal | None]:
    """The inputs as they are stored, by indicator."""
    return {
        each["indicator_code"]: None if each["value"] is None else Decimal(each["value"])
        for each in stored
    }


async def store(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what the formula came to, in the place of what it came to before."""
    if rows:
        statement = insert(Derivation)
        names = [name for name in rows[0] if name not in ("indicator_code", "period")]
        taken = {name: getattr(statement.excluded, name) for name in (*names, "updated_at")}
        await session.execute(
            statement.values([{**row, "updated_at": now()} for row in rows]).on_conflict_do_update(
                index_elements=["indicator_code", "period"], set_=taken
            )
        )


async def forget(session: Session, code: str, periods: Iterable[str]) -> None:
    row = Derivation
    of_these = row.indicator_code == code, row.period.in_(list(periods))
    await session.execute(delete(row).where(*of_these))


async def lack(session: Session, code: str) -> tuple[str, str] | None:
    """Why there is no number of the latest period, in Chinese and English; none where there is."""
    row = await session.fetch_row(_LACK, code)
    return (row["reason_zh"], row["reason_en"]) if row and row["reason_zh"] else None


async def list_derivations(
    session: Session,
    page: PageRequest,
    code: str,
    *,
    missing: bool | None,
    updated_since: datetime | None,
) -> Page:
    row = Derivation
    conditions = given(
        (missing, row.value.is_(None).__eq__), (updated_since, row.updated_at.__ge__)
    )
    query = select(row).where(row.indicator_code == code, *conditions)
    return await fetch_page(
        session, query, page, sortable=SORTABLE, default="ends_on", key="period"
    )
