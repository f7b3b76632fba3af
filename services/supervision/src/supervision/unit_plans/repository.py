"""Every statement on the plans that units owe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from servicekit import context
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from servicekit.problems import NotFound
from sqlalchemy import select, update

from supervision.plan_requests.models import PlanRequest
from supervision.plan_requests.repository import Asked
from supervision.unit_plans.domain import MISSING, WITH_THE_UNIT
from supervision.unit_plans.models import UnitPlan, UnitPlanEdition

SORTABLE = {
    "id": UnitPlan.id,
    "unit_code": UnitPlan.unit_code,
    "due_on": UnitPlan.due_on,
    "updated_at": UnitPlan.updated_at,
}

EDITION_SORT = {"edition": UnitPlanEdition.edition, "updated_at": UnitPlanEdition.updated_at}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of plans may be narrowed to; an empty filter narrows nothing."""

    kind: str
    unit_code: str | None = None
    year: int | None = None
    request_id: UUID | None = None
    state: Sequence[str] = ()
    missing: bool | None = None
    overdue: bool | None = None
    updated_since: datetime | None = None


async def owing(
    session: Session, programme: str, kind: str, year: int | None, units: Sequence[Asked]
) -> list[str]:
    """Those of the units that owe this plan already."""
    plan = UnitPlan
    query = select(plan.unit_code).where(
        plan.programme == programme,
        plan.kind == kind,
        plan.year.is_(None) if year is None else plan.year == year,
        plan.unit_code.in_([unit.code for unit in units]),
        plan.state != "cancelled",
    )
    return list(await session.scalars(query.order_by(plan.unit_code)))


async def add_owed(
    session: Session, request: PlanRequest, units: Mapping[str, str]
) -> list[UnitPlan]:
    """A plan that is owed for each unit, by code and name."""
    today, correlation_id = china_date(), context.current().correlation_id
    made = [
        UnitPlan(
            request_id=request.id,
            programme=request.programme,
            kind=request.kind,
            year=request.year,
            unit_code=code,
            unit_name=name,
            due_on=request.due_on,
            due_provisional=request.due_provisional,
            due_set_on=today,
            remind_on=today,
            correlation_id=correlation_id,
        )
        for code, name in units.items()
    ]
    session.add_all(made)
    await session.flush()
    return made


async def not_handed_in(session: Session, request_id: UUID) -> list[UnitPlan]:
    query = select(UnitPlan).where(UnitPlan.request_id == request_id, UnitPlan.edition == 0)
    query = query.where(UnitPlan.state.in_(WITH_THE_UNIT))
    return list(await session.scalars(query.order_by(UnitPlan.id).with_for_update()))


async def move_deadlines(session: Session, request: PlanRequest, today: date) -> None:
    """The plans of a request that are not handed in have its new deadline; the ladder of reminders
    begins anew where the day moved."""
    for plan in await not_handed_in(session, request.id):
        if plan.due_on != request.due_on:
            plan.due_set_on = plan.remind_on = today
            plan.reminded = []
            plan.overdue_at = None if request.due_on >= today else plan.overdue_at
        plan.due_on, plan.due_provisional = request.due_on, request.due_provisional
        plan.touch()
    await session.flush()


async def get(session: Session, kind: str, plan_id: UUID) -> UnitPlan:
    """Raises `NotFound`."""
    found = await session.scalar(select(UnitPlan).filter_by(id=plan_id, kind=kind))
    if found is None:
        raise NotFound(what=f"plan {plan_id}")
    return found


async def get_for_update(session: Session, kind: str, plan_id: UUID) -> UnitPlan:
    """Raises `NotFound`."""
    query = select(UnitPlan).filter_by(id=plan_id, kind=kind).with_for_update()
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what=f"plan {plan_id}")
    return found


async def get_edition(session: Session, plan_id: UUID, edition: int) -> UnitPlanEdition:
    query = select(UnitPlanEdition).filter_by(plan_id=plan_id, edition=edition)
    return (await session.scalars(query.with_for_update())).one()


async def list_editions(
    session: Session, page: PageRequest, plan_id: UUID, updated_since: datetime | None
) -> Page[Any]:
    row = UnitPlanEdition
    query = select(row).where(
        row.plan_id == plan_id, *given((updated_since, row.updated_at.__ge__))
    )
    return await fetch_page(
        session, query, page, sortable=EDITION_SORT, default="-edition", key="edition"
    )


async def list_plans(
    session: Session, page: PageRequest, units: Sequence[str] | None, wanted: Filters
) -> Page[Any]:
    """Plans of the given units (none: of all)."""
    plan = UnitPlan
    missing = plan.state.in_(MISSING)
    late = missing & (plan.due_on < china_date())
    query = select(plan).where(
        plan.kind == wanted.kind,
        *given(
            (units, plan.unit_code.in_),
            (wanted.unit_code, plan.unit_code.__eq__),
            (wanted.year, plan.year.__eq__),
            (wanted.request_id, plan.request_id.__eq__),
            (wanted.state or None, plan.state.in_),
            (wanted.missing, lambda yes: missing if yes else ~missing),
            (wanted.overdue, lambda yes: late if yes else ~late),
            (wanted.updated_since, plan.updated_at.__ge__),
        ),
    )
    return await fetch_page(session, query, page, sortable=SORTABLE, default="unit_code")


async def to_look_at(session: Session, today: date, limit: int) -> list[UnitPlan]:
    """Plans that are with their unit and whose day for a look has come, locked; those in somebody's
    hands wait for the next look."""
    plan = UnitPlan
    query = (
        select(plan)
        .where(plan.state.in_(MISSING), plan.remind_on <= today)
        .order_by(plan.remind_on, plan.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(query))


async def newly_late(session: Session, today: date, limit: int) -> list[UnitPlan]:
    """Plans that were not handed in in time and nobody has been told of, locked."""
    plan = UnitPlan
    query = (
        select(plan)
        .where(plan.state.in_(MISSING), plan.due_on < today, plan.overdue_at.is_(None))
        .where(plan.edition == 0)
        .order_by(plan.due_on, plan.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(query))


async def note_reminded(
    session: Session, plan_id: UUID, codes: Sequence[str], next_on: date | None
) -> None:
    """What was told of a plan; no change of the plan itself: its version stays."""
    plan = UnitPlan
    await session.execute(
        update(plan)
        .where(plan.id == plan_id)
        .values(reminded=list(codes), remind_on=next_on, updated_at=plan.updated_at)
        .execution_options(synchronize_session=False)
    )
