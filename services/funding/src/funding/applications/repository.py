"""SQL of the applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import select

from funding.applications.domain import RUNNING
from funding.applications.models import Application

SORTABLE = {
    "id": Application.id,
    "applicant_unit": Application.applicant_unit,
    "amount": Application.amount,
    "updated_at": Application.updated_at,
}


async def get(session: Session, application_id: UUID) -> Application | None:
    return await session.get(Application, application_id)


async def get_for_update(session: Session, application_id: UUID) -> Application | None:
    query = select(Application).where(Application.id == application_id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return await session.scalar(query)


async def lock_of_call(session: Session, call_id: UUID) -> list[Application]:
    """Everything that was sent in to a call, locked, in one order for everybody."""
    query = select(Application).where(Application.call_id == call_id)
    query = query.where(Application.number.is_not(None)).order_by(Application.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(await session.scalars(query))


async def lock_running_of_call(session: Session, call_id: UUID) -> list[Application]:
    """Everything of a call, drafts too, that something may still become of; locked, in one order
    for everybody."""
    query = select(Application).where(Application.call_id == call_id)
    query = query.where(Application.state.in_(RUNNING)).order_by(Application.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(await session.scalars(query))


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """`units` are those whose applications the caller may see; none for all."""

    units: Sequence[str] | None = None
    call_id: UUID | None = None
    applicant_unit: str | None = None
    states: Sequence[str] = ()
    eligible: bool | None = None
    updated_since: datetime | None = None


async def page_of(session: Session, page: PageRequest, wanted: ApplicationFilter) -> Page[Any]:
    row = Application
    query = select(row)
    if wanted.units is not None:
        query = query.where(row.applicant_unit.in_(wanted.units))
    if wanted.call_id is not None:
        query = query.where(row.call_id == wanted.call_id)
    if wanted.applicant_unit is not None:
        query = query.where(row.applicant_unit == wanted.applicant_unit)
    if wanted.states:
        query = query.where(row.state.in_(wanted.states))
    if wanted.eligible is not None:
        query = query.where(row.eligible == wanted.eligible)
    if wanted.updated_since is not None:
        query = query.where(row.updated_at >= wanted.updated_since)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
