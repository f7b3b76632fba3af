"""Points, totals and grades of evaluations."""

import itertools
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from funding.performance_evaluations.domain import (
    EvaluationDirection,
    Reached,
    check_indicators,
    grade,
    total,
)
from hypothesis import given
from hypothesis import strategies as st
from servicekit.problems import Unprocessable

LEAST, MOST = EvaluationDirection.AT_LEAST, EvaluationDirection.AT_MOST
values = st.decimals("0.000001", "99999999", places=6)


@st.composite
def indicators(draw: Any) -> list[Reached]:
    """Whose weights add to 100."""
    cuts = draw(st.sets(st.integers(1, 9999), max_size=8))
    edges = [0, *sorted(cuts), 10000]
    weights = [Decimal(b - a) / 100 for a, b in itertools.pairwise(edges)]
    return [
        Reached(f"c{n}", weight, draw(st.sampled_from([LEAST, MOST])), draw(values), draw(values))
        for n, weight in enumerate(weights)
    ]


@given(indicators())
def test_the_total_is_exact(found: list[Reached]) -> None:
    check_indicators(found)
    hundredths = Decimal(0)
    with localcontext(prec=400):
        for each in found:
            better = each.actual >= each.target
            if better == (each.direction is LEAST) or each.actual == each.target:
                hundredths += each.weight * 100
            else:
                least, most = sorted([each.actual, each.target])
                hundredths += each.weight * 100 * least / most
        wanted = hundredths.quantize(Decimal(1), ROUND_HALF_UP) / 100
    assert 0 <= total(found) <= 100
    assert total(found) == wanted


@given(indicators(), st.data())
def test_more_of_what_is_better_never_costs_points(found: list[Reached], data: Any) -> None:
    place = data.draw(st.integers(0, len(found) - 1))
    each, more = found[place], data.draw(values)
    actual = each.actual + more if each.direction is LEAST else max(each.actual - more, Decimal(0))
    better = Reached(each.code, each.weight, each.direction, each.target, actual)
    assert total([*found[:place], better, *found[place + 1 :]]) >= total(found)


@pytest.mark.parametrize(
    ("score", "wanted"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.99", "good"),
        ("80", "good"),
        ("79.99", "fair"),
        ("60", "fair"),
        ("59.99", "poor"),
        ("0", "poor"),
    ],
)
def test_a_grade_begins_at_its_least_total(score: str, wanted: str) -> None:
    assert grade(Decimal(score)) == wanted


def test_nothing_reached_is_no_point_and_nothing_spent_is_all() -> None:
    assert total([Reached("a", Decimal(100), LEAST, Decimal(5), Decimal(0))]) == 0
    assert total([Reached("a", Decimal(100), MOST, Decimal(5), Decimal(0))]) == 100


def test_weights_are_a_whole_and_no_code_is_there_twice() -> None:
    half = Reached("a", Decimal(50), LEAST, Decimal(1), Decimal(1))
    with pytest.raises(Unprocessable) as caught:
        check_indicators([half])
    assert [error.code for error in caught.value.errors] == ["weights_not_100"]
    with pytest.raises(Unprocessable) as caught:
        check_indicators([half, half])
    assert [error.code for error in caught.value.errors] == ["named_twice"]
