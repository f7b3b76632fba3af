"""Whether a number is unlike those before it: the median and the median absolute deviation.

Both hold when half of the history is wrong, which a mean and a standard deviation do not. The
distance is the modified z-score of Iglewicz and Hoaglin (1993), who take 3.5 as its limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from servicekit.problems import Unprocessable

THRESHOLD = Decimal("3.5")
MIN_HISTORY = 6
MAX_HISTORY = 36
"""What was three years of months ago says little of today."""
_TO_SIGMA = Decimal("1.4826")
"""A MAD times this is the standard deviation, where the numbers are normally distributed."""
_FLOOR = Decimal("0.05")
"""A history that hardly moves would make every change unusual: its spread counts as at least this
share of its median."""
_PLACES = Decimal("0.000001")


class OutlierUnexplained(Unprocessable):
    code = "outlier_unexplained"
    zh = "数值 {value} 与本单位以往填报（通常 {low} 至 {high}）差异较大，请核对；确认无误须填写说明"
    en = (
        "{value} is far from what the unit reported before (usually {low} to {high}); check it, "
        "and confirm it with an explanation if it is right"
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """The range outside of which a number is unusual."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def usual(history: Sequence[Decimal], threshold: Decimal, min_history: int) -> Usual | None:
    """The usual range after this history; none where there is too little of it to tell, or where
    all of it is zero."""
    if len(history) < min_history:
        return None
    middle = median(history)
    spread = median(abs(value - middle) for value in history) * _TO_SIGMA
    spread = max(spread, abs(middle) * _FLOOR)
    if spread == 0:
        return None
    reach = threshold * spread
    return Usual((middle - reach).quantize(_PLACES), (middle + reach).quantize(_PLACES))
