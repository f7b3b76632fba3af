"""The trajectory and the judgement, in the plan's own numbers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from targets.periods.domain import parse
from targets.status.domain import Trajectory, expected_at, judge, once_reached, shortfall_of

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
    verdict = judge(plan, D(actual), period="2026-06")
    assert verdict.status == status


def test_the_reason_is_told_in_both_languages() -> None:
    plan = replace(VALUE_ADDED, milestones=((2026, D(77)),))
    verdict = judge(plan, D("36.1"), period="2026-06")
    assert verdict.reason_en == "actual 36.1, expected 38.5 by June 2026 (in 100 million yuan)"
    assert verdict.reason_zh == "截至 2026 年 6 月实际 36.1 亿元，应达 38.5 亿元"


COUNT = replace(
    VALUE_ADDED,
    kind="count",
    unit="家",
    accumulates=False,
    baseline=(2025, D(0)),
    milestones=((2026, D(2)), (2028, D(30))),
)
GRADE = replace(
    COUNT,
    kind="grade",
    unit="级",
    stepwise=True,
    baseline=None,
    milestones=((2028, D(2)),),
    ladder=("municipal", "provincial", "national"),
)
BUILT = replace(GRADE, kind="built", unit="个", ladder=(), milestones=((2027, D(1)),))


@pytest.mark.parametrize(
    ("plan", "actual", "period", "status", "en", "zh"),
    [
        (
            COUNT, "1", "2026-Q2", "green",
            "actual 1 body, expected 1 body by June 2026",
            "截至 2026 年 6 月实际 1 家，应达 1 家",
        ),
        (
            COUNT, "1", "2026", "red",
            "actual 1 body, expected 2 bodies by the end of 2026",
            "截至 2026 年末实际 1 家，应达 2 家",
        ),
        (
            replace(COUNT, unit="%", comparator="at_most"), "0.5", "2026-07-H1", "green",
            "actual 0.5%, expected at most 1.08% by mid-July 2026",
            "截至 2026 年 7 月中实际 0.5%，应不超过 1.08%",
        ),
        (
            replace(VALUE_ADDED, unit="万元", comparator="at_least"), "10", "2026-06", "red",
            "actual 10, expected at least 16.5 by June 2026 (in 10,000 yuan)",
            "截至 2026 年 6 月实际 10 万元，应不低于 16.5 万元",
        ),
        (
            GRADE, "0", "2027-06", "green",
            "no grade by June 2027, provincial grade due by the end of 2028",
            "截至 2027 年 6 月未取得等级，2028 年末应省级",
        ),
        (
            GRADE, "1", "2028", "red",
            "municipal grade by the end of 2028, provincial grade due by the end of 2028",
            "截至 2028 年末市级，2028 年末应省级",
        ),
        (
            BUILT, "0", "2027-11", "green",
            "not built by November 2027, built due by the end of 2027",
            "截至 2027 年 11 月未建成，2027 年末应建成",
        ),
        (
            BUILT, "0", "2028-01", "red",
            "not built by January 2028, built due by the end of 2027",
            "截至 2028 年 1 月未建成，2027 年末应建成",
        ),
    ],
)  # fmt: skip
def test_units_grades_and_things_built_are_told_as_one_says_them(
    plan: Trajectory, actual: str, period: str, status: str, en: str, zh: str
) -> None:
    verdict = judge(plan, D(actual), period=period)
    assert (verdict.reason_en, verdict.reason_zh, verdict.status) == (en, zh, status)


SPRING = tuple(D(n) / 100 for n in (5, 10, 18, 26, 34, 44, 52, 60, 69, 77, 86, 100))


def test_custom_phasing_follows_its_own_shares() -> None:
    flow, level = replace(VALUE_ADDED, shares=SPRING), replace(COUNT, shares=SPRING)
    assert expected_at(flow, 2026, D(2) / 12) == D("3.3")
    assert expected_at(flow, 2026, D("2.5") / 12) == D("4.62")
    assert expected_at(level, 2026, D(6) / 12) == D("0.88")
    assert expected_at(level, 2028, D(6) / 12) == D(2) + 28 * (D(1) + D("0.44")) / 2


def test_a_target_reached_once_stays_reached_where_that_is_enough() -> None:
    past = [(parse("2026-03"), D(1)), (parse("2026-05"), D(2)), (parse("2026-12"), D(1))]
    reached = once_reached(COUNT, past)
    assert reached == ("2026-05", D(2))
    verdict = judge(COUNT, D(1), period="2026-12", reached=reached)
    assert verdict.status == "green"
    assert verdict.reason_en == (
        "actual 1 body by December 2026; the target of the year was reached by May 2026"
        " with 2 bodies"
    )
    assert once_reached(replace(COUNT, comparator="at_least"), past) is None
    assert once_reached(COUNT, [*past, (parse("2027-01"), D(1))]) is None


def test_a_baseline_of_zero_or_none_at_all_is_safe() -> None:
    nothing = replace(VALUE_ADDED, accumulates=False, baseline=(2025, D(0)))
    assert expected_at(nothing, 2026, D(0)) == 0
    assert judge(nothing, D(0), period="2026-01-H1").status == "red"
    assert judge(replace(nothing, baseline=None), D(0), period="2026-06").status == "unknown"
    zero = replace(nothing, milestones=((2026, D(0)),), comparator="at_most")
    assert judge(zero, D(0), period="2026").status == "green"
    assert judge(zero, D(1), period="2026").status == "red"


def test_without_a_baseline_nothing_is_judged() -> None:
    verdict = judge(INTENSITY, D("3.9"), period="2026-06")
    assert verdict.status == "unknown"
    assert verdict.expected is None
    assert "no baseline" in verdict.reason_en


def test_a_final_target_reached_early_is_green_even_without_a_baseline() -> None:
    verdict = judge(INTENSITY, D("6.1"), period="2026-06")
    assert verdict.status == "green"
    assert "the target 6% of 2028 is reached" in verdict.reason_en


AMOUNT = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
SHARE = st.decimals(min_value=0, max_value=1, places=2)
ORDER = ("red", "amber", "green")


@st.composite
def plans(draw: st.DrawFn) -> Trajectory:
    """Any plan of Y1, Y2 and final with a baseline."""
    amber, green = sorted((draw(SHARE), draw(SHARE)))
    comparator = draw(st.sampled_from(["reach", "at_least", "at_most", "about"]))
    shares = draw(st.just([]) | st.lists(SHARE, min_size=11, max_size=11))
    return Trajectory(
        comparator=comparator,
        direction=draw(st.sampled_from(["increase", "decrease"])),
        tolerance=draw(SHARE) if comparator == "about" else D(0),
        green_share=green,
        amber_share=amber,
        unit="亿元",
        accumulates=draw(st.booleans()),
        stepwise=draw(st.booleans()) and not shares,
        ratio=draw(st.booleans()),
        shares=(*sorted(shares), D(1)) if shares else (),
        baseline=(2025, draw(AMOUNT)),
        milestones=tuple((year, draw(AMOUNT)) for year in (2026, 2027, 2028)),
    )


PERIOD = st.builds("{}-{:02}".format, st.integers(2026, 2028), st.integers(1, 12))


@given(plan=plans(), actual=AMOUNT, better=AMOUNT, period=PERIOD)
def test_a_better_actual_is_never_judged_worse(
    plan: Trajectory, actual: Decimal, better: Decimal, period: str
) -> None:
    first = judge(plan, actual, period=period)
    assert first.expected is not None
    if plan.comparator == "about":
        # Better is nearer to what is expected, on the same side of it.
        second = judge(plan, (actual + first.expected) / 2, period=period)
    else:
        less = plan.comparator == "at_most" or plan.direction == "decrease"
        second = judge(plan, actual - abs(better) if less else actual + abs(better), period=period)
    assert ORDER.index(second.status) >= ORDER.index(first.status)


@given(plan=plans(), actual=AMOUNT, period=PERIOD)
def test_the_light_is_that_of_the_thresholds(
    plan: Trajectory, actual: Decimal, period: str
) -> None:
    verdict = judge(plan, actual, period=period)
    assert verdict.expected is not None
    missed, size = shortfall_of(plan, actual, verdict.expected), abs(verdict.expected)
    if verdict.status == "green":
        assert missed <= (1 - plan.green_share) * size
    elif plan.comparator != "about":
        assert missed > (1 - plan.green_share) * size
        assert (verdict.status == "amber") == (missed <= (1 - plan.amber_share) * size)


@given(plan=plans())
def test_the_trajectory_passes_through_its_milestones(plan: Trajectory) -> None:
    for year, value in plan.milestones:
        assert expected_at(plan, year, D(1)) == value


@given(plan=plans(), month=st.integers(0, 11), year=st.sampled_from([2026, 2027, 2028]))
def test_within_a_year_the_trajectory_goes_one_way(plan: Trajectory, month: int, year: int) -> None:
    ends = dict([plan.baseline or (0, D(0)), *plan.milestones])
    start = D(0) if plan.accumulates else ends[year - 1]
    step = ends[year] - start
    now, then = (expected_at(plan, year, D(m) / 12) for m in (month, month + 1))
    assert now is not None
    assert then is not None
    assert (then - now) * step >= 0
