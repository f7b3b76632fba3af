"""SQL of the forecasts."""

from collections.abc import Sequence
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from targets.forecasts.models import IndicatorForecast


async def ask(session: Session, code: str) -> None:
    """Have the indicator's forecast made again."""
    moment = now()
    await session.execute(
        insert(IndicatorForecast)
        .values(indicator_code=code, wanted_at=moment)
        .on_conflict_do_update(index_elements=["indicator_code"], set_={"wanted_at": moment})
    )


async def wanted(session: Session, most: int) -> Sequence[IndicatorForecast]:
    """Those that wait to be made, the longest first."""
    found = select(IndicatorForecast).where(IndicatorForecast.wanted_at.is_not(None))
    return (await session.scalars(found.order_by(IndicatorForecast.wanted_at).limit(most))).all()


async def store(session: Session, row: IndicatorForecast, values: dict[str, Any]) -> bool:
    """Keep what was made, unless it was asked for again in the meantime; tells whether it was
    kept."""
    mine = IndicatorForecast.indicator_code == row.indicator_code
    done = await session.scalar(
        update(IndicatorForecast)
        .where(mine, IndicatorForecast.wanted_at == row.wanted_at)
        .values(**values, wanted_at=None)
        .returning(IndicatorForecast.indicator_code)
        .execution_options(synchronize_session=False)
    )
    return done is not None


async def of(session: Session, codes: Sequence[str]) -> dict[str, IndicatorForecast]:
    """The forecasts of these indicators that were made at some time."""
    rows = await session.scalars(
        select(IndicatorForecast).where(
            IndicatorForecast.indicator_code.in_(codes), IndicatorForecast.computed_at.is_not(None)
        )
    )
    return {row.indicator_code: row for row in rows}
