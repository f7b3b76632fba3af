"""What makes an indicator measurable, and what a revision is."""

from decimal import Decimal
from typing import Any

import pytest
from servicekit.problems import Unprocessable
from targets.indicators.domain import Revision, check_definition, revisions

D = Decimal
GOOD: dict[str, Any] = {
    "kind": "amount",
    "comparator": "reach",
    "tolerance": None,
    "baseline_year": 2025,
    "milestones": [(2026, D(33)), (2027, D(40))],
    "grade_ladder": [],
    "source_kind": "reported",
    "source_metric": None,
}


def test_a_sound_definition_passes() -> None:
    check_definition(**GOOD)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"milestones": [(2027, D(1)), (2026, D(2))]}, "/milestones"),
        ({"milestones": [(2026, D(1)), (2026, D(2))]}, "/milestones"),
        ({"baseline_year": 2026}, "/baseline/year"),
        ({"tolerance": D(1)}, "/tolerance"),
        ({"tolerance": D(-1), "comparator": "about"}, "/tolerance"),
        ({"kind": "grade"}, "/grade_ladder"),
        ({"source_kind": "parks"}, "/source_metric"),
        ({"source_metric": "x"}, "/source_metric"),
    ],
)
def test_an_unsound_one_says_where(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        check_definition(**GOOD | change)
    assert [error.pointer for error in caught.value.errors] == [pointer]


def test_only_targets_that_differ_are_revised() -> None:
    old = {2026: D(33), 2027: D(40)}
    assert revisions(old, {2026: D("33.00"), 2027: D(41), 2028: D(54)}) == [
        Revision(2027, D(40), D(41)),
        Revision(2028, None, D(54)),
    ]
    assert revisions(old, {2026: D(33)}) == [Revision(2027, D(40), None)]
