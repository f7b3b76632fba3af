"""The life of an objection: raised, then rejected or upheld, once."""

from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, InvalidTransition


class ObjectionState(StrEnum):
    RAISED = "raised"
    REJECTED = "rejected"
    UPHELD = "upheld"


class NoticeOver(Conflict):
    code = "notice_over"
    zh = "公示已结束，不再受理异议"
    en = "The notice is over; objections are not taken any more"


def check_running(call_state: str, notice_state: str, last_day: date, today: date) -> None:
    """Raises `NoticeOver` unless the list still stands and its last day has not passed."""
    if call_state != "announced" or notice_state != "published" or today > last_day:
        raise NoticeOver


def check_settling(state: str) -> None:
    """Raises `InvalidTransition` if it is settled already."""
    if state != ObjectionState.RAISED:
        raise InvalidTransition(state=state, action="settle")
