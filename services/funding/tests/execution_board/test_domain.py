"""The forecast of a year's payments: by hand the same, and nothing guessed."""

from decimal import Decimal

import pytest
from funding.execution_board.domain import forecast, rate
from hypothesis import given
from hypothesis import strategies as st

YUAN = st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2)
MUCH = Decimal(10**18)


def even(total: str) -> list[Decimal]:
    return [Decimal(total) * month / 12 for month in range(1, 13)]


def test_the_year_goes_on_as_earlier_years_did() -> None:
    late = [Decimal(10)] * 6 + [Decimal(20)] * 5 + [Decimal(100)]
    early = [Decimal(30)] * 6 + [Decimal(50)] * 5 + [Decimal(100)]
    found = forecast(Decimal(30), 6, MUCH, {2024: late, 2025: early})
    assert (found.value, found.method) == (Decimal("150.00"), "share_of_earlier_years")
    assert "20.0%" in found.zh
    assert "last 2 year(s)" in found.en


def test_only_the_last_three_years_count() -> None:
    years = {2020: even("1200"), 2021: even("0"), **{y: even("600") for y in (2023, 2024, 2025)}}
    strange = [Decimal(1)] * 11 + [Decimal(1000)]
    assert forecast(Decimal(60), 6, MUCH, {**years, 2019: strange}).value == Decimal("120.00")


@pytest.mark.parametrize(("month", "paid"), [(0, "0"), (1, "5"), (2, "5"), (6, "0")])
def test_below_the_minimum_nothing_is_guessed(month: int, paid: str) -> None:
    found = forecast(Decimal(paid), month, MUCH, {2025: even("0")})
    assert (found.value, found.method) == (None, "none")


def test_a_year_that_pays_at_its_end_says_nothing_at_its_beginning() -> None:
    """By March the year before had paid 4 % of its year: too little to conclude from."""
    december = [Decimal(4)] * 11 + [Decimal(100)]
    found = forecast(Decimal(40), 3, MUCH, {2025: december})
    assert (found.value, found.method) == (Decimal("160.00"), "linear")


@given(YUAN, st.integers(0, 12), YUAN, st.lists(YUAN, min_size=12, max_size=12))
def test_it_is_never_above_the_budget_nor_below_nothing(
    paid: Decimal, month: int, approved: Decimal, added: list[Decimal]
) -> None:
    months = [sum(added[: n + 1], Decimal(0)) for n in range(12)]
    value = forecast(paid, month, approved, {2025: months}).value
    assert value is None or 0 <= value <= approved


@given(YUAN.filter(lambda paid: paid > 0), st.lists(YUAN, min_size=12, max_size=12))
def test_a_whole_year_is_what_it_was(paid: Decimal, added: list[Decimal]) -> None:
    months = [sum(added[: n + 1], Decimal(0)) for n in range(12)]
    for earlier in ({}, {2025: months}):
        assert forecast(paid, 12, MUCH, earlier).value == paid


def test_a_rate_of_nothing_is_none() -> None:
    assert rate(Decimal(1), Decimal(0)) is None
    assert rate(Decimal(2), Decimal(3)) == Decimal("0.666667")
