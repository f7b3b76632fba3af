"""The forecast of a year: when there is one, why there is none, and that its range holds."""

import math
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from targets.forecasts.domain import Forecast, Unforecast, forecast, outlook, steps_of
from targets.periods.domain import Span, parse
from targets.status.domain import Trajectory

D = Decimal
SEASON = (0.7, 0.62, 1.05, 0.95, 0.98, 1.12, 0.93, 0.96, 1.1, 1.0, 1.08, 1.51)


def months(count: int, growth: float = 0.12, noise: float = 0.0) -> list[tuple[Span, Decimal]]:
    """A city's flow from January 2024, year to date, with a season and steady growth."""
    chance, total, made = random.Random(1), 0.0, []
    for number in range(count):
        year, month = divmod(number, 12)
        total = 0.0 if month == 0 else total
        total += SEASON[month] * math.exp(growth * number / 12 + chance.gauss(0, noise))
        made.append((parse(f"{2024 + year}-{month + 1:02}"), D(str(round(total, 6)))))
    return made


def made(history: list, kind: str = "amount", **how: bool) -> Forecast | Unforecast:
    return forecast(history, kind, **{"accumulates": True, "cumulative": True} | how)


def test_the_year_ends_near_where_a_steady_series_ends() -> None:
    known, whole = months(30, noise=0.02), months(36, noise=0.02)[-1][1]
    seen = made(known)
    assert isinstance(seen, Forecast)
    assert (seen.year, seen.as_of, seen.points, seen.method) == (2026, "2026-06", 30, "structural")
    assert seen.low <= seen.value <= seen.high
    assert abs(seen.value - whole) < whole * D("0.03")
    assert seen.low < whole < seen.high
    assert seen == made(known)


def test_the_range_narrows_as_the_year_goes() -> None:
    spread = []
    for count in (27, 30, 33, 35):
        seen = made(months(count, noise=0.03))
        assert isinstance(seen, Forecast)
        spread.append(seen.high - seen.low)
    assert spread == sorted(spread, reverse=True)


@pytest.mark.parametrize(
    ("history", "kind", "how", "code", "en"),
    [
        (months(14), "amount", {}, "insufficient_data", "14 of at least 15 periods are there"),
        (months(3), "amount", {}, "insufficient_data", "3 of at least 15 periods are there"),
        (months(30), "grade", {}, "not_applicable", "not for this kind"),
        (
            [*months(26), *months(30)[27:]], "amount", {"cumulative": False},
            "missing_period", "there is no number of 2026-03",
        ),
        (
            [(parse(f"2026-Q{n}"), D(n)) for n in (1, 2, 3)], "ratio", {"accumulates": False},
            "insufficient_data", "3 of at least 6 periods are there",
        ),
    ],
)  # fmt: skip
def test_nothing_is_guessed_from_too_little_and_the_answer_says_why(
    history: list, kind: str, how: dict, code: str, en: str
) -> None:
    seen = made(history, kind, **how)
    assert isinstance(seen, Unforecast)
    assert (seen.code, seen.en) == (code, en)
    assert seen.zh


def test_a_year_that_is_over_is_told_and_not_guessed() -> None:
    history = months(24)
    seen = made(history)
    assert isinstance(seen, Forecast)
    assert (seen.method, seen.low, seen.high) == ("actual", history[-1][1], history[-1][1])


def test_a_month_that_is_missing_is_missing_and_not_zero() -> None:
    history = months(30)
    steps = steps_of([*history[:13], *history[14:]], accumulates=True, cumulative=True)
    # What was reached in March holds February's as well: neither month can be told alone.
    assert steps.values[13:15] == (None, None)
    assert (steps.points, steps.ahead) == (28, 6)
    reported = steps_of([*history[:13], *history[14:]], accumulates=True, cumulative=False)
    assert reported.values[13] is None
    assert reported.points == 29


def test_levels_and_half_months_and_zeros_are_forecast_as_well() -> None:
    level = [(parse(f"{2024 + n // 4}-Q{n % 4 + 1}"), D(20 + n)) for n in range(10)]
    seen = made(level, "count", accumulates=False, cumulative=False)
    assert isinstance(seen, Forecast)
    assert D(29) < seen.value < D(33)
    halves = [
        (parse(f"{span.code}-H{half}"), value) for span, value in months(18) for half in (1, 2)
    ]
    assert isinstance(made(halves), Forecast)
    nothing = made([(span, D(0)) for span, _ in months(18)])
    assert isinstance(nothing, Forecast)
    assert nothing.low == 0


PLAN = Trajectory(
    comparator="reach",
    direction="increase",
    tolerance=D(0),
    amber_share=D("0.9"),
    unit="亿元",
    accumulates=True,
    stepwise=False,
    ratio=False,
    baseline=None,
    milestones=((2026, D(33)),),
)


@pytest.mark.parametrize(
    ("comparator", "low", "high", "expected"),
    [
        ("reach", 33, 35, "on_course"),
        ("reach", 32, 35, "uncertain"),
        ("reach", 30, 32, "off_course"),
        ("at_most", 30, 33, "on_course"),
        ("at_most", 34, 35, "off_course"),
        ("about", 32, 34, "uncertain"),
        ("about", 34, 35, "off_course"),
    ],
)
def test_the_outlook_follows_the_range(comparator: str, low: int, high: int, expected: str) -> None:
    plan = replace(PLAN, comparator=comparator)
    seen = Forecast(2026, "2026-06", 30, D(low + high) / 2, D(low), D(high), "structural")
    assert outlook(plan, seen) == expected
    assert outlook(plan, Forecast(2030, "2030", 1, D(1), D(1), D(1), "actual")) is None
