"""Statements on recurring plans and their occurrences, of whatever kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.ids import new_id
from servicekit.problems import NotFound
from sqlalchemy import Date, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from supervision.occurrences.domain import PLANNED
from supervision.occurrences.models import Occurrence, Recurring

AnyOccurrence = TypeVar("AnyOccurrence", bound=Occurrence)
AnyRecurring = TypeVar("AnyRecurring", bound=Recurring)
PLAN_SORT = ("code", "updated_at")
OCCURRENCE_SORT = ("id", "scheduled_on", "updated_at")


@dataclass(frozen=True, slots=True)
class OccurrenceFilter:
    """What a list of occurrences is narrowed by."""

    plan_code: str | None
    period: str | None
    status: Sequence[str] | None
    missed: bool | None
    scheduled_gte: date | None
    scheduled_lte: date | None
    updated_since: datetime | None


async def all_plans(session: Session, table: type[AnyRecurring]) -> list[AnyRecurring]:
    return list(await session.scalars(select(table).order_by(table.code)))


async def get_plan(session: Session, table: type[AnyRecurring], code: str) -> AnyRecurring:
    """Raises `NotFound`."""
    found = await session.scalar(select(table).where(table.code == code))
    if found is None:
        raise NotFound(what=f"{called(table)} {code}")
    return found


async def list_plans(
    session: Session, page: PageRequest, table: type[Recurring], updated_since: datetime | None
) -> Page[Any]:
    query = select(table).where(*given((updated_since, table.updated_at.__ge__)))
    sortable = {name: getattr(table, name) for name in PLAN_SORT}
    return await fetch_page(session, query, page, sortable=sortable, default="code", key="code")


async def list_occurrences(
    session: Session, page: PageRequest, table: type[Occurrence], wanted: OccurrenceFilter
) -> Page[Any]:
    late = (table.status == PLANNED) & (table.scheduled_on < china_date())
    conditions = given(
        (wanted.plan_code, table.plan_code.__eq__),
        (wanted.period, table.period.__eq__),
        (wanted.status or None, table.status.in_),
        (wanted.missed, lambda yes: late if yes else ~late),
        (wanted.scheduled_gte, table.scheduled_on.__ge__),
        (wanted.scheduled_lte, table.scheduled_on.__le__),
        (wanted.updated_since, table.updated_at.__ge__),
    )
    sortable = {name: getattr(table, name) for name in OCCURRENCE_SORT}
    query = select(table).where(*conditions)
    return await fetch_page(session, query, page, sortable=sortable, default="scheduled_on")


def called(table: type[Recurring | Occurrence]) -> str:
    """How a refusal calls one: `inspection plan`."""
    return table.__tablename__.replace("_", " ")


async def add_missing(
    session: Session, table: type[AnyOccurrence], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Make the occurrences that are not there; several planners at once make each once."""
    if rows:
        statement = insert(table).values([{"id": new_id(), "version": 1, **row} for row in rows])
        await session.execute(
            statement.on_conflict_do_nothing(index_elements=[table.plan_code, table.nominal_on])
        )


async def lock_all(
    session: Session, table: type[AnyOccurrence], plan_code: str
) -> dict[date, AnyOccurrence]:
    """Every occurrence of a plan by its nominal day, locked in order."""
    query = select(table).where(table.plan_code == plan_code).order_by(table.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return {row.nominal_on: row for row in await session.scalars(query)}


async def get(session: Session, table: type[AnyOccurrence], row_id: UUID) -> AnyOccurrence:
    """Raises `NotFound`."""
    found = await session.get(table, row_id)
    if found is None:
        raise NotFound(what=f"{called(table)} {row_id}")
    return found


async def get_for_update(
    session: Session, table: type[AnyOccurrence], row_id: UUID
) -> AnyOccurrence:
    """Raises `NotFound`."""
    found = await session.scalar(select(table).where(table.id == row_id).with_for_update())
    if found is None:
        raise NotFound(what=f"{called(table)} {row_id}")
    return found


async def newly_missed(
    session: Session, table: type[AnyOccurrence], today: date, limit: int
) -> list[AnyOccurrence]:
    """Occurrences that were planned ahead, whose day has passed, and nobody was told of; locked.
    What was over when the plan was made was never to come."""
    made_on = cast(func.timezone("Asia/Shanghai", table.created_at), Date)
    query = (
        select(table)
        .where(
            table.status == PLANNED,
            table.scheduled_on < today,
            table.scheduled_on >= made_on,
            table.missed_at.is_(None),
        )
        .order_by(table.scheduled_on, table.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(query))
