"""The life of a review, and what becomes of its scores.

assigned → declared → scored; an expert with an interest ends in `conflicted`, one the office takes
off in `revoked`, and another one is assigned. Scores are exact: a review's total is the weighted
sum of its criteria; an application's score is the mean of the totals, without the highest and the
lowest of five and more, rounded half up to four places.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from servicekit.problems import (
    Conflict,
    FieldError,
    Forbidden,
    InvalidTransition,
    Unprocessable,
)

TRIMMED_FROM = 5
"""With so many reviews the highest and the lowest total do not count."""
PLACES = Decimal("0.0001")


class ReviewState(StrEnum):
    ASSIGNED = "assigned"
    DECLARED = "declared"
    CONFLICTED = "conflicted"
    SCORED = "scored"
    REVOKED = "revoked"


OVER = (ReviewState.CONFLICTED, ReviewState.REVOKED)
"""States of a review that does not count."""
STEPS = {
    "declare": (ReviewState.ASSIGNED,),
    "score": (ReviewState.DECLARED,),
    "revoke": (ReviewState.ASSIGNED, ReviewState.DECLARED),
}


class ConflictOfInterest(Conflict):
    code = "conflict_of_interest"
    zh = "专家与申报单位存在利益关系，须回避"
    en = "The expert has an interest in the applicant and may not review it"


class EnoughExperts(Conflict):
    code = "enough_experts"
    zh = "该申请已指定 {number} 名专家"
    en = "The application has its {number} experts already"


class NotInReview(Conflict):
    code = "not_in_review"
    zh = "该申请当前不在评审阶段"
    en = "The application is not in review now"


class NotDeclared(Conflict):
    code = "conflict_not_declared"
    zh = "须先作无利益关系声明，方可查阅申请材料"
    en = "Declare that you have no interest before you read the application"


class NotYourReview(Forbidden):
    code = "not_your_review"
    zh = "该评审任务未指定给您"
    en = "This review was not assigned to you"


def check_step(state: str, step: str) -> None:
    """Raises `InvalidTransition` if there is no such step from this state."""
    if state not in STEPS[step]:
        raise InvalidTransition(state=state, action=step)


def check_impartial(
    expert: str, units: Sequence[str | None], applicant_unit: str, applicants: Sequence[str | None]
) -> None:
    """Raises `ConflictOfInterest` for somebody of the applying unit, or who applied for it."""
    if applicant_unit in units or expert in applicants:
        raise ConflictOfInterest


def total_of(criteria: Sequence[Mapping[str, Any]], scores: Sequence[Mapping[str, Any]]) -> Decimal:
    """The weighted sum, 0 to 100, exact.

    Raises:
        Unprocessable: a criterion is missing, unknown or scored twice.
    """
    given = [each["criterion"] for each in scores]
    wanted = [each["code"] for each in criteria]
    if sorted(given) != sorted(wanted):
        names = ", ".join(wanted)
        where = FieldError(
            "/scores",
            "criteria_differ",
            f"须对每项指标各评一次：{names}",
            f"Score each criterion once: {names}",
        )
        raise Unprocessable(errors=(where,))
    points = {each["criterion"]: Decimal(each["score"]) for each in scores}
    parts = (Decimal(each["weight"]) * points[each["code"]] for each in criteria)
    return sum(parts, Decimal(0)) / 100


def score_of(totals: Sequence[Decimal]) -> Decimal:
    """An application's score: the mean, trimmed by one at each end from five on."""
    counted = sorted(totals)[1:-1] if len(totals) >= TRIMMED_FROM else totals
    return mean(counted)


def mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(PLACES, ROUND_HALF_UP)
