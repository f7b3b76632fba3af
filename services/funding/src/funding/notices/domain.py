"""A public notice: a frozen list, shown for so many workdays."""

from datetime import date
from enum import StrEnum

from servicekit.workdays import Workdays


class NoticeState(StrEnum):
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


def ends_on(published_on: date, workdays: int, calendar: Workdays) -> date:
    """Its last day: so many workdays after the day it was published, which does not count."""
    return calendar.add(published_on, workdays)


def is_running(last_day: date, workdays: int, today: date) -> bool:
    """Whether awards still wait for it. A notice of no workdays holds nothing up."""
    return workdays > 0 and today <= last_day
