"""When the minutes of a meeting may be stood for."""

import pytest
from servicekit.problems import InvalidTransition
from supervision.minutes.domain import check_confirmation


def test_minutes_that_were_cleared_cannot_be_confirmed() -> None:
    with pytest.raises(InvalidTransition):
        check_confirmation("held", False, None, "leader")


def test_minutes_are_confirmed_by_somebody_else() -> None:
    assert check_confirmation("held", False, "recorder", "leader") is None
