"""Supervision's rulings on single days: notices that run are counted over them."""

from contracts.supervision import CalendarDaySet
from servicekit import ruled_days
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from funding.notices import service


async def on_calendar_day_set(session: Session, event: Received[CalendarDaySet]) -> None:
    await ruled_days.store(session, event.data.day, workday=event.data.workday)
    await service.follow_calendar(session)


SUBSCRIPTIONS = (Subscription(CalendarDaySet, on_calendar_day_set),)
