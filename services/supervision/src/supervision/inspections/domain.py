"""The rules of an inspection."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from servicekit.problems import (
    Conflict,
    Forbidden,
    InvalidTransition,
    Problem,
    UnknownReference,
    Unprocessable,
)

from supervision.items.domain import Severity


class InspectionStatus(StrEnum):
    PLANNED = "planned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class NotYet(Problem):
    status = 422
    code = "date_in_the_future"
    zh = "日期 {day} 尚未到来"
    en = "{day} has not come yet"


class FindingSeverity(StrEnum):
    """How bad it is; what is not given a deadline has the one of its severity."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


WORKDAYS = {FindingSeverity.MINOR: 10, FindingSeverity.MAJOR: 5, FindingSeverity.CRITICAL: 3}
"""Workdays to put it right. The plan sets none: half as long for each step up."""
ITEM_SEVERITY = {
    FindingSeverity.MINOR: Severity.ORDINARY,
    FindingSeverity.MAJOR: Severity.SERIOUS,
    FindingSeverity.CRITICAL: Severity.CRITICAL,
}
"""How severe the item is that puts it right."""


class NotOfTheTeam(Forbidden):
    code = "not_of_the_team"
    zh = "您不是本次检查组成员"
    en = "You are not of the team of this inspection"


class InspectionSigned(Conflict):
    code = "inspection_signed"
    zh = "检查结果已签字，不能再更改"
    en = "The result is signed and does not change any more"


class NoSuchChecklist(Unprocessable):
    code = "checklist_not_active"
    zh = "检查清单“{code}”不存在或已停用"
    en = "There is no active checklist {code}"


def refuse_outsider(who: str, team: Iterable[Mapping[str, Any]], *, is_office: bool) -> None:
    """Raises `NotOfTheTeam`; the office is of every team."""
    if not is_office and who not in {each.get("subject") for each in team}:
        raise NotOfTheTeam(permission="inspections.record")


def refuse_signed(digest: str | None, action: str) -> None:
    """Raises `InspectionSigned`."""
    if digest is not None:
        raise InspectionSigned(action=action)


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
