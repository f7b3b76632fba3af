"""Rules of the numbers taken: their units, and how many become one actual."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servicekit.problems import Unprocessable

_MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_BODIES = frozenset({"家", "个"})
"""Both count bodies one by one; which word stands is a matter of taste."""
_PLACES = Decimal("0.000001")
_LIMIT = Decimal(10) ** 14
"""The database keeps twenty digits, six of them behind the point."""


class UnknownConversion(Unprocessable):
    """A number in a unit that has no defined relation to the indicator's."""

    code = "unknown_conversion"
    zh = "无法将“{source}”换算为“{target}”"
    en = "There is no conversion from {source} to {target}"


class UnknownGrade(Unprocessable):
    code = "unknown_grade"
    zh = "等级“{grade}”不在指标 {indicator} 的等级序列中"
    en = "Grade {grade} is not on the ladder of indicator {indicator}"


class OutOfRange(Unprocessable):
    code = "number_out_of_range"
    zh = "数值超出可记录的范围"
    en = "The number is too large to be kept"


@dataclass(frozen=True, slots=True)
class Reading:
    """One valid number. `unit_code` is none where the number is the whole city's;
    `year_to_date` numbers already hold the earlier ones of their year."""

    unit_code: str | None
    period: str
    ends_on: date
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    year_to_date: bool = False


def rounded(value: Decimal) -> Decimal:
    """The value to six places.

    Raises:
        OutOfRange: it has more than fourteen digits before the point.
    """
    if abs(value) >= _LIMIT:
        raise OutOfRange
    return value.quantize(_PLACES)


def convert(value: Decimal, source: str, target: str) -> Decimal:
    """The value in the target unit: 1 亿元 = 10,000 万元 = 100,000,000 元.

    Raises:
        UnknownConversion: the two units have no defined relation.
        OutOfRange: the result is too large to be kept.
    """
    if source == target or {source, target} <= _BODIES:
        return value
    if source in _MONEY and target in _MONEY:
        return rounded(value * _MONEY[source] / _MONEY[target])
    raise UnknownConversion(source=source, target=target)


def grade_value(indicator: str, ladder: Sequence[str], grade: str) -> Decimal:
    """The grade's place on the ladder, counted from 1.

    Raises:
        UnknownGrade: it is not on it.
    """
    if grade not in ladder:
        raise UnknownGrade(grade=grade, indicator=indicator)
    return Decimal(ladder.index(grade) + 1)


def percentage(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Numerator over denominator in percent, to six places. The denominator is not zero."""
    return rounded(numerator * 100 / denominator)


def latest(readings: Iterable[Reading]) -> Reading:
    """The one of the latest period; of two that end together, the longer period's."""
    return max(readings, key=lambda r: (r.ends_on, -len(r.period)))


def actual(
    readings: Sequence[Reading], *, time_aggregation: str, unit_aggregation: str, unit: str
) -> Decimal:
    """The indicator's actual at the latest of the given periods (at least one is given).

    First over time within each unit, then over the units. Sums, averages and ratios are taken
    within the year of that latest period; levels carry over from earlier years.
    """
    year = latest(readings).ends_on.year
    by_unit: dict[str | None, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_unit[reading.unit_code].append(reading)
    totals = [t for r in by_unit.values() if (t := _over_time(r, time_aggregation, year, unit))]
    return rounded(_over_units(totals, unit_aggregation, unit))


def _over_time(readings: list[Reading], how: str, year: int, unit: str) -> Reading | None:
    """One unit's reading for the year, or none if it has nothing to add."""
    last = latest(readings)
    if how == "latest":
        return last
    # A grade once obtained and a thing once built stay so; the other maxima are a year's.
    within = readings if how == "max" else [r for r in readings if r.ends_on.year == year]
    if not within:
        return None
    last = latest(within)
    if last.year_to_date and how in ("sum", "ratio_of_sums"):
        return last
    if how == "ratio_of_sums":
        return _ratio(within, last, unit)
    return _with(last, _combine([r.value for r in within], how))


def _over_units(totals: list[Reading], how: str, unit: str) -> Decimal:
    if len(totals) == 1:
        return totals[0].value
    if how == "latest":
        return latest(totals).value
    if how == "ratio_of_sums":
        return _ratio(totals, latest(totals), unit).value
    return _combine([total.value for total in totals], how)


def _combine(values: list[Decimal], how: str) -> Decimal:
    match how:
        case "sum":
            return sum(values, Decimal(0))
        case "max":
            return max(values)
        case "min":
            return min(values)
    return sum(values, Decimal(0)) / len(values)


def _ratio(readings: list[Reading], last: Reading, unit: str) -> Reading:
    """Percentages are never averaged: sum what they are made of. Where one is not told, the
    latest number stands."""
    parts = [
        (r.numerator, r.denominator)
        for r in readings
        if r.numerator is not None and r.denominator is not None
    ]
    if len(parts) != len(readings):
        return last
    top = sum((n for n, _ in parts), Decimal(0))
    bottom = sum((d for _, d in parts), Decimal(0))
    if bottom == 0:
        return last
    value = top * 100 / bottom if unit == "%" else top / bottom
    return _with(last, value, top, bottom)


def _with(
    last: Reading,
    value: Decimal,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
) -> Reading:
    return Reading(last.unit_code, last.period, last.ends_on, value, numerator, denominator, False)
