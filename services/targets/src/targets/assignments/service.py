"""Use cases of the divided targets."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Relation
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from targets.assignments import domain, events, repository
from targets.assignments.models import Assignment, AssignmentRevision
from targets.assignments.repository import Filter
from targets.assignments.schemas import (
    AssignmentChange,
    AssignmentCreate,
    AssignmentRead,
    AssignmentUpdate,
)
from targets.directory import service as units
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator
from targets.moments import service as moments
from targets.periods import service as periods
from targets.periods.domain import PeriodClosed
from targets.permissions import READ_ASSIGNMENTS


async def get_assignment(
    session: Session, principal: Principal, assignment_id: UUID
) -> AssignmentRead:
    """Raises `NotFound`, or `Forbidden` for one that is not the caller's to see."""
    row = await repository.shown(session, assignment_id)
    if row is None:
        raise NotFound(what=f"assignment {assignment_id}")
    indicator = await indicators.get(session, row["indicator_code"])
    assert indicator is not None
    concerned = [row["unit_code"], *indicator.concerned_units]
    await directory.require(session, principal, READ_ASSIGNMENTS, *concerned)
    return AssignmentRead(**row)


async def list_assignments(
    session: Session,
    principal: Principal,
    page: PageRequest,
    *,
    as_of: date | None,
    known_at: datetime | None,
    **narrow: Any,
) -> dict[str, Any]:
    """The parts of the units the caller may see, and those of the indicators it answers for.

    Raises:
        Unprocessable: see `moments.gone_by`.
    """
    then = await moments.gone_by(session, as_of, known_at)
    seen = await directory.visible_units(session, principal, READ_ASSIGNMENTS)
    return await repository.list_assignments(session, page, Filter(seen, **narrow), then)


async def list_coverage(
    session: Session, principal: Principal, page: PageRequest, **narrow: Any
) -> dict[str, Any]:
    """Promised and assigned of every milestone, and of every part that was divided further."""
    seen = await directory.visible_units(session, principal, READ_ASSIGNMENTS)
    return await repository.list_coverage(session, page, Filter(seen, **narrow))


async def list_revisions(
    session: Session,
    principal: Principal,
    page: PageRequest,
    assignment_id: UUID,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`, `Forbidden`."""
    await get_assignment(session, principal, assignment_id)
    return await repository.list_revisions(session, page, assignment_id, updated_since)


async def create_assignment(
    session: Session, principal: Principal, body: AssignmentCreate
) -> AssignmentRead:
    """Give a unit a part of a milestone, or of the part of a unit above it.

    Raises:
        UnknownReference: the indicator, the unit or the assignment above is not there.
        NothingToDivide: the indicator has no milestone in that year.
        PeriodClosed: the year takes no changes.
        InvalidTransition: the assignment above was withdrawn.
        ForeignPart, UnitNotBelow, AlreadyAssigned.
        Unprocessable: see `domain.check_value`.
    """
    indicator = await divisible(session, body.indicator_code, body.year)
    await units.require_units(session, [body.unit_code])
    domain.check_value(indicator.kind, indicator.grade_ladder, body.value)
    if body.parent_id is not None:
        await check_part(session, body, body.parent_id)
    taken = domain.AlreadyAssigned(unit=body.unit_code, year=body.year)
    session.refuse("uq_assignment_in_force", taken)
    row = Assignment(**body.model_dump(), assigned_by=principal.subject)
    session.add(row)
    await session.flush()
    return await written(session, principal, "create", row, indicator, before=None)


async def divisible(session: Session, indicator_code: str, year: int) -> Indicator:
    """The indicator, if its target of that year can be divided. Raises as `create_assignment`."""
    indicator = await indicators.get(session, indicator_code)
    if indicator is None:
        raise UnknownReference(what=f"indicator {indicator_code}")
    if year not in indicator.targets:
        raise domain.NothingToDivide(indicator=indicator_code, year=year)
    if await periods.is_closed(session, str(year)):
        raise PeriodClosed(period=str(year))
    return indicator


async def check_part(session: Session, body: AssignmentCreate, parent_id: UUID) -> None:
    """Raises what `create_assignment` says of the assignment above."""
    above = await repository.get_for_update(session, parent_id)
    if above is None:
        raise UnknownReference(what=f"assignment {parent_id}")
    domain.check_in_force(above.state, "divide")
    if (above.indicator_code, above.year) != (body.indicator_code, body.year):
        raise domain.ForeignPart(indicator=above.indicator_code, year=above.year)
    relation = await directory.relation(session, above.unit_code, body.unit_code)
    if relation is not Relation.CHILD:
        raise domain.UnitNotBelow(unit=body.unit_code, above=above.unit_code)


async def update_assignment(
    session: Session,
    principal: Principal,
    assignment_id: UUID,
    body: AssignmentUpdate,
    expected: int | None,
) -> AssignmentRead:
    """Change what a unit is to reach, by a document.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed, InvalidTransition, PeriodClosed.
        Unprocessable: see `domain.check_value`.
    """
    row = await load(session, assignment_id, expected)
    domain.check_in_force(row.state, "edit")
    indicator = await divisible(session, row.indicator_code, row.year)
    domain.check_value(indicator.kind, indicator.grade_ladder, body.value)
    before = row.value
    if not row.change(body.model_dump(exclude_unset=True)):
        return await shown(session, row.id)
    return await written(session, principal, "update", row, indicator, before=before)


async def withdraw_assignment(
    session: Session,
    principal: Principal,
    assignment_id: UUID,
    body: AssignmentChange,
    expected: int | None,
) -> AssignmentRead:
    """Take a part back, by a document; what it was is kept.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed, InvalidTransition, PeriodClosed.
        HasParts: it has been divided further.
    """
    row = await load(session, assignment_id, expected)
    state = domain.withdraw(row.state, await repository.count_parts(session, row.id))
    indicator = await divisible(session, row.indicator_code, row.year)
    before = row.value
    row.change({"state": state, **body.model_dump(exclude_unset=True)})
    return await written(session, principal, "withdraw", row, indicator, before=before)


async def load(session: Session, assignment_id: UUID, expected: int | None) -> Assignment:
    """The locked assignment at the version the caller has seen."""
    row = await repository.get_for_update(session, assignment_id)
    if row is None:
        raise NotFound(what=f"assignment {assignment_id}")
    check_version(row, expected)
    return row


async def written(
    session: Session,
    principal: Principal,
    action: str,
    row: Assignment,
    indicator: Indicator,
    *,
    before: Decimal | None,
) -> AssignmentRead:
    """Keep what was done, and tell it."""
    session.add(
        AssignmentRevision(
            assignment_id=row.id,
            old_value=before,
            new_value=row.value if row.state == domain.IN_FORCE else None,
            document_no=row.document_no,
            reason=row.reason,
            revised_by=principal.subject,
            revised_at=row.updated_at,
        )
    )
    await session.flush()
    old = None if before is None else {"value": before}
    audit.record(
        session, f"assignments.{action}", "assignment", row.id, before=old, after=row.snapshot()
    )
    outbox.add(session, events.assignment_changed(row, indicator))
    return await shown(session, row.id)


async def shown(session: Session, assignment_id: UUID) -> AssignmentRead:
    """The assignment, which is there, as it is read."""
    found = await repository.shown(session, assignment_id)
    assert found is not None
    return AssignmentRead(**found)
