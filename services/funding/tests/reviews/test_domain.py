"""Scores: exact, and the same whoever computes them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from funding.reviews import domain
from hypothesis import given
from hypothesis import strategies as st
from servicekit.problems import Unprocessable

CRITERIA = [{"code": "a", "weight": "33.33"}, {"code": "b", "weight": "66.67"}]
POINTS = st.decimals(0, 100, places=2)
TOTALS = st.lists(st.decimals(0, 100, places=6), min_size=1, max_size=15)


@given(POINTS, POINTS)
def test_a_total_is_the_weighted_sum_to_the_last_digit(a: Decimal, b: Decimal) -> None:
    scores = [{"criterion": "b", "score": str(b)}, {"criterion": "a", "score": str(a)}]
    total = domain.total_of(CRITERIA, scores)
    exact = (Fraction("33.33") * Fraction(a) + Fraction("66.67") * Fraction(b)) / 100
    assert Fraction(total) == exact
    assert total == total.quantize(Decimal("0.000001"))
    assert 0 <= total <= 100


@pytest.mark.parametrize("given_codes", [[], ["a"], ["a", "a"], ["a", "b", "c"], ["a", "b", "b"]])
def test_every_criterion_is_scored_once(given_codes: list[str]) -> None:
    scores = [{"criterion": code, "score": "50"} for code in given_codes]
    with pytest.raises(Unprocessable) as caught:
        domain.total_of(CRITERIA, scores)
    assert caught.value.errors[0].code == "criteria_differ"


@given(TOTALS)
def test_a_score_is_the_mean_without_the_ends_from_five_on(totals: list[Decimal]) -> None:
    counted = sorted(map(Fraction, totals))
    if len(counted) >= 5:
        counted = counted[1:-1]
    exact = sum(counted, Fraction(0)) / len(counted)
    score = domain.score_of(totals)
    assert abs(Fraction(score) - exact) <= Fraction(1, 20_000)
    assert score == domain.score_of(list(reversed(totals)))


def test_halves_are_rounded_up() -> None:
    assert domain.mean([Decimal("80.0001"), Decimal("80.0000")]) == Decimal("80.0001")
    assert domain.mean([Decimal("1"), Decimal("1"), Decimal("2")]) == Decimal("1.3333")


def test_one_outlier_of_five_moves_nothing() -> None:
    fair = [Decimal(80)] * 4
    assert domain.score_of([*fair, Decimal(0)]) == domain.score_of([*fair, Decimal(100)]) == 80
