"""Statements on schemes."""

from datetime import datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from supervision.assessment_schemes.models import AssessmentScheme

SORTABLE = {
    "id": AssessmentScheme.id,
    "code": AssessmentScheme.code,
    "updated_at": AssessmentScheme.updated_at,
}


async def newest(session: Session, code: str) -> AssessmentScheme | None:
    query = (
        select(AssessmentScheme)
        .where(AssessmentScheme.code == code)
        .order_by(AssessmentScheme.version.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def get(session: Session, code: str, revision: int | None = None) -> AssessmentScheme:
    """The newest revision, or this one. Raises `NotFound`."""
    if revision is None:
        found = await newest(session, code)
    else:
        found = await session.scalar(
            select(AssessmentScheme).where(
                AssessmentScheme.code == code, AssessmentScheme.version == revision
            )
        )
    if found is None:
        raise NotFound(what=f"assessment scheme {code}")
    return found


async def list_schemes(
    session: Session, page: PageRequest, revisions: bool, updated_since: datetime | None
) -> Page[Any]:
    query = select(AssessmentScheme).where(
        *given((updated_since, AssessmentScheme.updated_at.__ge__))
    )
    if not revisions:
        other = aliased(AssessmentScheme)
        last = select(func.max(other.version)).where(other.code == AssessmentScheme.code)
        query = query.where(AssessmentScheme.version == last.scalar_subquery())
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
