"""The trajectory and the judgement, in the plan's own numbers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from targets.status.domain import Trajectory, expected_at, judge

D = Decimal
JUNE = D(6) / 12

VALUE_ADDED = Trajectory(
    comparator="reach",
    direction="increase",
    tolerance=D(0),
    amber_share=D("0.9"),
    unit="亿元",
    accumulates=True,
    stepwise=False,
    ratio=False,
    baseline=(2025, D(27)),
    milestones=((2026, D(33)), (2027, D(40)), (2028, D(54))),
)
CONTRIBUTION = replace(
    VALUE_ADDED,
    comparator="about",
    tolerance=D("0.5"),
    unit="%",
    accumulates=False,
    ratio=True,
    baseline=(2025, D("49.6")),
    milestones=((2026, D(51)), (2027, D(53)), (2028, D(55))),
)
INTENSITY = replace(
    CONTRIBUTION,
    comparator="reach",
    tolerance=D(0),
    baseline=None,
    milestones=((2026, D(4)), (2027, D(5)), (2028, D(6))),
)


@pytest.mark.parametrize(
    ("plan", "year", "elapsed", "expected"),
    [
        (VALUE_ADDED, 2026, JUNE, "16.5"),
        (VALUE_ADDED, 2026, D(1), "33"),
        (VALUE_ADDED, 2028, D(9) / 12, "40.5"),
        (VALUE_ADDED, 2029, D(1), None),
        (CONTRIBUTION, 2026, JUNE, "50.3"),
        (CONTRIBUTION, 2027, JUNE, "52"),
        (CONTRIBUTION, 2028, D(1), "55"),
        (CONTRIBUTION, 2029, JUNE, "55"),
        (INTENSITY, 2026, JUNE, None),
        (INTENSITY, 2026, D(1), "4"),
        (INTENSITY, 2027, JUNE, "4.5"),
        (replace(INTENSITY, stepwise=True), 2026, JUNE, "4"),
        (replace(VALUE_ADDED, stepwise=True), 2026, JUNE, "0"),
        (replace(VALUE_ADDED, stepwise=True), 2026, D(1), "33"),
        (replace(INTENSITY, stepwise=True, ratio=False), 2027, JUNE, "4"),
        (replace(INTENSITY, milestones=((2028, D(40)),)), 2027, D(1), None),
        (replace(CONTRIBUTION, milestones=((2028, D(55)),)), 2026, D(1), "51.4"),
    ],
)
def test_what_is_expected_follows_baseline_and_year_ends(
    plan: Trajectory, year: int, elapsed: Decimal, expected: str | None
) -> None:
    assert expected_at(plan, year, elapsed) == (None if expected is None else D(expected))


@pytest.mark.parametrize(
    ("plan", "actual", "status"),
    [
        (VALUE_ADDED, "16.5", "green"),
        (VALUE_ADDED, "16.49", "amber"),
        (VALUE_ADDED, "14.85", "amber"),
        (VALUE_ADDED, "14.84", "red"),
        (replace(VALUE_ADDED, amber_share=D("0.5")), "8.25", "amber"),
        (replace(VALUE_ADDED, comparator="at_least"), "17", "green"),
        (replace(VALUE_ADDED, comparator="at_most"), "16.5", "green"),
        (replace(VALUE_ADDED, comparator="at_most"), "18.15", "amber"),
        (replace(VALUE_ADDED, comparator="at_most"), "18.16", "red"),
        (replace(VALUE_ADDED, direction="decrease"), "10", "green"),
        (replace(VALUE_ADDED, direction="decrease"), "20", "red"),
        (CONTRIBUTION, "49.8", "green"),
        (CONTRIBUTION, "50.8", "green"),
        (CONTRIBUTION, "49.7", "amber"),
        (CONTRIBUTION, "44", "red"),
        (CONTRIBUTION, "60", "amber"),
    ],
)
def test_the_light_follows_the_shortfall(plan: Trajectory, actual: str, status: str) -> None:
    verdict = judge(plan, D(actual), period="2026-06", year=2026, elapsed=JUNE)
    assert verdict.status == status


def test_the_reason_is_told_in_both_languages() -> None:
    plan = replace(VALUE_ADDED, milestones=((2026, D(77)),))
    verdict = judge(plan, D("36.1"), period="2026-06", year=2026, elapsed=JUNE)
    assert verdict.reason_en == "actual 36.1 亿元, expected 38.5 by 2026-06"
    assert verdict.reason_zh == "截至 2026-06 实际 36.1 亿元，应达 38.5 亿元"


def test_without_a_baseline_nothing_is_judged() -> None:
    verdict = judge(INTENSITY, D("3.9"), period="2026-06", year=2026, elapsed=JUNE)
    assert verdict.status == "unknown"
    assert verdict.expected is None
    assert "no baseline" in verdict.reason_en


def test_a_final_target_reached_early_is_green_even_without_a_baseline() -> None:
    verdict = judge(INTENSITY, D("6.1"), period="2026-06", year=2026, elapsed=JUNE)
    assert verdict.status == "green"
    assert "the target 6 of 2028 is reached" in verdict.reason_en


AMOUNT = st.decimals(min_value=0, max_value=10**9, places=2)


@given(actual=AMOUNT, more=AMOUNT, month=st.integers(1, 12))
def test_more_is_never_judged_worse_when_more_is_wanted(
    actual: Decimal, more: Decimal, month: int
) -> None:
    order = ["red", "amber", "green"]
    elapsed = D(month) / 12
    first = judge(VALUE_ADDED, actual, period="p", year=2026, elapsed=elapsed)
    second = judge(VALUE_ADDED, actual + more, period="p", year=2026, elapsed=elapsed)
    assert order.index(second.status) >= order.index(first.status)


@given(month=st.integers(1, 11))
def test_the_trajectory_of_a_rising_plan_rises(month: int) -> None:
    for plan in (VALUE_ADDED, CONTRIBUTION):
        now = expected_at(plan, 2027, D(month) / 12)
        then = expected_at(plan, 2027, D(month + 1) / 12)
        assert now is not None
        assert then is not None
        assert now < then
