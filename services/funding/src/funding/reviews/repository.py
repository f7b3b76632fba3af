"""SQL of the reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import Select, select

from funding.applications.models import Application
from funding.reviews.domain import OVER
from funding.reviews.models import Review

SORTABLE = {"id": Review.id, "updated_at": Review.updated_at}


async def get(session: Session, review_id: UUID) -> Review | None:
    return await session.get(Review, review_id)


async def get_for_update(session: Session, review_id: UUID) -> Review | None:
    query = select(Review).where(Review.id == review_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def counted(session: Session, application_id: UUID) -> list[Review]:
    """The reviews of an application that count or will; its lock keeps them from moving."""
    query = select(Review).where(Review.application_id == application_id, Review.state.not_in(OVER))
    return list(await session.scalars(query.order_by(Review.id)))


async def lock_waiting_of_call(session: Session, call_id: UUID) -> Sequence[Review]:
    """The reviews of a call that experts still have before them, in the order of their ids."""
    query = select(Review).where(
        Review.call_id == call_id, Review.state.in_(("assigned", "declared"))
    )
    query = query.order_by(Review.id).with_for_update(key_share=True)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def scored_of_call(session: Session, call_id: UUID) -> list[Review]:
    query = select(Review).where(Review.call_id == call_id, Review.state == "scored")
    return list(await session.scalars(query.order_by(Review.id)))


async def is_colleague(session: Session, application_id: UUID, expert: str) -> bool:
    """Whether this expert has scored the application as well."""
    query = select(Review.id).where(
        Review.application_id == application_id, Review.expert == expert, Review.state == "scored"
    )
    return await session.scalar(query) is not None


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """`seen_by` narrows the list to what this expert may see; none for all."""

    seen_by: str | None = None
    call_id: UUID | None = None
    application_id: UUID | None = None
    states: Sequence[str] = ()
    updated_since: datetime | None = None


async def list_reviews(session: Session, page: PageRequest, wanted: ReviewFilter) -> Page[Any]:
    """Rows of a review and of whether every expert of its application has scored."""
    row, all_in = Review, Application.score.is_not(None)
    query: Select = select(row, all_in).join(Application, Application.id == row.application_id)
    if wanted.seen_by is not None:
        scored = select(row.application_id).where(
            row.expert == wanted.seen_by, row.state == "scored"
        )
        others = all_in & (row.state == "scored") & row.application_id.in_(scored)
        query = query.where((row.expert == wanted.seen_by) | others)
    conditions = given(
        (wanted.call_id, row.call_id.__eq__),
        (wanted.application_id, row.application_id.__eq__),
        (wanted.states or None, row.state.in_),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = query.where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
