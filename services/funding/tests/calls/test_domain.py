"""What makes a call sound, and where its days have brought it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from funding.calls import domain
from hypothesis import given
from hypothesis import strategies as st
from servicekit.problems import Unprocessable

DAYS = st.integers(-40, 40).map(lambda n: date(2026, 6, 1) + timedelta(days=n))


def call(**changes: Any) -> dict[str, Any]:
    return {
        "opens_on": date(2026, 3, 1),
        "closes_on": date(2026, 3, 31),
        "min_amount": Decimal(1),
        "max_amount": Decimal(2),
        "required_attachments": [],
        "criteria": [{"code": "a", "weight": "100"}],
        "rules": [],
        **changes,
    }


def rule(name: str, *values: str) -> dict[str, Any]:
    return {"rule": name, "values": list(values)}


def test_a_sound_call_is_taken() -> None:
    rules = [
        rule("enterprise_class", "high_tech"),
        rule("recognition_valid", "science_type"),
        rule("in_park"),
        rule("active"),
        rule("no_open_rectification"),
        rule("no_duplicate", "call"),
    ]
    domain.check_sound(call(rules=rules))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"opens_on": date(2026, 4, 1)}, ["before_start"]),
        ({"min_amount": Decimal(3)}, ["before_start"]),
        ({"criteria": [{"code": "a", "weight": "99.99"}]}, ["weights_not_100"]),
        (
            {"criteria": [{"code": "a", "weight": "50"}, {"code": "a", "weight": "50"}]},
            ["named_twice"],
        ),
        ({"rules": [rule("active"), rule("active")]}, ["named_twice"]),
        ({"rules": [rule("active", "yes")]}, ["rule_values"]),
        ({"rules": [rule("enterprise_class")]}, ["rule_values"]),
        ({"rules": [rule("enterprise_class", "rich")]}, ["rule_values"]),
        ({"rules": [rule("no_duplicate", "call", "fund_and_year")]}, ["rule_values"]),
        (
            {"rules": [rule("no_duplicate")], "max_amount": Decimal(0)},
            ["before_start", "rule_values"],
        ),
    ],
)
def test_everything_that_is_wrong_is_named(changes: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Unprocessable) as caught:
        domain.check_sound(call(**changes))
    assert [error.code for error in caught.value.errors] == codes


@given(DAYS, st.integers(0, 30), DAYS)
def test_a_published_call_is_open_on_its_days_and_on_no_others(
    opens_on: date, length: int, today: date
) -> None:
    closes_on = opens_on + timedelta(days=length)
    state = domain.state_on("published", opens_on, closes_on, today)
    if today < opens_on:
        assert state == "published"
    elif today <= closes_on:
        assert state == "open"
    else:
        assert state == "closed"
    assert domain.state_on(state, opens_on, closes_on, today) == state


@given(st.sampled_from(["draft", "ranked", "announced", "awarded"]), DAYS)
def test_days_move_no_other_call(state: str, today: date) -> None:
    assert domain.state_on(state, date(2026, 6, 1), date(2026, 6, 2), today) == state
