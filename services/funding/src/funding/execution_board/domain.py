"""How far a fund's budget is executed, and where it will be at the end of the year.

The forecast is one a reader can work out by hand. Where earlier years are known, the year goes on
as they did: what was paid by now is the share of the year's payments that had been paid by this
month then. Else it goes on as it began: so much a month. With less than that nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

YEARS = 3
"""Earlier years that are looked at, at most."""
LEAST_SHARE = Decimal("0.05")
"""Of a year's payments that must have been made by a month, to conclude from it to the year."""
LEAST_MONTHS = 3
"""Months that must have passed, to conclude from them alone."""
_FEN, _RATE = Decimal("0.01"), Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Forecast:
    """`value` yuan paid at the end of the year less refunds, or none; and why, in words."""

    value: Decimal | None
    method: str
    zh: str
    en: str


def rate(part: Decimal, whole: Decimal) -> Decimal | None:
    """The part as a share of the whole; none of nothing."""
    return (part / whole).quantize(_RATE, ROUND_HALF_UP) if whole > 0 else None


def forecast(
    paid: Decimal, month: int, approved: Decimal, earlier: Mapping[int, Sequence[Decimal]]
) -> Forecast:
    """What will have been paid of `approved` yuan by the end of the year, if `paid` was by the end
    of this month. `earlier` is the same at the end of each of the twelve months of earlier years.
    """
    whole = [months for _, months in sorted(earlier.items())[-YEARS:] if months[11] > 0]
    then = sum((months[11] for months in whole), Decimal(0))
    by_now = sum((months[month - 1] for months in whole), Decimal(0)) if month else Decimal(0)
    if whole and by_now >= LEAST_SHARE * then:
        share = by_now / then
        value = _within(paid / share, approved)
        percent = f"{share * 100:.1f}"
        return Forecast(
            value,
            "share_of_earlier_years",
            f"至 {month} 月末净支出 {paid:.2f} 元；此前 {len(whole)} 年同期平均完成全年的"
            f" {percent}%，据此全年为 {value:.2f} 元（不超过预算）",
            f"{paid:.2f} yuan net by the end of month {month}; the last {len(whole)} year(s) had"
            f" paid {percent} % of their year by then, so the year comes to {value:.2f}, at most"
            " the budget",
        )
    if month >= LEAST_MONTHS and paid > 0:
        value = _within(paid * 12 / month, approved)
        return Forecast(
            value,
            "linear",
            f"至 {month} 月末净支出 {paid:.2f} 元，按月均推算全年为 {value:.2f} 元（不超过预算）",
            f"{paid:.2f} yuan net by the end of month {month}; at as much a month the year comes to"
            f" {value:.2f}, at most the budget",
        )
    return Forecast(
        None,
        "none",
        f"数据不足：没有可比的往年数据，且不足 {LEAST_MONTHS} 个月或尚无支出",
        f"Too little is known: no earlier year to compare with, and fewer than {LEAST_MONTHS}"
        " months, or nothing paid yet",
    )


def _within(value: Decimal, approved: Decimal) -> Decimal:
    return min(max(value, Decimal(0)), approved).quantize(_FEN, ROUND_HALF_UP)
