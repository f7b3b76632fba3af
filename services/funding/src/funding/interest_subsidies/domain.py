"""What a loan cost, and what of it is subsidised; exact until it is rounded to the fen, once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from servicekit.problems import Conflict, Unprocessable

from funding.supports.domain import Computed, NothingToSupport, fen


class DayCount(StrEnum):
    """Days as they are in the calendar, over a year of so many."""

    ACT_360 = "act_360"
    ACT_365 = "act_365"


BASIS = {DayCount.ACT_360: 360, DayCount.ACT_365: 365}
FORMULA = "min(principal * annual_rate / 100 * days / basis * share / 100, cap - taken)"


class PeriodEmpty(Unprocessable):
    code = "period_empty"
    zh = "计息止日须晚于起日"
    en = "The period ends after it starts"


class PeriodOverlaps(Conflict):
    code = "period_overlaps"
    zh = "借款合同 {contract} 的该计息期与已申报的重叠"
    en = "A period of the loan contract {contract} was asked for that overlaps this one"


class CapReached(Conflict):
    code = "cap_reached"
    zh = "该单位本年度贴息已达上限 {cap} 元"
    en = "The unit has reached the year's cap of {cap} yuan"


@dataclass(frozen=True, slots=True)
class Loan:
    """`principal` in yuan, `annual_rate` in percent; interest runs from `starts_on`, included, to
    `ends_on`, which is not (算头不算尾)."""

    principal: Decimal
    annual_rate: Decimal
    starts_on: date
    ends_on: date
    day_count: DayCount

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days


def check_period(loan: Loan) -> None:
    """Raises `PeriodEmpty`."""
    if loan.days <= 0:
        raise PeriodEmpty().at("/ends_on")


def interest(loan: Loan) -> Fraction:
    """What the loan costs in the period, yuan, exact."""
    whole = Fraction(loan.principal) * Fraction(loan.annual_rate) / 100
    return whole * loan.days / BASIS[loan.day_count]


def compute(loan: Loan, share: Decimal, cap: Decimal, taken: Decimal) -> Computed:
    """The share of the interest, percent, up to what `taken` has left of the unit's cap of the
    year, yuan.

    Raises:
        CapReached: nothing is left.
        NothingToSupport: it is less than half a fen.
    """
    if taken >= cap:
        raise CapReached(cap=f"{cap:.2f}")
    cost = interest(loan)
    amount = min(fen(cost * Fraction(share) / 100), cap - taken)
    if not amount:
        raise NothingToSupport().at("/principal")
    inputs = {
        "principal": f"{loan.principal:.2f}",
        "annual_rate": f"{loan.annual_rate.normalize():f}",
        "starts_on": loan.starts_on.isoformat(),
        "ends_on": loan.ends_on.isoformat(),
        "days": str(loan.days),
        "basis": str(BASIS[loan.day_count]),
        "interest": f"{fen(cost):.2f}",
        "share": f"{share.normalize():f}",
        "cap": f"{cap:.2f}",
        "taken": f"{taken:.2f}",
    }
    return Computed(amount, FORMULA, inputs)
