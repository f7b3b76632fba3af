"""The metrics the services publish and an indicator may be fed by."""

from kechuang.plan.schema import Plan

_PARKS = frozenset(
    {
        "sales_revenue.six_parks",
        "high_tech_value_added.city",
        "own_ip_share.city",
        "rd_intensity.high_tech",
        "rd_intensity.science_type",
        "rd_intensity.ordinary",
        "count.high_tech",
    }
)
_FUNDING = frozenset({"st_share", "three_st_share", "leverage", "special_funds_total"})


def published(plan: Plan, service: str) -> frozenset[str]:
    """The metrics of one service; each park of the plan adds the grade it has obtained."""
    if service == "parks":
        return _PARKS | {f"park_grade.{park.code}" for park in plan.parks}
    return _FUNDING if service == "funding" else frozenset()
