"""Every statement on the ladder and on reminders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.deferred import Deferred
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import insert, select

from supervision.items.domain import WITH_THE_UNIT
from supervision.items.models import SupervisionItem
from supervision.reminders.domain import GROUP_KIND
from supervision.reminders.models import Reminder, ReminderRule

REMINDER_SORT = {
    "id": Reminder.id,
    "sent_on": Reminder.sent_on,
    "due_on": Reminder.due_on,
    "updated_at": Reminder.updated_at,
}

RULE_SORT = {
    "code": ReminderRule.code,
    "offset_workdays": ReminderRule.offset_workdays,
    "updated_at": ReminderRule.updated_at,
}

_TAKEN = """
SELECT r.item_id, r.rule_code FROM reminder r
  JOIN supervision_item i ON i.id = r.item_id AND i.due_on = r.due_on
 WHERE r.item_id = ANY($1::uuid[]) AND r.rule_code IS NOT NULL
"""
_GROUPS = """
SELECT u.code AS unit, g.code AS leading FROM unit_node u
  JOIN unit_node g ON g.code = ANY(u.parents) AND g.kind = $2 AND g.active
 WHERE u.code = ANY($1::text[])
"""
# No change of the item itself: its version and its `updated_at` stay.
_LOOK_AGAIN = """UPDATE supervision_item i SET remind_on = n.day
  FROM unnest($1::uuid[], $2::date[]) AS n (id, day) WHERE i.id = n.id"""
_LOOK_AT_ALL = """UPDATE supervision_item SET remind_on = $1
 WHERE status IN ('issued', 'acknowledged', 'in_progress')"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of reminders may be narrowed to; an empty filter narrows nothing."""

    item_id: UUID | None = None
    responsible_unit: str | None = None
    audience: Sequence[str] = ()
    rule_code: str | None = None
    sent_gte: date | None = None
    sent_lte: date | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunningItem:
    """What reminders need of an item whose deadline runs."""

    id: UUID
    number: str
    responsible_unit: str
    due_on: date
    due_set_on: date
    correlation_id: str


async def get_rule(session: Session, code: str) -> ReminderRule:
    """Raises `NotFound`."""
    found = await session.scalar(select(ReminderRule).where(ReminderRule.code == code))
    if found is None:
        raise NotFound(what=f"reminder rule {code}")
    return found


async def active_rules(session: Session) -> list[ReminderRule]:
    return list(await session.scalars(select(ReminderRule).where(ReminderRule.active)))


async def list_rules(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    query = select(ReminderRule).where(*given((updated_since, ReminderRule.updated_at.__ge__)))
    return await fetch_page(session, query, page, sortable=RULE_SORT, default="code", key="code")


async def items_to_look_at(session: Session, today: date, limit: int) -> list[RunningItem]:
    """Items whose day to be looked at has come, locked. Those in somebody's hands are left to the
    next look."""
    item = SupervisionItem
    query = (
        select(item.id, item.number, item.responsible_unit, item.due_on, item.due_set_on,
               item.correlation_id)
        .where(item.status.in_(WITH_THE_UNIT), item.remind_on <= today)
        .order_by(item.remind_on, item.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )  # fmt: skip
    return [RunningItem(*row) for row in await session.execute(query)]


async def taken(session: Session, items: Sequence[UUID]) -> Mapping[UUID, set[str]]:
    """The steps already told of each item's present deadline."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for row in await session.fetch(_TAKEN, items):
        found[row["item_id"]].add(row["rule_code"])
    return found


async def groups_of(session: Session, units: Iterable[str]) -> Mapping[str, list[str]]:
    """The working groups that lead each unit."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in await session.fetch(_GROUPS, sorted(set(units)), GROUP_KIND):
        found[row["unit"]].append(row["leading"])
    return found


async def add_all(session: Session, reminders: Sequence[Mapping[str, Any]]) -> None:
    """Write reminders in one statement; each has its id."""
    if reminders:
        await session.execute(insert(Reminder), list(reminders))


def look_again(session: Session, days: Mapping[UUID, date | None]) -> None:
    """Set the day on which each item is looked at again."""
    session.defer(Deferred(_LOOK_AGAIN, (list(days), list(days.values()))))


def look_at_all(session: Session, today: date) -> None:
    """Have every item looked at, since the ladder has changed."""
    session.defer(Deferred(_LOOK_AT_ALL, (today,)))


async def list_reminders(
    session: Session, page: PageRequest, units: Sequence[str] | None, filters: Filters
) -> Page[Any]:
    """Reminders about items of the given units (none: of all)."""
    query = select(Reminder).where(
        *given(
            (units, Reminder.responsible_unit.in_),
            (filters.item_id, Reminder.item_id.__eq__),
            (filters.responsible_unit, Reminder.responsible_unit.__eq__),
            (filters.audience or None, Reminder.audience.in_),
            (filters.rule_code, Reminder.rule_code.__eq__),
            (filters.sent_gte, Reminder.sent_on.__ge__),
            (filters.sent_lte, Reminder.sent_on.__le__),
            (filters.updated_since, Reminder.updated_at.__ge__),
        )
    )
    return await fetch_page(session, query, page, sortable=REMINDER_SORT, default="-id")
