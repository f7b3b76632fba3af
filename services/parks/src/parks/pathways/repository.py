"""SQL of the criteria, and what a park has of each."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from parks.parks.domain import GRADES
from parks.pathways.models import GradeCriterion

SORTABLE = {"code": GradeCriterion.code, "updated_at": GradeCriterion.updated_at}
_SALES = """SELECT coalesce(sum(sales_revenue), 0) AS number FROM operating_return
 WHERE park_code = $1 AND state = 'accepted' AND period >= $2"""
_ENTERPRISES = """SELECT count(*) AS "enterprises",
   count(*) FILTER (WHERE enterprise_class = 'high_tech') AS "high_tech_enterprises",
   count(*) FILTER (WHERE above_scale) AS "above_scale_enterprises"
 FROM enterprise WHERE park_code = $1 AND active"""
_PLATFORMS = """SELECT kind, level, count(*) AS number FROM platform
 WHERE park_code = $1 AND state = 'active' GROUP BY kind, level"""


async def get(session: Session, code: str) -> GradeCriterion | None:
    return await session.get(GradeCriterion, code)


async def criteria_of(session: Session, kind: str, grade: str) -> Sequence[GradeCriterion]:
    """What parks of this kind need for this grade, in the order of the codes."""
    found = await session.scalars(
        select(GradeCriterion)
        .where(
            GradeCriterion.park_kind == kind,
            GradeCriterion.grade == grade,
            GradeCriterion.active,
        )
        .order_by(GradeCriterion.code)
    )
    return found.all()


async def list_criteria(
    session: Session,
    page: PageRequest,
    *,
    park_kind: Sequence[str] | None,
    grade: Sequence[str] | None,
    updated_since: datetime | None,
) -> Page:
    conditions = given(
        (park_kind, GradeCriterion.park_kind.in_),
        (grade, GradeCriterion.grade.in_),
        (updated_since, GradeCriterion.updated_at.__ge__),
    )
    query = select(GradeCriterion).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="code", key="code")


async def measured(
    session: Session, park_code: str, first_month: str, criteria: Sequence[GradeCriterion]
) -> list[Decimal]:
    """What the park has of each criterion; sales count from `first_month` on."""
    sales = await session.fetch_row(_SALES, park_code, first_month)
    enterprises = await session.fetch_row(_ENTERPRISES, park_code)
    platforms = await session.fetch(_PLATFORMS, park_code)
    assert sales is not None
    assert enterprises is not None
    numbers = {"sales_revenue": sales["number"], **dict(enterprises)}
    return [
        Decimal(_platforms_of(platforms, each) if each.platform_kind else numbers[each.measure])
        for each in criteria
    ]


def _platforms_of(platforms: Sequence[Any], criterion: GradeCriterion) -> int:
    """Those of the criterion's kind, of its level or above."""
    lowest = criterion.platform_level
    enough = set(GRADES[GRADES.index(lowest) :]) if lowest else {None, *GRADES}
    return sum(
        row["number"]
        for row in platforms
        if row["kind"] == criterion.platform_kind and row["level"] in enough
    )
