"""Supervision's rulings on single days: due dates that are counted over them move."""

from contracts.supervision import CalendarDaySet
from servicekit import ruled_days
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription
from targets.periods import service as periods


async def on_calendar_day_set(session: Session, event: Received[CalendarDaySet]) -> None:
    await ruled_days.store(session, event.data.day, workday=event.data.workday)
    await periods.follow_calendar(session)


SUBSCRIPTIONS = (Subscription(CalendarDaySet, on_calendar_day_set),)
