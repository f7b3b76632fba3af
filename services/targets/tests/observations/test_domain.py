"""Units of measure and grades."""

from decimal import Decimal

import pytest
from targets.observations.domain import UnknownConversion, UnknownGrade, convert, grade_value

D = Decimal


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
