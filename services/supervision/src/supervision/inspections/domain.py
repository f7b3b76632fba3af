"""The rules of an inspection."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from servicekit.problems import InvalidTransition, Problem, UnknownReference


class InspectionStatus(StrEnum):
    PLANNED = "planned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class NotYet(Problem):
    status = 422
    code = "date_in_the_future"
    zh = "日期 {day} 尚未到来"
    en = "{day} has not come yet"


def refuse_future(day: date, today: date) -> None:
    """Raises `NotYet`."""
    if day > today:
        raise NotYet(day=day)


def complete(status: str) -> InspectionStatus:
    """Raises `InvalidTransition` unless the inspection is planned."""
    if status != InspectionStatus.PLANNED:
        raise InvalidTransition(state=status, action="complete")
    return InspectionStatus.COMPLETED


def refuse_unknown_checks(given: Collection[str], checklist: Collection[str]) -> None:
    """Raises `UnknownReference` for a finding on something that is not on the checklist."""
    for code in given:
        if code not in checklist:
            raise UnknownReference(what=code)
