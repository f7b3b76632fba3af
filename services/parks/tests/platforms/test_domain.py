"""What a platform counts for, and what can be said of one."""

from datetime import date

import pytest
from parks.parks.domain import FutureDate
from parks.platforms.domain import (
    KINDS,
    DaysReversed,
    LevelIncomplete,
    check_days,
    check_level,
    counts_of,
)

DAY, TODAY = date(2026, 6, 30), date(2026, 7, 31)


def test_the_numbers_of_the_plan_are_among_those_counted() -> None:
    counted = {each.metric: each.unit for kind in KINDS for each in counts_of(kind)}
    assert len(counted) == sum(len(counts_of(kind)) for kind in KINDS)
    assert {
        "count.provincial_key_laboratory_in_parks": "个",
        "count.municipal_engineering_centre_in_enterprises": "个",
        "count.provincial_engineering_centre_in_enterprises": "个",
        "count.national_engineering_centre_in_enterprises": "个",
        "count.intermediary": "家",
        "count.association": "家",
        "count.new_iur_base": "个",
    }.items() <= counted.items()


@pytest.mark.parametrize(
    "given", [("municipal", None, "1号"), (None, DAY, None), (None, None, "1号")]
)
def test_a_level_is_complete_or_none(given: tuple) -> None:
    check_level(None, None, None)
    check_level("municipal", DAY, "1号")
    with pytest.raises(LevelIncomplete):
        check_level(*given)


def test_days_follow_each_other_and_have_come() -> None:
    check_days(DAY, DAY, "closed_on", TODAY)
    with pytest.raises(DaysReversed) as reversed_days:
        check_days(DAY, date(2026, 6, 29), "closed_on", TODAY)
    assert [error.pointer for error in reversed_days.value.errors] == ["/closed_on"]
    with pytest.raises(FutureDate):
        check_days(date(2026, 8, 1), None, "closed_on", TODAY)
    with pytest.raises(FutureDate):
        check_days(DAY, date(2026, 8, 1), "closed_on", TODAY)
