"""Twelve months, and how far the city is in each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from local_stack.errors import StackFailed

MONTHS = 12
STEADY, SLIPS, FALLS, CATCHES_UP = (Decimal(share) for share in ("1.03", "0.94", "0.83", "0.95"))
"""Cumulated value added over what is expected by then: below 0.9 is red."""
LEAST = 4
"""Months of the programme's first year that the story needs: one each of the above."""
FALL_IN = 5
"""June, counted from zero, if the year is far enough on."""
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Month:
    """`value_added` is what this month alone adds in the city, in 亿元."""

    period: str
    value_added: Decimal

    @property
    def year(self) -> int:
        return int(self.period[:4])

    @property
    def number(self) -> int:
        return int(self.period[5:])

    @property
    def quarter(self) -> str | None:
        """The quarter that ends with this month."""
        return None if self.number % 3 else f"{self.year}-Q{self.number // 3}"

    def day(self, number: int, today: date) -> str:
        """A day of the month that has come."""
        return min(date(self.year, self.number, number), today).isoformat()


def course(today: date, anchor: int, baseline: Decimal, target: Decimal) -> list[Month]:
    """The last twelve months of which the programme's first year `anchor` has the end.

    Numbers of its year before are those of the `baseline`; its own lead to `target`, with one
    fall below the trajectory on the way. Both in 亿元 a year.

    Raises:
        StackFailed: too little of that year has passed.
    """
    last = min(today, date(anchor, 12, 1))
    if last.year < anchor or last.month < LEAST:
        raise StackFailed(
            f"the demo tells of the programme's first year, {anchor}, and today is {today}: it "
            f"needs {LEAST} months of it; start on another directory with an earlier ANCHOR_YEAR"
        )
    before = [
        Month(f"{anchor - 1}-{month:02}", (baseline / MONTHS).quantize(_PLACES))
        for month in range(last.month + 1, MONTHS + 1)
    ]
    done, months = Decimal(0), []
    for index, share in enumerate(shares(last.month)):
        reached = (share * target * (index + 1) / MONTHS).quantize(_PLACES)
        months.append(Month(f"{anchor}-{index + 1:02}", reached - done))
        done = reached
    return before + months


def shares(count: int) -> Sequence[Decimal]:
    """How far the city is at the end of each of the year's first `count` months."""
    fall = min(FALL_IN, count - 3)
    dip = {fall - 1: SLIPS, fall: FALLS, fall + 1: CATCHES_UP}
    return [dip.get(index, STEADY) for index in range(count)]
