"""Every total the parks keep has a name in bulletins."""

from decimal import Decimal

import pytest
from parks.achievements.domain import COUNTS as ACHIEVEMENTS
from parks.metrics.domain import HIGH_TECH_COUNT, contributions
from parks.platforms.domain import KINDS, counts_of
from parks.rd_projects.domain import COUNTS as PROJECTS
from parks.returns.domain import MEASURES
from parks.technology_contracts.domain import metrics_of
from supervision.references.domain import metric_name

COUNTED = [HIGH_TECH_COUNT, *ACHIEVEMENTS, *PROJECTS, *(c for k in KINDS for c in counts_of(k))]


def totals() -> set[str]:
    numbers = dict.fromkeys(MEASURES, Decimal(1))
    moved = {
        each.metric
        for size in ("high_tech", "science_type", "ordinary")
        for each in contributions(
            numbers, enterprise_class=size, park_code="gangqu", in_programme=True
        )
    }
    return moved | {each.metric for each in COUNTED} | {*metrics_of("gangqu")}


@pytest.mark.parametrize("metric", sorted(totals()))
def test_a_total_of_the_parks_has_a_name_in_bulletins(metric: str) -> None:
    assert metric_name(metric, {"gangqu": "港区科技园"})
