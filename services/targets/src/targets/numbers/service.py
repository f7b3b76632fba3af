"""Use cases of the numbers that count: one comes to count, or none does any more. Whoever takes
them holds the tree and has the indicator's judgement locked."""

from datetime import date

from servicekit import audit
from servicekit.clock import now
from servicekit.db import Session
from targets.indicators.models import Indicator
from targets.observations import repository
from targets.observations.models import Observation
from targets.restatements import service as restatements
from targets.rollups import service as rollups


async def keep(
    session: Session, indicator: Indicator, row: Observation, reason: str | None
) -> None:
    """Store a number and add it up. `reason` is why it replaces one of a closed period."""
    was = await restatements.valid_number(session, row)
    had = await rollups.readings_beside(session, indicator, row.unit_code, row.ends_on)
    if await repository.add(session, row):
        await rollups.take(session, indicator, had, repository.reading(row), row.recorded_at)
        await restatements.note(session, row, was, reason)
    audit.record(
        session,
        "observations.record",
        "observation",
        row.id,
        after={"indicator": indicator.code, "period": row.period, "value": row.value},
    )


async def drop(session: Session, indicator: Indicator, period: str, ends_on: date) -> None:
    """The city's number of a period counts no longer; it stays among those that were taken."""
    had = await rollups.readings_beside(session, indicator, None, ends_on)
    await repository.remove(session, indicator.code, period)
    await rollups.lose(session, indicator, had, period, now())
