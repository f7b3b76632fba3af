"""The rules of an appeal, without a database: open → upheld | rejected."""

from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, Forbidden, InvalidTransition


class AssessmentAppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class AppealTooLate(Conflict):
    code = "appeal_too_late"
    zh = "考核结果尚未公布或申诉期（至 {until}）已过"
    en = "The assessment is not published, or the days to appeal (until {until}) are over"


class AppealPending(Conflict):
    code = "appeal_pending"
    zh = "该单位对该指标已有待裁定的申诉"
    en = "An appeal of this unit about this criterion waits for its ruling already"


class AppellantRules(Forbidden):
    code = "appellant_rules"
    zh = "申诉人不得裁定自己的申诉"
    en = "Whoever appealed may not rule on it"


def refuse_late(until: date | None, today: date) -> None:
    """Raises `AppealTooLate`."""
    if until is None or today > until:
        raise AppealTooLate(until=until)


def rule(state: str, *, upheld: bool) -> AssessmentAppealState:
    """Raises `InvalidTransition`: it is ruled on already."""
    if state != AssessmentAppealState.OPEN:
        raise InvalidTransition(state=state, action="rule")
    return AssessmentAppealState.UPHELD if upheld else AssessmentAppealState.REJECTED


def refuse_appellant(actor: str, appealed_by: str) -> None:
    """Raises `AppellantRules`."""
    if actor == appealed_by:
        raise AppellantRules(permission="assessment_appeals.rule")
