"""Keeping the totals up, and telling each one that moved."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.messaging import outbox
from sqlalchemy import TextClause

from parks.metrics import domain, events, repository
from parks.metrics.domain import Contribution, Counted
from parks.returns.domain import last_day
from parks.tallies import service as tallies

YEARS_BACK = 5
"""Before this year, whose months are counted again: a programme runs for three."""


async def hold_years(session: Session, years: Collection[int]) -> None:
    """Hold the years' locks from here to the commit, in their order."""
    for year in sorted(years):
        await repository.lock_year(session, year)


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


async def add(
    session: Session, moves: Mapping[str, Sequence[Contribution]], reason: str | None = None
) -> None:
    """Add what moved to its months, which may be less than nothing, and tell each total that
    follows, with the reason. Holds the years' locks from here to the commit: call it last."""
    for period in sorted(moves):
        await repository.lock_year(session, int(period[:4]))
        publish(session, await repository.add(session, period, moves[period]), reason)


async def recount(
    session: Session,
    statement: TextClause,
    counts: Sequence[Counted],
    today: date,
    since: date | None = None,
    reason: str | None = None,
) -> None:
    """Count with a statement of `repository.counting` on the days of the months from
    `first_counted` on. Holds the years' locks from here to the commit: call it last."""
    first = first_counted(today, since)
    for year in range(first.year, today.year + 1):
        await repository.lock_year(session, year)
    moved = await repository.count(session, statement, counts, days_to(today, first))
    publish(session, moved, reason)


async def recount_high_tech(session: Session, today: date, since: date | None = None) -> None:
    """`recount` of the enterprises that are recognised as high-tech: one recorded late restates
    the months it holds in, of last year too."""
    which = [domain.HIGH_TECH_COUNT]
    await recount(session, repository.HIGH_TECH, which, today, of_last_year(today, since))


async def recount_platforms(
    session: Session, today: date, counts: Sequence[Counted], since: date | None = None
) -> None:
    """The same of the platforms."""
    await recount(session, repository.PLATFORMS, counts, today, of_last_year(today, since))


def of_last_year(today: date, since: date | None) -> date | None:
    """What stands on a day is put right for the year that was, which is judged while this one
    begins; older years stay as they were told."""
    return since and max(since, date(today.year - 1, 1, 1))


def first_counted(today: date, since: date | None) -> date:
    """The first day of the months to count again: this year's, in January December too, whose last
    day nobody may have looked at; and those from `since` on, some years back."""
    new_year = today.replace(month=1, day=1)
    usual = new_year - timedelta(days=31) if today.month == 1 else new_year
    return min(usual, max(since or today, new_year.replace(year=today.year - YEARS_BACK)))


def days_to(today: date, first: date) -> dict[str, date]:
    """The day each month since `first` is counted on: its last one, or today while it runs."""
    return {period: min(last_day(period), today) for period in domain.months_to(today, first)}


def publish(session: Session, moved: Sequence[Any], reason: str | None = None) -> None:
    """Tell what moved; a ratio over nothing has no value to tell."""
    for total in moved:
        if total.value is not None:
            outbox.add(session, events.metric_changed(total, reason))
