"""The tree of units has no circle."""

import pytest
from targets.directory.domain import CircularTree, check_parent


def test_a_unit_cannot_stand_under_itself_or_what_is_below_it() -> None:
    check_parent("a", None, [])
    check_parent("a", "b", ["b", "c"])
    with pytest.raises(CircularTree):
        check_parent("a", "a", [])
    with pytest.raises(CircularTree):
        check_parent("a", "b", ["b", "a"])
