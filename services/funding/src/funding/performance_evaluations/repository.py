"""SQL of the evaluations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
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


async def page_of(session: Session, page: PageRequest, wanted: EvaluationFilter) -> Page[Any]:
    row = PerformanceEvaluation
    query = select(row)
    if wanted.payees is not None:
        query = query.where(row.payee_unit.in_(wanted.payees))
    if wanted.award_id is not None:
        query = query.where(row.award_id == wanted.award_id)
    if wanted.payee_unit is not None:
        query = query.where(row.payee_unit == wanted.payee_unit)
    if wanted.state is not None:
        query = query.where(row.state.in_(wanted.state))
    if wanted.grade is not None:
        query = query.where(row.grade.in_(wanted.grade))
    if wanted.updated_since is not None:
        query = query.where(row.updated_at >= wanted.updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
