"""Counterpart spending: what a unit puts beside the government's money, verified by another.

reported → verified | returned. What was verified and proves wrong is returned as well: it counts no
more, and the unit files another report, which says what it corrects. No day is in
two reports of the same that were not returned: a year is reported in one piece or in parts.
"""

import calendar
from datetime import date
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

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


class PeriodReported(Conflict):
    code = "period_reported"
    zh = "{period} 与该单位已报的报告期重叠，同一支出不得重复计算"
    en = "{period} overlaps a period the unit has reported; nothing may be counted twice"


def days_of(period: str) -> tuple[date, date]:
    """The first and the last day of `2026`, `2026-Q3`, `2026-07` or `2026-07-H1`."""
    year, part, half = int(period[:4]), period[5:7], period[8:]
    if not part:
        return date(year, 1, 1), date(year, 12, 31)
    last = int(part[1]) * 3 if part[0] == "Q" else int(part)
    first = last - 2 if part[0] == "Q" else last
    begins = date(year, first, 16 if half == "H2" else 1)
    ends = date(year, last, 15 if half == "H1" else calendar.monthrange(year, last)[1])
    return begins, ends


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
