"""Rules of the numbers taken: their units, grades and bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

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


class Place(NamedTuple):
    """What a number is of."""

    indicator_code: str
    unit_code: str
    period: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One valid number. `unit_code` is none where the number is the whole city's;
    `year_to_date` numbers already hold the earlier ones of their year."""

    unit_code: str | None
    period: str
    ends_on: date
    observation_id: UUID
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


def grade_value(indicator: str, ladder: Sequence[str], grade: str | None) -> Decimal:
    """The grade's place on the ladder, counted from 1; zero without one.

    Raises:
        UnknownGrade: it is not on it.
    """
    if grade is None:
        return Decimal(0)
    if grade not in ladder:
        raise UnknownGrade(grade=grade, indicator=indicator)
    return Decimal(ladder.index(grade) + 1)


def percentage(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Numerator over denominator in percent, to six places. The denominator is not zero."""
    return rounded(numerator * 100 / denominator)
