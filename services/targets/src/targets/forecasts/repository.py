"""SQL of the forecasts."""

from collections.abc import Sequence
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from targets.forecasts.models import IndicatorForecast

_MADE = """SELECT indicator_code, year, as_of, points, value, low, high, method, outlook, code,
 reason_zh, reason_en, computed_at
FROM indicator_forecast WHERE indicator_code = ANY($1) AND computed_at IS NOT NULL"""


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


async def of(session: Session, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The forecasts of these indicators that were made at some time, as `ForecastRead` has them."""
    found: dict[str, dict[str, Any]] = {}
    for row in await session.fetch(_MADE, list(codes)):
        fields = dict(row)
        found[fields.pop("indicator_code")] = fields
    return found
