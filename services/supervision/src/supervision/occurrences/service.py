"""Planning what recurs, moving and withdrawing single occurrences, telling of missed ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.messaging import outbox
from servicekit.workdays import Workdays, reach

from supervision.calendar.service import workdays
from supervision.occurrences import domain, repository
from supervision.occurrences.domain import period_of, recurring_days
from supervision.occurrences.models import Occurrence, Recurring
from supervision.occurrences.schemas import OccurrenceMove

HORIZON = timedelta(days=400)
"""How far ahead occurrences are planned: always the whole year to come."""
AT_ONCE = 200
"""Missed ones in one transaction; the next run takes the rest."""

One = TypeVar("One", bound=Occurrence)


@dataclass(frozen=True, slots=True)
class Kind(Generic[One]):
    """A kind of what recurs: its table, who arranges it, and what is told of it: that the day has
    changed (from which day, by what), that it does not take place, that its day has passed."""

    table: type[One]
    may_arrange: Permission
    moved: Callable[[One, date, str], Any]
    withdrawn: Callable[[One], Any]
    missed: Callable[[One], Any]

    @property
    def name(self) -> str:
        return self.table.__tablename__


async def plan(
    session: Session, kind: Kind[One], recurring: Recurring, units: Sequence[str]
) -> None:
    """Bring the occurrences of a recurring plan to what it says, for a year ahead. What is done,
    past, or withdrawn by people is left as it is."""
    today = china_date()
    last = max(today, recurring.starts_on) + HORIZON
    if recurring.ends_on is not None:
        last = min(last, recurring.ends_on)
    named = recurring_days(recurring.months, recurring.days_of_month, recurring.starts_on, last)
    days = list(named)
    there = await repository.lock_all(session, kind.table, recurring.code)
    for nominal, row in there.items():
        if nominal not in days and row.status == domain.PLANNED and row.scheduled_on >= today:
            _withdraw(session, kind, row, domain.BY_PLAN, None)
    known, provisional = await _known(session, [*days, *(r.scheduled_on for r in there.values())])
    missing: list[dict[str, Any]] = []
    for day in days:
        wanted = {
            "period": period_of(day, recurring.cadence),
            "scheduled_on": known.on_or_after(day),
            "provisional": day.year in provisional,
            "units": list(units),
        }
        if day not in there:
            origin = {"plan_code": recurring.code, "nominal_on": day, "status": domain.PLANNED}
            missing.append(origin | wanted)
        elif there[day].scheduled_on >= today:
            _follow(session, kind, there[day], wanted, known)
    await session.flush()
    await repository.add_missing(session, kind.table, missing)


async def _known(session: Session, days: Sequence[date]) -> tuple[Workdays, frozenset[int]]:
    if not days:
        return Workdays(), frozenset()
    return await workdays(session, min(days), max(days) + timedelta(days=reach(0)))


def _follow(
    session: Session, kind: Kind[One], row: One, wanted: dict[str, Any], known: Workdays
) -> None:
    """Bring one that is to come to what its plan and the calendar say."""
    by_people = row.status == domain.WITHDRAWN and row.withdrawn_by is not None
    if by_people or row.status not in (domain.PLANNED, domain.WITHDRAWN):
        return
    wanted = dict(wanted)
    if row.moved_by is not None:
        wanted["scheduled_on"] = known.on_or_after(row.scheduled_on)
    if row.units_chosen:
        wanted.pop("units")
    back = row.status == domain.WITHDRAWN
    before = row.scheduled_on
    if not back and all(getattr(row, name) == value for name, value in wanted.items()):
        return
    for name, value in wanted.items():
        setattr(row, name, value)
    row.status, row.withdrawn_reason = domain.PLANNED, None
    row.touch()
    if row.scheduled_on != before or back:
        audit.record(
            session, f"{kind.name}s.follow", kind.name, row.id,
            before={"scheduled_on": before}, after={"scheduled_on": row.scheduled_on},
        )  # fmt: skip
        outbox.add(session, kind.moved(row, before, "calendar" if not back else "plan"))


async def move(
    session: Session,
    kind: Kind[One],
    principal: Principal,
    row_id: UUID,
    expected: int | None,
    body: OccurrenceMove,
) -> One:
    """Set another day by hand; the plan no longer moves it, a holiday does. A missed one comes back
    to the calendar in this way.

    Raises:
        InvalidTransition: it is done or withdrawn.
        DayPassed, DayOff: it cannot be on that day.
    """
    row = await repository.get_for_update(session, kind.table, row_id)
    await directory.require(session, principal, kind.may_arrange)
    check_version(row, expected)
    domain.refuse_done(row.status, "reschedule")
    if body.scheduled_on < china_date():
        raise domain.DayPassed(day=body.scheduled_on).at("/scheduled_on")
    known, provisional = await workdays(session, body.scheduled_on, body.scheduled_on)
    if not known.is_workday(body.scheduled_on):
        raise domain.DayOff(day=body.scheduled_on).at("/scheduled_on")
    before, row.scheduled_on = row.scheduled_on, body.scheduled_on
    row.provisional = body.scheduled_on.year in provisional
    row.moved_by, row.moved_reason, row.missed_at = principal.subject, body.reason, None
    row.touch()
    after = body.model_dump(mode="json")
    audit.record(
        session, f"{kind.name}s.reschedule", kind.name, row.id,
        before={"scheduled_on": before}, after=after,
    )  # fmt: skip
    outbox.add(session, kind.moved(row, before, "office"))
    await session.flush()
    return row


async def withdraw(
    session: Session,
    kind: Kind[One],
    principal: Principal,
    row_id: UUID,
    expected: int | None,
    reason: str,
) -> One:
    """It does not take place, for a reason, and no plan brings it back.

    Raises:
        InvalidTransition: it is done or withdrawn.
    """
    row = await repository.get_for_update(session, kind.table, row_id)
    await directory.require(session, principal, kind.may_arrange)
    check_version(row, expected)
    domain.refuse_done(row.status, "withdraw")
    _withdraw(session, kind, row, reason, principal.subject)
    await session.flush()
    return row


def _withdraw(session: Session, kind: Kind[One], row: One, reason: str, by: str | None) -> None:
    row.status, row.withdrawn_reason, row.withdrawn_by = domain.WITHDRAWN, reason, by
    row.touch()
    after = {"status": row.status, "reason": reason}
    audit.record(session, f"{kind.name}s.withdraw", kind.name, row.id, after=after)
    outbox.add(session, kind.withdrawn(row))


async def announce_missed(session: Session, kind: Kind[One]) -> None:
    """Tell of each whose day has passed without anything, once. No change of the row itself: its
    version stays, and whoever writes it down late is not thrown back."""
    for row in await repository.newly_missed(session, kind.table, china_date(), AT_ONCE):
        row.missed_at = now()
        audit.record(session, f"{kind.name}s.miss", kind.name, row.id)
        outbox.add(session, kind.missed(row))
