"""The life of an acceptance, and when one may begin.

draft → submitted → passed | failed, or rectification → submitted again → passed after
rectification | failed. Experts whom the office asks give their opinion while it is submitted, and
may change it; the office concludes once all have. A conclusion is final and closes the award.
A rectification that is not handed in by its day is marked and may be concluded as failed; what
comes late, but before that, is taken.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

from funding.awards.domain import AwardKind, AwardState
from funding.budgets.domain import SeparationOfDuties


class AcceptanceState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECTIFICATION = "rectification"
    PASSED = "passed"
    PASSED_AFTER_RECTIFICATION = "passed_after_rectification"
    FAILED = "failed"


class AcceptanceVerdict(StrEnum):
    """What an expert finds and the office concludes."""

    PASSED = "passed"
    RECTIFY = "rectify"
    FAILED = "failed"


EDITABLE = (AcceptanceState.DRAFT, AcceptanceState.RECTIFICATION)
STEPS = {
    "edit": EDITABLE,
    "submit": EDITABLE,
    "assign": (AcceptanceState.SUBMITTED,),
    "opine": (AcceptanceState.SUBMITTED,),
    "conclude": (AcceptanceState.SUBMITTED,),
}
ACCEPTED_KINDS = (AwardKind.PROJECT_GRANT, AwardKind.PLATFORM_GRANT)
"""What something is built or done for; the other kinds are for what has been."""


class NothingToAccept(Conflict):
    code = "nothing_to_accept"
    zh = "该立项已撤销、已关闭，或其类别无须验收"
    en = "The award is cancelled or closed, or is of a kind that needs no acceptance"


class AgreementRuns(Conflict):
    code = "agreement_runs"
    zh = "任务书尚未到期（{day}），且各期任务未全部通过"
    en = "The agreement runs until {day}, and not all of its milestones are accepted"


class PaymentsOnTheWay(Conflict):
    code = "payments_on_the_way"
    zh = "该立项有在途拨付，办结后方可作出验收结论"
    en = "Payments of the award are on their way; settle them before the conclusion"


class OpinionsMissing(Conflict):
    code = "opinions_missing"
    zh = "尚有专家未提交意见：{count} 位"
    en = "{count} of the experts have not given their opinion yet"


class ReportUnproven(Unprocessable):
    code = "report_unproven"
    zh = "请先上传验收材料"
    en = "Attach what proves the report first"


class RectifyByPassed(Unprocessable):
    code = "rectify_by_passed"
    zh = "整改期限不得早于今日"
    en = "The day of a rectification is not over yet"


class RectifyByMissing(Unprocessable):
    code = "rectify_by_missing"
    zh = "限期整改须注明期限，其他结论不注明"
    en = "A rectification names its day, no other conclusion does"


def check_step(state: str, step: str, *, overdue: bool = False) -> None:
    """Raises `InvalidTransition` if there is no such step from this state. A rectification that is
    overdue may be concluded; see `check_overdue`."""
    waits_in_vain = overdue and step == "conclude" and state == AcceptanceState.RECTIFICATION
    if state not in STEPS[step] and not waits_in_vain:
        raise InvalidTransition(state=state, action=step)


def check_overdue(state: str, verdict: AcceptanceVerdict) -> None:
    """What was not handed in cannot have passed. Raises `InvalidTransition`."""
    if state == AcceptanceState.RECTIFICATION and verdict is not AcceptanceVerdict.FAILED:
        raise InvalidTransition(state=state, action=verdict.value)


def check_award(kind: str, state: str) -> None:
    """Raises `NothingToAccept`."""
    if state != AwardState.GRANTED or kind not in ACCEPTED_KINDS:
        raise NothingToAccept


def check_ended(due: Sequence[date], *, all_accepted: bool, today: date) -> None:
    """An agreement ends with its last milestone, or as soon as all are accepted.

    Raises:
        AgreementRuns: there is one, and it goes on.
    """
    if due and not all_accepted and today < max(due):
        raise AgreementRuns(day=max(due).isoformat())


def check_opinions(experts: Sequence[str], opinions: Sequence[Mapping[str, str]]) -> None:
    """Raises `OpinionsMissing`."""
    missing = set(experts) - {each["expert"] for each in opinions}
    if missing:
        raise OpinionsMissing(count=len(missing))


def concluded(verdict: AcceptanceVerdict, *, is_second: bool) -> AcceptanceState:
    """Where a verdict leads. There is one rectification.

    Raises:
        Unprocessable: a second one is asked for.
    """
    if verdict is AcceptanceVerdict.FAILED:
        return AcceptanceState.FAILED
    if verdict is AcceptanceVerdict.PASSED:
        return AcceptanceState.PASSED_AFTER_RECTIFICATION if is_second else AcceptanceState.PASSED
    if is_second:
        zh, en = "只能整改一次", "There is one rectification"
        raise Unprocessable(errors=(FieldError("/verdict", "rectified_before", zh, en),))
    return AcceptanceState.RECTIFICATION


def check_rectify_by(verdict: AcceptanceVerdict, day: date | None, today: date) -> None:
    """Raises `RectifyByMissing`, or `RectifyByPassed` for a day before today."""
    if (verdict is AcceptanceVerdict.RECTIFY) != (day is not None):
        raise RectifyByMissing().at("/rectify_by")
    if day is not None and day < today:
        raise RectifyByPassed().at("/rectify_by")


def check_concluder(submitted_by: str | None, concluder: str) -> None:
    """Raises `SeparationOfDuties` if who submitted concludes."""
    if submitted_by == concluder:
        raise SeparationOfDuties(
            done_zh="提交验收",
            step_zh="作出验收结论",
            done_en="the submission",
            step_en="the conclusion",
        )
