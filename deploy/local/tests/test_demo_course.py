"""The demo's twelve months: whatever the day, there is a fall and a way back."""

from datetime import date
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local_stack.demo.cast import ENTERPRISES
from local_stack.demo.course import course
from local_stack.demo.returns import measures
from local_stack.demo.telling import table
from local_stack.errors import StackFailed

BASELINE, TARGET = Decimal(27), Decimal(33)
RED = Decimal("0.9")


@given(st.dates(date(2026, 4, 1), date(2030, 1, 1)))
def test_the_city_falls_behind_once_and_comes_back(today: date) -> None:
    months = course(today, 2026, BASELINE, TARGET)
    assert len(months) == 12
    assert max(f"{today:%Y-%m}", "2026-12") >= months[-1].period
    assert all(month.value_added > 0 for month in months)
    own = [month.value_added for month in months if month.year == 2026]
    expected = [TARGET * (n + 1) / 12 for n in range(len(own))]
    red = [done < RED * due for done, due in zip(accumulate(own), expected, strict=True)]
    assert red.count(True) == 1
    assert red[-1] is False


@given(st.dates(date(2026, 4, 1), date(2026, 12, 31)))
def test_the_first_return_of_a_month_alone_turns_nothing_red(today: date) -> None:
    months = [m for m in course(today, 2026, BASELINE, TARGET) if m.year == 2026]
    done = Decimal(0)
    for number, month in enumerate(months, 1):
        first = done + month.value_added * ENTERPRISES[0].weight
        done += month.value_added
        due = TARGET * number / 12
        assert (first < RED * due) == (done < RED * due)


def test_too_early_a_day_is_refused_in_words() -> None:
    with pytest.raises(StackFailed, match="earlier ANCHOR_YEAR"):
        course(date(2026, 3, 31), 2026, BASELINE, TARGET)


def test_an_enterprises_numbers_agree_with_each_other() -> None:
    month = course(date(2026, 11, 23), 2026, BASELINE, TARGET)[0]
    assert sum(member.weight for member in ENTERPRISES) == 1
    for member in ENTERPRISES:
        numbers = {name: Decimal(value) for name, value in measures(member, month).items()}
        assert 0 < numbers["own_ip_output"] < numbers["high_tech_output"]
        assert numbers["high_tech_value_added"] < numbers["high_tech_output"]


def test_chinese_characters_take_two_columns() -> None:
    assert list(table([["科技", "a"], ["x", "b"]])) == ["科技  a", "x     b"]
