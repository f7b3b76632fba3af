"""Asking units for their plans, and counting the deadlines again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.messaging import outbox
from servicekit.problems import InvalidTransition, UnknownReference

from supervision.calendar.service import add_workdays
from supervision.items.domain import DeadlineInThePast
from supervision.overdue_reports import service as overdue_reports
from supervision.permissions import ASK_FOR_PLANS
from supervision.plan_requests import domain, repository
from supervision.plan_requests.domain import PlanRequestState
from supervision.plan_requests.models import PlanRequest
from supervision.plan_requests.repository import Asked
from supervision.plan_requests.schemas import PlanRequestCreate
from supervision.unit_plans import events
from supervision.unit_plans import repository as plans


async def ask(session: Session, principal: Principal, body: PlanRequestCreate) -> PlanRequest:
    """Ask units for a plan; each owes it from now on.

    Raises:
        YearMismatch, DeadlineInThePast: the request is not one.
        UnknownReference: a unit is not known or not active, or a collective has no member.
        NobodyAsked: there is nobody.
        PlanAsked: somebody owes this plan already.
    """
    await directory.require(session, principal, ASK_FOR_PLANS)
    domain.check_year(body.kind, body.year)
    today = china_date()
    if body.due_on is not None and body.due_on < today:
        raise DeadlineInThePast(due_on=body.due_on)
    units = await _asked(session, body.units)
    owing = await plans.owing(session, body.programme, body.kind, body.year, units)
    if owing:
        raise domain.PlanAsked(units="、".join(owing))
    count = 0 if body.due_on else body.due_workdays or domain.DEFAULT_WORKDAYS
    found = await add_workdays(session, body.due_on or today, count)
    row = PlanRequest(
        **body.model_dump(exclude={"units", "due_on", "due_workdays"}),
        units=[unit.code for unit in units],
        due_on=found.due_on,
        due_provisional=found.provisional,
        due_from=found.start,
        due_workdays=count,
        state=PlanRequestState.OPEN,
        requested_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    made = await plans.add_owed(session, row, {unit.code: unit.name for unit in units})
    for plan in made:
        outbox.add(session, events.plan_requested(plan))
    after = body.model_dump(mode="json") | {"units": row.units}
    audit.record(session, ASK_FOR_PLANS.name, "plan_request", row.id, after=after)
    return row


async def _asked(session: Session, named: Sequence[str]) -> list[Asked]:
    """Each unit once, in the order of the codes."""
    if not named:
        units = await repository.everybody(session, domain.NOT_ASKED)
    else:
        behind = await repository.members(session, named)
        for index, code in enumerate(named):
            if code not in behind:
                raise UnknownReference(what=f"unit {code}").at(f"/units/{index}")
        units = list({unit.code: unit for each in behind.values() for unit in each}.values())
    if not units:
        raise domain.NobodyAsked
    return sorted(units, key=lambda unit: unit.code)


async def cancel(
    session: Session, principal: Principal, request_id: UUID, expected: int | None, reason: str
) -> PlanRequest:
    """The plans that are not handed in yet are not owed any more.

    Raises:
        InvalidTransition: it was cancelled before.
    """
    row = await repository.get_for_update(session, request_id)
    await directory.require(session, principal, ASK_FOR_PLANS)
    check_version(row, expected)
    if row.state != PlanRequestState.OPEN:
        raise InvalidTransition(state=row.state, action="cancel")
    row.state, row.cancel_reason, row.cancelled_at = PlanRequestState.CANCELLED, reason, now()
    row.touch()
    for plan in await plans.not_handed_in(session, row.id):
        plan.state, plan.cancel_reason = "cancelled", reason
        plan.touch()
        await overdue_reports.drop_case(session, str(plan.id), reason)
    audit.record(session, ASK_FOR_PLANS.name, "plan_request", row.id, after={"cancelled": reason})
    await session.flush()
    return row


async def recount_plans(session: Session, day: date | None = None) -> None:
    """Count the deadlines of open requests again: all, or those whose time includes a day. What is
    not overdue any more has no item."""
    today = china_date()
    for row in await repository.running(session, day):
        found = await add_workdays(session, row.due_from, row.due_workdays)
        if (found.due_on, found.provisional) == (row.due_on, row.due_provisional):
            continue
        was_over = row.due_on < today
        row.due_on, row.due_provisional = found.due_on, found.provisional
        row.touch()
        await plans.move_deadlines(session, row, today)
        if was_over and row.due_on >= today:
            for plan in await plans.not_handed_in(session, row.id):
                await overdue_reports.drop_case(session, str(plan.id), f"期限改为 {row.due_on}")
