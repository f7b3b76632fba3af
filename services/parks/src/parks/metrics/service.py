"""Keeping the totals up, and telling each one that moved."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import PageRequest
from servicekit.messaging import outbox

from parks.metrics import domain, events, repository
from parks.metrics.domain import Contribution, Counted
from parks.returns.domain import last_day
from parks.tallies import service as tallies


async def list_metrics(
    session: Session,
    page: PageRequest,
    *,
    metric: Sequence[str],
    period: Sequence[str],
    updated_since: datetime | None,
) -> dict[str, Any]:
    return await repository.fetch(
        session, page, metric=metric, period=period, updated_since=updated_since
    )


async def count_returns(
    session: Session, enterprise_id: UUID, period: str, reason: str | None = None
) -> None:
    """Have the totals hold the accepted returns of an enterprise's year, one of which is new or has
    other numbers, for a reason. Holds the year's lock from here to the commit: call it last."""
    year = int(period[:4])
    await repository.lock_year(session, year)
    by_month: dict[str, list[Contribution]] = {}
    for change in await tallies.tally(session, enterprise_id, year):
        by_month.setdefault(change.month, []).extend(
            domain.contributions(
                change.more,
                enterprise_class=change.of.enterprise_class,
                park_code=change.of.park_code,
                in_programme=change.of.in_programme,
            )
        )
    moved: dict[str, Any] = {}
    for month, each in sorted(by_month.items()):
        rows = await repository.add(session, month, domain.merged(each))
        moved |= {row.series: row for row in rows}
    publish(session, [moved[series] for series in sorted(moved)], reason)


async def recount_high_tech(session: Session, today: date) -> None:
    """Count the recognised high-tech enterprises on the last day of each month of this year, and
    today for the month that runs; a recognition recorded late restates the months it holds in."""
    await repository.lock_year(session, today.year)
    days = days_to(today)
    publish(session, await repository.count_high_tech(session, [domain.HIGH_TECH_COUNT], days))


async def recount_platforms(session: Session, today: date, counts: Sequence[Counted]) -> None:
    """The same of platforms. Holds the year's lock from here to the commit: call it last."""
    await repository.lock_year(session, today.year)
    publish(session, await repository.count_platforms(session, counts, days_to(today)))


def days_to(today: date) -> dict[str, date]:
    """The day each month of this year is counted on: its last one, or today while it runs."""
    return {period: min(last_day(period), today) for period in domain.months_to(today)}


def publish(session: Session, moved: Sequence[Any], reason: str | None = None) -> None:
    """Tell what moved; a ratio over nothing has no value to tell."""
    for total in moved:
        if total.value is not None:
            outbox.add(session, events.metric_changed(total, reason))
