"""What is referred to."""

from collections.abc import Mapping
from enum import StrEnum


class Referred(StrEnum):
    PARK = "park"
    ENTERPRISE = "enterprise"
    INDICATOR = "indicator"
    FUND = "fund"
    RULE = "rule"


_CLASSES = {"high_tech": "高新技术企业", "science_type": "科技型企业", "ordinary": "一般企业"}
_LEVELS = {"national": "国家级", "provincial": "省级", "municipal": "市级"}
_PLATFORMS = {
    "key_laboratory": "重点实验室",
    "engineering_centre": "工程技术研究中心",
    "incubator": "孵化器",
    "intermediary": "科技中介机构",
    "association": "协会学会",
    "iur_base": "产学研合作基地",
}
_SEATS = {"in_parks": "园区内", "in_enterprises": "企业内"}
_TOTALS = {"sales_revenue": "销售收入", "technology_trade_volume": "技术市场交易额"}
_METRICS = {
    "high_tech_value_added.city": "全市高新技术产业增加值",
    "own_ip_share.city": "全市自主知识产权产品产值占比",
    "sales_revenue.six_parks": "六园区销售收入",
    "technology_trade_volume.city": "全市技术市场交易额",
    "count.high_tech": "高新技术企业",
    "count.new_iur_base": "新建产学研合作基地",
    "count.rd_project": "研发项目",
    "count.achievement_transferred": "转化重大科技成果",
    "rd_project.investment": "研发项目投资",
    "rd_project.new_sales": "研发项目新增销售收入",
    "rd_project.profit_and_tax": "研发项目新增利税",
    **{f"rd_intensity.{code}": f"{name}研发投入强度" for code, name in _CLASSES.items()},
    **{f"count.{code}": name for code, name in _PLATFORMS.items()},
    **{
        f"count.{level}_{code}": f"{high}{name}"
        for level, high in _LEVELS.items()
        for code, name in _PLATFORMS.items()
    },
    **{
        f"count.{level}_{code}_{seat}": f"{where}{high}{name}"
        for level, high in _LEVELS.items()
        for code, name in _PLATFORMS.items()
        for seat, where in _SEATS.items()
    },
}
"""The totals of the parks' register by their stable codes (contracts, `ParkMetricChanged`)."""


def park_of(metric: str) -> str | None:
    """The park a total is of, if it is of one alone."""
    return metric.partition(".park.")[2] or None


def metric_name(metric: str, parks: Mapping[str, str]) -> str | None:
    """A total in Chinese, with the park's name; none for one that is not known here."""
    park = park_of(metric)
    if park is None:
        return _METRICS.get(metric)
    total = _TOTALS.get(metric.partition(".")[0])
    return None if total is None else f"{parks.get(park, park)}{total}"
