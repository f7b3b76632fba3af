"""Units of measure, and how many numbers become one actual."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from targets.observations.domain import (
    Reading,
    UnknownConversion,
    UnknownGrade,
    actual,
    convert,
    grade_value,
    latest,
)
from targets.periods.domain import parse

D = Decimal


def reading(period: str, value: str, unit: str | None = None, **more: object) -> Reading:
    ends_on: date = parse(period).ends_on
    return Reading(unit, period, ends_on, D(value), **more)  # pyright: ignore[reportArgumentType]


def of(readings: list[Reading], time: str, units: str = "sum", unit: str = "亿元") -> Decimal:
    return actual(readings, time_aggregation=time, unit_aggregation=units, unit=unit)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("361000", "万元", "亿元", "36.1"),
        ("1", "亿元", "万元", "10000"),
        ("100000000", "元", "亿元", "1"),
        ("5.5", "%", "%", "5.5"),
        ("30", "家", "个", "30"),
    ],
)
def test_a_number_is_converted_into_the_indicators_unit(
    value: str, source: str, target: str, expected: str
) -> None:
    assert convert(D(value), source, target) == D(expected)


@pytest.mark.parametrize(("source", "target"), [("万元", "%"), ("家", "次"), ("美元", "亿元")])
def test_an_unknown_conversion_is_refused(source: str, target: str) -> None:
    with pytest.raises(UnknownConversion):
        convert(D(1), source, target)


def test_a_grade_is_its_place_on_the_ladder() -> None:
    assert grade_value("park", ["municipal", "provincial"], "provincial") == 2
    with pytest.raises(UnknownGrade):
        grade_value("park", ["municipal"], "national")


def test_a_flow_adds_up_within_its_year() -> None:
    numbers = [reading("2025-Q4", "9"), reading("2026-Q1", "1"), reading("2026-Q2", "2")]
    assert of(numbers, "sum") == 3


def test_a_year_to_date_number_holds_the_earlier_ones() -> None:
    numbers = [
        reading("2026-01", "3", year_to_date=True),
        reading("2026-02", "5", year_to_date=True),
    ]
    assert of(numbers, "sum") == 5


def test_units_are_added_after_each_was_taken_over_time() -> None:
    numbers = [
        reading("2026-Q1", "4", "a"),
        reading("2026-Q2", "6", "a"),
        reading("2026-Q1", "5", "b"),
        reading("2025-Q4", "2", "c"),
    ]
    assert of(numbers, "latest") == 13
    assert of(numbers, "sum") == 15


def test_percentages_are_never_averaged() -> None:
    numbers = [
        reading("2026-Q1", "50", "a", numerator=D(1), denominator=D(2)),
        reading("2026-Q1", "10", "b", numerator=D(10), denominator=D(100)),
    ]
    assert of(numbers, "ratio_of_sums", "ratio_of_sums", "%") == D("10.784314")


def test_what_was_obtained_stays_obtained() -> None:
    assert of([reading("2026-06", "2"), reading("2027-03", "1")], "max", "max") == 2


def test_the_longer_of_two_periods_that_end_together_is_the_later() -> None:
    assert latest([reading("2026-12", "1"), reading("2026", "2")]).period == "2026"


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=12))
def test_a_sum_over_the_months_is_exact(values: list[Decimal]) -> None:
    numbers = [reading(f"2026-{n:02}", str(v)) for n, v in enumerate(values, start=1)]
    assert of(numbers, "sum") == sum(values)
