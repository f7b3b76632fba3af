"""Supervision's rulings on single days: due dates are counted over them when they are asked."""

from contracts.supervision import CalendarDaySet
from servicekit import ruled_days
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription


async def on_calendar_day_set(session: Session, event: Received[CalendarDaySet]) -> None:
    await ruled_days.store(session, event.data.day, workday=event.data.workday)


SUBSCRIPTIONS = (Subscription(CalendarDaySet, on_calendar_day_set),)
