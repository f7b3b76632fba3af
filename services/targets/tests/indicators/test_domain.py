"""What makes an indicator measurable."""

from decimal import Decimal
from typing import Any

import pytest
from servicekit.problems import Unprocessable
from targets.indicators.domain import check_definition

D = Decimal
GOOD: dict[str, Any] = {
    "kind": "amount",
    "unit": "亿元",
    "time_aggregation": "sum",
    "unit_aggregation": "sum",
    "green_share": D(1),
    "amber_share": D("0.9"),
    "phasing_shares": None,
    "comparator": "reach",
    "tolerance": None,
    "baseline_year": 2025,
    "milestones": [(2026, D(33)), (2027, D(40))],
    "grade_ladder": [],
    "source_kind": "reported",
    "source_metric": None,
    "formula": None,
}
LEVEL = {"time_aggregation": "latest", "unit_aggregation": "max"}
LADDER = {"grade_ladder": ["a", "b"], "milestones": [(2026, D(1)), (2027, D(2))]}


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
        ({"kind": "grade", **LEVEL}, "/grade_ladder"),
        ({"unit": "斗"}, "/unit"),
        ({"kind": "ratio", "time_aggregation": "latest"}, "/unit_aggregation"),
        ({"kind": "ratio", **LEVEL, "time_aggregation": "average"}, "/time_aggregation"),
        ({"kind": "grade", **LEVEL, "unit_aggregation": "sum", **LADDER}, "/unit_aggregation"),
        ({"time_aggregation": "ratio_of_sums"}, "/time_aggregation"),
        ({"unit_aggregation": "any"}, "/unit_aggregation"),
        ({"green_share": D("0.8")}, "/green_share"),
        ({"phasing_shares": [D(1)]}, "/phasing_shares"),
        ({"phasing_shares": [D(1)] * 11 + [D("0.9")]}, "/phasing_shares"),
        ({"source_kind": "parks"}, "/source_metric"),
        ({"source_metric": "x"}, "/source_metric"),
    ],
)
def test_an_unsound_one_says_where(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        check_definition(**GOOD | change)
    assert [error.pointer for error in caught.value.errors] == [pointer]
