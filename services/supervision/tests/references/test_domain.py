"""The totals of the parks' register in words."""

import pytest
from supervision.references.domain import metric_name

PARKS = {"gangqu": "港区科技园"}


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("sales_revenue.six_parks", "六园区销售收入"),
        ("sales_revenue.park.gangqu", "港区科技园销售收入"),
        ("technology_trade_volume.park.unheard-of", "unheard-of技术市场交易额"),
        ("rd_intensity.science_type", "科技型企业研发投入强度"),
        ("count.provincial_key_laboratory_in_parks", "园区内省级重点实验室"),
        ("something.else", None),
        ("something.park.gangqu", None),
    ],
)
def test_a_total_has_a_name_or_none(metric: str, name: str | None) -> None:
    assert metric_name(metric, PARKS) == name
