"""Counterpart spending: what a unit puts beside the government's money, verified by another.

reported → verified | returned. What was verified and proves wrong is returned as well: it counts no
more, and the unit files another report, which says what it corrects.
"""

from enum import StrEnum

from servicekit.problems import FieldError, InvalidTransition, Unprocessable

from funding.budgets.domain import SeparationOfDuties


class CounterpartState(StrEnum):
    REPORTED = "reported"
    VERIFIED = "verified"
    RETURNED = "returned"


STEPS = {
    "verify": (CounterpartState.REPORTED,),
    "return": (CounterpartState.REPORTED, CounterpartState.VERIFIED),
    "attach": (CounterpartState.REPORTED,),
}


class PeriodOutsideYear(Unprocessable):
    code = "period_outside_year"
    zh = "报告期不在该财政年度内"
    en = "The period does not lie in the fiscal year"


def check_period(period: str, fiscal_year: int) -> None:
    """Raises `PeriodOutsideYear` unless the period (`2026`, `2026-07`, …) lies in the year."""
    if period[:4] != str(fiscal_year):
        where = FieldError(
            "/period", PeriodOutsideYear.code, PeriodOutsideYear.zh, PeriodOutsideYear.en
        )
        raise PeriodOutsideYear(errors=(where,))


def check_step(state: str, step: str) -> None:
    """Raises `InvalidTransition` if there is no such step from this state."""
    if state not in STEPS[step]:
        raise InvalidTransition(state=state, action=step)


def check_review(state: str, reporter: str, reviewer: str, step: str) -> None:
    """A report is reviewed by somebody else.

    Raises:
        InvalidTransition: see `check_step`.
        SeparationOfDuties: the reviewer reported it.
    """
    check_step(state, step)
    if reporter == reviewer:
        raise SeparationOfDuties(
            done_zh="填报", step_zh="核查", done_en="the report", step_en="the verification"
        )
