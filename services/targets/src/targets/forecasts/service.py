"""Use cases of the forecasts: make again those whose numbers changed, and warn early."""

import asyncio
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.types import plain
from targets.forecasts import domain, events, repository
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.rollups import service as rollups
from targets.status import domain as judgements
from targets.status import service as status

A_ROUND = 20
"""So many are made in one transaction; the rest in the next."""


async def make_what_is_wanted(session: Session) -> None:
    """Make the forecasts again whose numbers or targets changed.

    Nothing is locked while they are made; what changes meanwhile asks for it again.
    """
    made = [
        (row, indicator, await _made(session, indicator))
        for row in await repository.wanted(session, A_ROUND)
        if (indicator := await indicators.get(session, row.indicator_code)) is not None
    ]
    # In the order in which everybody locks: the status before what hangs on it, by code.
    for row, indicator, each in sorted(made, key=lambda one: one[1].code):
        if each is None:
            continue
        previous = row.outlook if row.year == each.year else None
        values = _values(indicator, each)
        await status.lock(session, indicator.code)
        if await repository.store(session, row, values):
            await _tell(session, indicator, each, values["outlook"], previous)


async def _made(
    session: Session, indicator: Indicator
) -> domain.Forecast | domain.Unforecast | None:
    past = await rollups.history(session, indicator.code)
    if not past:
        return None
    # A second of numpy must not hold up the worker's other tasks.
    return await asyncio.to_thread(
        domain.forecast,
        judgements.of_one_kind(past),
        indicator.kind,
        accumulates=indicator.time_aggregation == "sum",
        cumulative=indicator.source_kind != "reported",
    )


def _values(indicator: Indicator, made: domain.Forecast | domain.Unforecast) -> dict[str, Any]:
    """Every column, so that nothing of the forecast before is left."""
    shared = {"year": made.year, "as_of": made.as_of, "points": made.points, "computed_at": now()}
    if isinstance(made, domain.Unforecast):
        none = dict.fromkeys(("value", "low", "high", "method", "outlook"))
        why = {"code": made.code, "reason_zh": made.zh, "reason_en": made.en}
        return {**shared, **none, **why}
    told = {name: getattr(made, name) for name in ("value", "low", "high", "method")}
    seen = domain.outlook(status.trajectory(indicator), made)
    return {**shared, **told, "outlook": seen, **dict.fromkeys(("code", "reason_zh", "reason_en"))}


async def _tell(
    session: Session,
    indicator: Indicator,
    made: domain.Forecast | domain.Unforecast,
    outlook: str | None,
    previous: str | None,
) -> None:
    """The board's row has changed; a changed outlook is an early warning, or the end of one."""
    await status.touch(session, indicator.code)
    if isinstance(made, domain.Unforecast) or outlook is None or outlook == previous:
        return
    target = plain(indicator.targets[made.year])
    outbox.add(session, events.outlook_changed(indicator, made, outlook, previous, target))
