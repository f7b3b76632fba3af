"""The rules of a work meeting."""

from datetime import date
from enum import StrEnum

from servicekit.problems import InvalidTransition, Problem


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    WITHDRAWN = "withdrawn"


class MeetingInTheFuture(Problem):
    status = 422
    code = "date_in_the_future"
    zh = "日期 {day} 尚未到来"
    en = "{day} has not come yet"


def hold(status: str, held_on: date, today: date) -> MeetingStatus:
    """Where holding the meeting leads.

    Raises:
        InvalidTransition: it was held or withdrawn before.
        MeetingInTheFuture: its day has not come.
    """
    if status != MeetingStatus.PLANNED:
        raise InvalidTransition(state=status, action="hold")
    if held_on > today:
        raise MeetingInTheFuture(day=held_on)
    return MeetingStatus.HELD
