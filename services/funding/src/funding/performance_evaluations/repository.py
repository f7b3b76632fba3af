"""SQL of the evaluations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from funding.performance_evaluations.models import PerformanceEvaluation

SORTABLE = {
    "id": PerformanceEvaluation.id,
    "score": PerformanceEvaluation.score,
    "updated_at": PerformanceEvaluation.updated_at,
}


async def get(session: Session, evaluation_id: UUID) -> PerformanceEvaluation | None:
    return await session.get(PerformanceEvaluation, evaluation_id)


async def get_for_update(session: Session, evaluation_id: UUID) -> PerformanceEvaluation | None:
    return await session.get(
        PerformanceEvaluation, evaluation_id, with_for_update={"key_share": True}
    )


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """`payees` are the units the caller may see; none for all."""

    payees: Sequence[str] | None = None
    award_id: UUID | None = None
    payee_unit: str | None = None
    state: Sequence[str] | None = None
    grade: Sequence[str] | None = None
    updated_since: datetime | None = None


async def list_evaluations(
    session: Session, page: PageRequest, wanted: EvaluationFilter
) -> Page[Any]:
    row = PerformanceEvaluation
    conditions = given(
        (wanted.payees, row.payee_unit.in_),
        (wanted.award_id, row.award_id.__eq__),
        (wanted.payee_unit, row.payee_unit.__eq__),
        (wanted.state, row.state.in_),
        (wanted.grade, row.grade.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
