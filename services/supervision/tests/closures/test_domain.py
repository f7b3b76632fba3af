"""What has to be shown before an item is closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from supervision.closures.domain import (
    Case,
    IndicatorNotRemeasured,
    Measurement,
    NotHandedIn,
    NotReinspected,
    RuleNotRestored,
    counts_as_remeasured,
    refuse_unproved,
)

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
NOTHING = Case(
    origin="manual",
    origin_ref=None,
    indicator=None,
    remeasured_status=None,
    restored=False,
    reinspected=False,
    handed_in=False,
    excepted=False,
)
MEASURED = replace(NOTHING, origin="indicator", indicator="six-parks-sales")
RULE = replace(NOTHING, origin="rule", origin_ref="three-st-share")
FINDING = replace(NOTHING, origin="finding")
OVERDUE = replace(NOTHING, origin="overdue_report")


@pytest.mark.parametrize("origin", ["manual", "decision"])
def test_most_items_wait_for_nothing(origin: str) -> None:
    refuse_unproved(replace(NOTHING, origin=origin))


@pytest.mark.parametrize("status", [None, "red", "unknown"])
def test_an_item_is_not_closed_while_its_indicator_is_not_shown_off_red(status: str | None) -> None:
    with pytest.raises(IndicatorNotRemeasured):
        refuse_unproved(replace(MEASURED, remeasured_status=status))


@pytest.mark.parametrize("status", ["green", "amber"])
def test_a_measurement_off_red_lets_it_close(status: str) -> None:
    refuse_unproved(replace(MEASURED, remeasured_status=status))


def test_a_broken_rule_waits_until_it_is_kept_and_a_finding_until_somebody_looks_again() -> None:
    with pytest.raises(RuleNotRestored):
        refuse_unproved(replace(RULE, reinspected=True))
    refuse_unproved(replace(RULE, restored=True))
    with pytest.raises(NotReinspected):
        refuse_unproved(replace(FINDING, restored=True))
    refuse_unproved(replace(FINDING, reinspected=True))


def test_what_is_overdue_waits_until_it_comes() -> None:
    with pytest.raises(NotHandedIn):
        refuse_unproved(replace(OVERDUE, reinspected=True, restored=True))
    refuse_unproved(replace(OVERDUE, handed_in=True))


@pytest.mark.parametrize("case", [MEASURED, RULE, FINDING, OVERDUE])
def test_an_exception_takes_the_place_of_any_proof(case: Case) -> None:
    refuse_unproved(replace(case, excepted=True))


def test_only_a_later_measurement_of_the_same_or_a_later_period_counts() -> None:
    def found(at: datetime, last: date) -> bool:
        measured = Measurement(at, "2026-07", last, "green")
        return counts_as_remeasured(measured, after=NOON, not_before=date(2026, 6, 30))

    assert found(NOON + timedelta(seconds=1), date(2026, 6, 30))
    assert not found(NOON, date(2026, 7, 31))
    assert not found(NOON + timedelta(days=9), date(2026, 5, 31))
