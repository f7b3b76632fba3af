"""What a part of a target can be."""

from decimal import Decimal

import pytest
from servicekit.problems import InvalidTransition, Unprocessable
from targets.assignments.domain import HasParts, check_in_force, check_value, withdraw

LADDER = ["municipal", "provincial", "national"]


@pytest.mark.parametrize(
    ("kind", "value"), [("amount", "1.5"), ("grade", "3"), ("built", "1"), ("count", "12")]
)
def test_a_part_is_of_the_same_kind_as_the_whole(kind: str, value: str) -> None:
    check_value(kind, LADDER, Decimal(value))


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("grade", "4", "not_on_ladder"),
        ("grade", "0", "not_on_ladder"),
        ("built", "2", "not_zero_or_one"),
        ("recurring", "1.5", "not_whole"),
    ],
)
def test_another_kind_is_refused(kind: str, value: str, code: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        check_value(kind, LADDER, Decimal(value))
    assert [error.code for error in caught.value.errors] == [code]


def test_it_is_withdrawn_once_and_after_its_parts() -> None:
    assert withdraw("in_force", 0) == "withdrawn"
    with pytest.raises(HasParts):
        withdraw("in_force", 1)
    with pytest.raises(InvalidTransition):
        check_in_force("withdrawn", "edit")
