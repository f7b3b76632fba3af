"""What was reached of what was promised, in points, and the grade of it (财预〔2020〕10号).

An indicator gives its weight where the target is reached, and otherwise the part of it that was
reached; the total is rounded half up to two places, once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

from funding.budgets.domain import SeparationOfDuties

WHOLE = Decimal(100)
"""What the weights add up to."""


class EvaluationState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class EvaluationDirection(StrEnum):
    """Whether more or less is better."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class EvaluationGrade(StrEnum):
    """优, 良, 中, 差."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


GRADES = (
    (Decimal(90), EvaluationGrade.EXCELLENT),
    (Decimal(80), EvaluationGrade.GOOD),
    (Decimal(60), EvaluationGrade.FAIR),
    (Decimal(0), EvaluationGrade.POOR),
)
"""The least total of each."""
STEPS = {"edit": (EvaluationState.DRAFT,), "publish": (EvaluationState.DRAFT,)}


class AwardCancelled(Conflict):
    code = "award_cancelled"
    zh = "立项已撤销，不作绩效评价"
    en = "The award is cancelled; there is nothing to evaluate"


@dataclass(frozen=True, slots=True)
class Reached:
    """What an indicator gives: `weight` points, of a `target` in its own unit, an `actual`."""

    code: str
    weight: Decimal
    direction: EvaluationDirection
    target: Decimal
    actual: Decimal

    @property
    def points(self) -> Fraction:
        """Exact, from none to the weight."""
        if self.direction is EvaluationDirection.AT_LEAST:
            part = Fraction(self.actual) / Fraction(self.target)
        elif self.actual <= self.target:
            part = Fraction(1)
        else:
            part = Fraction(self.target) / Fraction(self.actual)
        return Fraction(self.weight) * min(part, Fraction(1))


def check_step(state: str, step: str) -> None:
    """Raises `InvalidTransition` if there is no such step from this state."""
    if state not in STEPS[step]:
        raise InvalidTransition(state=state, action=step)


def check_publisher(made_by: str, publisher: str) -> None:
    """Raises `SeparationOfDuties` if whoever wrote it last publishes it."""
    if made_by == publisher:
        raise SeparationOfDuties(
            done_zh="编制绩效评价",
            step_zh="复核发布",
            done_en="the evaluation",
            step_en="its confirmation",
        )


def check_indicators(indicators: Sequence[Reached]) -> None:
    """Raises `Unprocessable` unless no code is there twice and the weights are a whole."""
    wrong: list[FieldError] = []
    if len({each.code for each in indicators}) < len(indicators):
        zh, en = "有重复项", "Something is named twice"
        wrong.append(FieldError("/indicators", "named_twice", zh, en))
    if sum((each.weight for each in indicators), Decimal(0)) != WHOLE:
        zh, en = "权重之和须为 100", "Weights must add to 100"
        wrong.append(FieldError("/indicators", "weights_not_100", zh, en))
    if wrong:
        raise Unprocessable(errors=tuple(wrong))


def rounded(points: Fraction) -> Decimal:
    """Half up to two places."""
    return Decimal(math.floor(points * 100 + Fraction(1, 2))).scaleb(-2)


def total(indicators: Sequence[Reached]) -> Decimal:
    return rounded(sum((each.points for each in indicators), Fraction(0)))


def grade(score: Decimal) -> EvaluationGrade:
    return next(name for least, name in GRADES if score >= least)
