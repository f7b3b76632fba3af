"""How numbers add up: any split of units and periods comes to the same, and nothing is guessed."""

from datetime import date
from decimal import Decimal
from functools import reduce
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from targets.observations.domain import Reading
from targets.periods.domain import parse
from targets.rollups.domain import (
    CITY,
    Course,
    Step,
    Window,
    moved,
    roll_up,
    steps_between,
)
from targets.totals.domain import (
    Rule,
    Total,
    Undecided,
    joined,
    of_unit,
    replaced,
    result,
    unit_total,
)

D = Decimal
OVER_UNITS = ("sum", "latest", "max", "min", "average", "ratio_of_sums", "count", "any", "all")
YEAR_END = date(2026, 12, 31)
amounts = st.decimals(-(10**9), 10**9, places=6)
parts = st.decimals(1, 10**9, places=2)


def reading(period: str, value: str, unit: str | None = None, **more: object) -> Reading:
    number = int(more.pop("number", 0))  # pyright: ignore[reportArgumentType]
    known = (unit, period, parse(period).ends_on, UUID(int=number), D(value))
    return Reading(*known, **more)  # pyright: ignore[reportArgumentType]


def of(readings: list[Reading], time: str, units: str = "sum", unit: str = "亿元") -> Decimal:
    """What the city comes to after all of these."""
    rule = Rule(time, units, unit)
    below = {str(r.unit_code): [] for r in readings if r.unit_code}
    city = roll_up(rule, readings, below)[CITY]
    total = city[max(city)]
    assert total is not None
    return result(rule, total)


def test_a_flow_adds_up_within_its_year() -> None:
    numbers = [reading("2025-Q4", "9"), reading("2026-Q1", "1"), reading("2026-Q2", "2")]
    assert of(numbers, "sum") == 3


def test_a_year_to_date_number_holds_the_earlier_ones() -> None:
    numbers = [
        reading("2026-01", "3", year_to_date=True),
        reading("2026-02", "5", year_to_date=True),
        reading("2026-03", "2"),
    ]
    assert of(numbers, "sum") == 7


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


@pytest.mark.parametrize(
    ("time", "units", "expected"),
    [
        ("latest", "average", "4"),
        ("latest", "max", "7"),
        ("latest", "min", "0"),
        ("latest", "count", "3"),
        ("latest", "any", "1"),
        ("latest", "all", "0"),
        ("any", "all", "1"),
        ("all", "all", "0"),
        ("count", "sum", "5"),
        ("average", "sum", "12"),
        ("min", "max", "5"),
        ("max", "latest", "5"),
    ],
)
def test_each_kind_over_time_and_over_units(time: str, units: str, expected: str) -> None:
    numbers = [
        reading("2026-Q1", "3", "a", number=1),
        reading("2026-Q2", "7", "a", number=2),
        reading("2026-Q1", "4", "b", number=3),
        reading("2026-Q2", "0", "b", number=4),
        reading("2026-Q2", "5", "c", number=5),
    ]
    assert of(numbers, time, units) == D(expected)


def test_what_was_obtained_stays_obtained_and_a_flow_begins_anew() -> None:
    numbers = [reading("2026-06", "2"), reading("2027-03", "1")]
    assert of(numbers, "max", "max") == 2
    assert of(numbers, "sum") == 1


def test_a_missing_period_is_missing_and_not_zero() -> None:
    rule = Rule("average", "average", "亿元")
    numbers = [reading("2026-01", "6"), reading("2026-03", "4")]
    assert of(numbers, "average", "average") == 5
    assert of(numbers, "min", "min") == 4
    assert unit_total(rule, numbers, date(2026, 2, 28)) == unit_total(
        rule, numbers[:1], date(2026, 2, 1)
    )
    assert unit_total(rule, numbers, date(2025, 12, 31)) is None
    assert unit_total(rule, numbers, date(2027, 1, 31)) is None


def test_parts_that_come_to_nothing_divide_nothing() -> None:
    none = [reading("2026-01", "5", numerator=D(0), denominator=D(0))]
    assert of(none, "ratio_of_sums", "ratio_of_sums", "%") == 5
    against = [
        reading("2026-01", "5", "a", numerator=D(1), denominator=D(20)),
        reading("2026-02", "-5", "b", numerator=D(1), denominator=D(-20), number=1),
    ]
    assert of(against, "ratio_of_sums", "ratio_of_sums", "%") == -5


months = st.lists(st.tuples(amounts, parts, parts), min_size=12, max_size=12)


def told(numbers: list[tuple[Decimal, Decimal, Decimal]], by_quarter: list[bool]) -> list[Reading]:
    """A year's numbers by month, and those of these quarters in one."""
    found: list[Reading] = []
    for quarter, together in enumerate(by_quarter):
        three = range(quarter * 3, quarter * 3 + 3)
        spans = [(f"2026-{m + 1:02}", [m]) for m in three]
        if together:
            spans = [(f"2026-Q{quarter + 1}", list(three))]
        for period, these in spans:
            value, top, bottom = (str(sum((numbers[m][i] for m in these), D(0))) for i in range(3))
            found.append(reading(period, value, numerator=D(top), denominator=D(bottom)))
    return found


@given(
    months,
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.sampled_from(["sum", "ratio_of_sums"]),
)
def test_any_split_of_the_year_comes_to_the_same(
    numbers: list[tuple[Decimal, Decimal, Decimal]], by_quarter: list[bool], how: str
) -> None:
    whole = of(told(numbers, [False] * 4), how, how, "%")
    split = told(numbers, by_quarter)
    assert of(split, how, how, "%") == whole
    # Months that are also told by their quarter do not count twice.
    assert of([*split, *told(numbers, [True] * 4)], how, how, "%") == whole


units = st.lists(st.tuples(amounts, parts, parts), min_size=2, max_size=9)


def totals(rule: Rule, numbers: list[tuple[Decimal, Decimal, Decimal]]) -> list[Total]:
    return [
        of_unit(
            rule,
            [reading("2026-03", str(value), f"u{n}", numerator=top, denominator=bottom, number=n)],
        )
        for n, (value, top, bottom) in enumerate(numbers)
    ]


@given(units, st.sampled_from(OVER_UNITS), st.data())
def test_any_split_of_the_units_comes_to_the_same(
    numbers: list[tuple[Decimal, Decimal, Decimal]], how: str, data: st.DataObject
) -> None:
    rule = Rule("latest", how, "%")
    given_ = totals(rule, numbers)
    whole = reduce(lambda a, b: joined(rule, a, b), given_)
    shuffled = data.draw(st.permutations(given_))
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(given_), max_size=len(given_)))
    of_groups: list[Total | None] = [None] * 4
    for group, total in zip(groups, shuffled, strict=True):
        of_groups[group] = joined(rule, of_groups[group], total)
    again = reduce(lambda a, b: joined(rule, a, b), of_groups)
    assert again == whole
    assert whole is not None
    assert result(rule, whole) == result(rule, again or whole)


@given(units, amounts, st.sampled_from(OVER_UNITS))
def test_a_number_in_the_place_of_another_is_as_if_it_had_been_there_from_the_start(
    numbers: list[tuple[Decimal, Decimal, Decimal]], better: Decimal, how: str
) -> None:
    rule = Rule("latest", how, "%")
    rest, (old,) = totals(rule, numbers)[1:], totals(rule, numbers)[:1]
    new = of_unit(rule, [reading("2026-04", str(better), "u0", number=99)])
    for part in (new, None):
        wanted = reduce(lambda a, b: joined(rule, a, b), [*rest, part])
        whole = reduce(lambda a, b: joined(rule, a, b), [*rest, old])
        try:
            assert replaced(rule, whole, old, part) == wanted
        except Undecided:
            assert how in ("max", "min", "latest", "ratio_of_sums") or part is None


def test_a_late_number_changes_the_later_days_of_its_year_only() -> None:
    rule = Rule("sum", "sum", "亿元")
    had = [reading("2026-02", "2"), reading("2026-04", "4"), reading("2027-01", "9")]
    steps = steps_between(rule, had, [*had, reading("2026-03", "1")], date(2026, 3, 31))
    assert [(s.since, s.until) for s in steps] == [
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 4, 30), date(2027, 1, 1)),
    ]
    assert [s.new.amount - s.old.amount for s in steps if s.old and s.new] == [1, 1]


def test_a_late_level_stands_until_the_next_one() -> None:
    rule = Rule("latest", "sum", "家")
    had = [reading("2026-02", "2"), reading("2026-04", "4")]
    steps = steps_between(rule, had, [*had, reading("2026-03", "3")], date(2026, 3, 31))
    assert [(s.since, s.until) for s in steps] == [(date(2026, 3, 31), date(2026, 4, 30))]


def test_a_course_is_the_same_whether_kept_or_made_anew() -> None:
    rule = Rule("sum", "sum", "亿元")
    kept = Course(rule, {})
    numbers: list[Reading] = []
    for period, value in [("2026-03", "3"), ("2026-01", "1"), ("2026-02", "2"), ("2027-01", "5")]:
        more = [*numbers, reading(period, value)]
        for step in steps_between(rule, numbers, more, parse(period).ends_on):
            assert kept.follow(step) == []
        numbers = more
    assert kept.without_repeats() == roll_up(rule, numbers, {})[CITY]
    assert kept.at(YEAR_END) == kept.at(date(2026, 4, 1))
    assert kept.at(date(2028, 1, 1)) is None


def test_a_unit_that_is_moved_leaves_what_it_stood_under_and_nothing_else() -> None:
    day = date(2026, 7, 1)
    before = [
        Window("u", 0, date.min, date.max),
        Window("a", 1, date.min, date.max),
        Window("top", 2, date.min, date.max),
    ]
    after = [
        Window("u", 0, date.min, date.max),
        Window("a", 1, date.min, day),
        Window("b", 1, day, date.max),
        Window("top", 2, date.min, day),
        Window("top", 2, day, date.max),
    ]
    left, entered = moved(before, after, day)
    assert left == [Window("a", 1, day, date.max)]
    assert entered == [Window("b", 1, day, date.max)]


def test_a_change_ends_where_its_window_does() -> None:
    rule = Rule("latest", "sum", "家")
    course = Course(rule, {})
    total = of_unit(rule, [reading("2026-01", "3")])
    course.follow(Step(date(2026, 1, 31), date(2026, 7, 1), None, total))
    assert course.at(date(2026, 6, 30)) is not None
    assert course.at(date(2026, 7, 1)) is None
