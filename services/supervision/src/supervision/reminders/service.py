"""Keeping the ladder, and reminding by it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from servicekit import audit, context
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.ids import new_id
from servicekit.messaging import outbox
from servicekit.rows import put_by_key
from servicekit.workdays import reach

from supervision.calendar.service import workdays
from supervision.items import repository as items
from supervision.items.domain import WITH_THE_UNIT
from supervision.items.models import SupervisionItem
from supervision.permissions import PUT_REMINDER_RULE, READ_REMINDER, REMIND_ITEM
from supervision.reminders import domain, events, repository
from supervision.reminders.domain import Audience, Look, Step
from supervision.reminders.models import Reminder, ReminderRule
from supervision.reminders.repository import Filters, RunningItem
from supervision.reminders.schemas import ReminderRulePut

LOOKED_AT_ONCE = 500
"""Items in one transaction; the next run, a minute later, takes the rest."""


async def send_reminders(session: Session) -> None:
    """Schedule: take every step of the ladder whose day has come, on workdays only."""
    due = await repository.items_to_look_at(session, china_date(), LOOKED_AT_ONCE)
    looks = await _look(session, due) if due else {}
    if not looks:
        return
    leading = await repository.groups_of(session, (item.responsible_unit for item in due))
    sent: list[dict[str, Any]] = []
    for item in due:
        groups = leading.get(item.responsible_unit, [])
        for step in looks[item.id].now:
            to = domain.recipients(step.audience, item.responsible_unit, groups)
            reminder = _reminder(item, step.audience, to, step=step)
            sent.append(reminder)
            with context.in_case(item.correlation_id):
                outbox.add(session, events.item_reminded(reminder))
    await repository.add_all(session, sent)
    audit.record_created(session, "reminders.send", "reminder", {each["id"]: each for each in sent})
    repository.look_again(session, {item.id: looks[item.id].next_on for item in due})


async def _look(session: Session, due: Sequence[RunningItem]) -> Mapping[UUID, Look]:
    """What there is to do for each item; nothing on a day off."""
    today = china_date()
    far = timedelta(days=reach(domain.FARTHEST))
    days = [today, *(item.due_on for item in due)]
    known, _ = await workdays(session, min(days) - far, max(days) + far)
    if not known.is_workday(today):
        return {}
    ladder = [
        Step(rule.code, rule.offset_workdays, rule.audience)
        for rule in await repository.active_rules(session)
    ]
    taken = await repository.taken(session, [item.id for item in due])
    return {
        item.id: domain.look(
            ladder,
            taken.get(item.id, ()),
            due_on=item.due_on,
            set_on=item.due_set_on,
            today=today,
            known=known,
        )
        for item in due
    }


def _reminder(
    item: RunningItem | SupervisionItem,
    audience: str,
    recipients: list[str],
    *,
    step: Step | None = None,
    note: str | None = None,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "item_id": item.id,
        "item_number": item.number,
        "responsible_unit": item.responsible_unit,
        "rule_code": step.code if step else None,
        "offset_workdays": step.offset if step else None,
        "audience": audience,
        "recipients": recipients,
        "due_on": item.due_on,
        "sent_on": china_date(),
        "sent_by": context.current().principal.subject,
        "note": note,
    }


async def remind(session: Session, principal: Principal, item_id: UUID, note: str) -> Reminder:
    """Remind the responsible unit by hand, beside the ladder.

    Raises:
        NotWithTheUnit: it has done its part.
    """
    item = await items.get_for_update(session, item_id)
    await directory.require(session, principal, REMIND_ITEM, item.responsible_unit)
    if item.status not in WITH_THE_UNIT:
        raise domain.NotWithTheUnit(number=item.number)
    reminder = _reminder(item, Audience.UNIT, [item.responsible_unit], note=note)
    row = Reminder(**reminder)
    session.add(row)
    with context.in_case(item.correlation_id):
        audit.record(session, REMIND_ITEM.name, "supervision_item", item.id, after=reminder)
        outbox.add(session, events.item_reminded(reminder))
    await session.flush()
    return row


async def put_rule(
    session: Session,
    principal: Principal,
    code: str,
    body: ReminderRulePut,
    expected: int | None,
) -> tuple[ReminderRule, bool]:
    """Make or replace a step; gives it and whether it is new. Deadlines that run are looked at by
    the new ladder; what was told stays told."""
    await directory.require(session, principal, PUT_REMINDER_RULE)
    wanted = body.model_dump(mode="json")
    done = await put_by_key(session, ReminderRule, {"code": code}, wanted, expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(session, PUT_REMINDER_RULE.name, "reminder_rule", code, before=done.before,
                     after=after)  # fmt: skip
        repository.look_at_all(session, china_date())
    return done.row, done.created


async def list_reminders(
    session: Session, principal: Principal, page: PageRequest, filters: Filters
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_REMINDER)
    return await repository.list_reminders(session, page, units, filters)
