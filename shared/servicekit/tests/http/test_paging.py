"""What narrows a list: the filters that were given a value."""

from collections.abc import Callable
from typing import Any

import pytest
from servicekit.http.paging import given
from sqlalchemy import ColumnElement, Integer, Text, column

STATE, RANK = column("state", Text), column("rank", Integer)


def test_what_was_not_given_narrows_nothing() -> None:
    (only,) = given((None, STATE.__eq__), ("sent", STATE.__eq__), (None, RANK.__ge__))
    assert only.compare(STATE == "sent")
    assert given((None, STATE.in_)) == given() == []


@pytest.mark.parametrize(
    ("value", "condition", "expected"),
    [
        ("", STATE.__eq__, STATE == ""),
        (0, RANK.__ge__, RANK >= 0),
        ([], STATE.in_, STATE.in_([])),
        (False, lambda yes: RANK > 0 if yes else RANK <= 0, RANK <= 0),
    ],
)
def test_what_is_empty_nought_or_false_was_given(
    value: Any, condition: Callable[[Any], Any], expected: ColumnElement[bool]
) -> None:
    (only,) = given((value, condition))
    assert only.compare(expected)
