"""What is asked for, and of whom, without a database."""

from enum import StrEnum

from servicekit.problems import Conflict, Unprocessable

NOT_ASKED = (
    "headquarters",
    "leading_group",
    "superior_city",
    "programme_office",
    "working_group",
    "collective",
)
"""Kinds of units that lead or only gather others: plans are due from those that do the work."""
DEFAULT_WORKDAYS = 20
"""The plan sets no time limit for drawing one up; four weeks of workdays, then."""


class PlanKind(StrEnum):
    IMPLEMENTATION = "implementation_plan"
    ANNUAL = "annual_work_plan"


class PlanRequestState(StrEnum):
    OPEN = "open"
    CANCELLED = "cancelled"


NAMES = {PlanKind.IMPLEMENTATION: "实施方案", PlanKind.ANNUAL: "年度进展计划"}


class YearMismatch(Unprocessable):
    code = "year_mismatch"
    zh = "年度进展计划须注明年度，实施方案不注明"
    en = "An annual work plan is for a year, an implementation plan for none"


class PlanAsked(Conflict):
    code = "plan_asked"
    zh = "已向下列单位要求过同一份方案：{units}"
    en = "The same plan was asked of these units already: {units}"


class NobodyAsked(Unprocessable):
    code = "nobody_asked"
    zh = "没有可要求报送的单位"
    en = "There is no unit to ask"


def check_year(kind: str, year: int | None) -> None:
    """Raises `YearMismatch`."""
    if (kind == PlanKind.ANNUAL) != (year is not None):
        raise YearMismatch().at("/year")
