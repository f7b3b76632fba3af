"""When the record of a meeting may change, without a database."""

from servicekit.problems import Conflict, Forbidden, InvalidTransition


class MinutesConfirmed(Conflict):
    code = "minutes_confirmed"
    zh = "会议纪要已确认，不能再更改"
    en = "The minutes are confirmed and do not change any more"


class RecorderConfirms(Forbidden):
    code = "separation_of_duties"
    zh = "会议纪要的记录人不得自行确认"
    en = "Whoever kept the minutes does not confirm them"


BEFORE = frozenset({"place", "topics"})
"""Settled before the meeting; the record is corrected after it."""


def check_change(status: str, confirmed: bool, fields: frozenset[str]) -> None:
    """Whether these fields of a meeting may change now.

    Raises:
        InvalidTransition: it is withdrawn; or there is no record yet, or nothing to prepare.
        MinutesConfirmed.
    """
    if confirmed:
        raise MinutesConfirmed
    wanted = "planned" if fields and fields <= BEFORE else "held"
    if status == "withdrawn" or (fields and status != wanted):
        raise InvalidTransition(state=status, action="change")


def check_confirmation(status: str, confirmed: bool, recorder: str | None, actor: str) -> None:
    """Raises `InvalidTransition`, `MinutesConfirmed`, `RecorderConfirms`."""
    if status != "held" or recorder is None:
        raise InvalidTransition(state=status, action="confirm")
    if confirmed:
        raise MinutesConfirmed
    if recorder == actor:
        raise RecorderConfirms(permission="meetings.confirm")
