"""The metrics the services publish and an indicator may be fed by."""

from collections.abc import Iterator

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
        "count.new_iur_base",
        "count.achievement_transferred",
        "count.rd_project",
        "rd_project.investment",
        "rd_project.new_sales",
        "rd_project.profit_and_tax",
        "technology_trade_volume.city",
    }
)
_LEVELS = ("municipal", "provincial", "national")
_PLATFORMS = {
    "key_laboratory": "in_parks",
    "engineering_centre": "in_enterprises",
    "incubator": None,
    "intermediary": None,
    "association": None,
    "iur_base": None,
}
"""The kinds of platforms, and where the plan wants them to be."""
_FUNDING = frozenset({"st_share", "three_st_share", "leverage", "special_funds_total"})


def published(plan: Plan, service: str) -> frozenset[str]:
    """The metrics of one service; each park of the plan adds its trade volume and the grade it has
    obtained."""
    if service == "parks":
        names = ("park_grade", "technology_trade_volume.park")
        of_parks = {f"{name}.{park.code}" for park in plan.parks for name in names}
        return _PARKS | frozenset(_counts()) | of_parks
    return _FUNDING if service == "funding" else frozenset()


def _counts() -> Iterator[str]:
    """How many platforms there are: of a kind, of a level, and of those in the place wanted."""
    for kind, seat in _PLATFORMS.items():
        yield f"count.{kind}"
        for level in _LEVELS:
            yield f"count.{level}_{kind}"
            if seat is not None:
                yield f"count.{level}_{kind}_{seat}"
