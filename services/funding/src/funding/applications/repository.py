"""SQL of the applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
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


async def list_applications(
    session: Session, page: PageRequest, wanted: ApplicationFilter
) -> Page[Any]:
    row = Application
    conditions = given(
        (wanted.units, row.applicant_unit.in_),
        (wanted.call_id, row.call_id.__eq__),
        (wanted.applicant_unit, row.applicant_unit.__eq__),
        (wanted.states or None, row.state.in_),
        (wanted.eligible, row.eligible.__eq__),
        (wanted.updated_since, row.updated_at.__ge__),
    )
    query = select(row).where(*conditions)
    return await fetch_page(session, query, page, sortable=SORTABLE, default="id")
