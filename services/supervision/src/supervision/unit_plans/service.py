"""What can be done with a plan that a unit owes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from servicekit import audit, context
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.workdays import reach

from supervision.calendar.service import workdays
from supervision.overdue_reports import service as overdue_reports
from supervision.permissions import (
    APPROVE_UNIT_PLAN,
    READ_UNIT_PLAN,
    REVIEW_UNIT_PLAN,
    SUBMIT_UNIT_PLAN,
)
from supervision.reminders import domain as ladder_rules
from supervision.reminders import repository as reminders
from supervision.reminders.domain import Step
from supervision.unit_plan_files.models import FILES
from supervision.unit_plans import domain, events, repository
from supervision.unit_plans.domain import PlanState, PlanStep
from supervision.unit_plans.models import UnitPlan, UnitPlanEdition
from supervision.unit_plans.repository import Filters
from supervision.unit_plans.schemas import UnitPlanSubmit

AT_ONCE = 200
"""Plans in one transaction of a schedule; the next run takes the rest."""


def _tell(session: Session, plan: UnitPlan, event: Any) -> None:
    """What becomes of a plan carries the correlation id of the request for it."""
    with context.in_case(plan.correlation_id):
        outbox.add(session, event)


async def load(
    session: Session, principal: Principal, permission: Permission, kind: str, plan_id: UUID
) -> UnitPlan:
    """Raises `NotFound`, `Forbidden`."""
    plan = await repository.get(session, kind, plan_id)
    await directory.require(session, principal, permission, plan.unit_code)
    return plan


async def lock(
    session: Session, principal: Principal, permission: Permission, kind: str, plan_id: UUID
) -> UnitPlan:
    """Raises `NotFound`, `Forbidden`."""
    plan = await repository.get_for_update(session, kind, plan_id)
    await directory.require(session, principal, permission, plan.unit_code)
    return plan


async def submit(
    session: Session,
    principal: Principal,
    kind: str,
    plan_id: UUID,
    expected: int | None,
    body: UnitPlanSubmit,
) -> UnitPlan:
    """Hand in the next edition, with the files that were attached for it.

    Raises:
        InvalidTransition: it is handed in already.
        PlanUnproven: no file is attached.
    """
    plan = await lock(session, principal, SUBMIT_UNIT_PLAN, kind, plan_id)
    check_version(plan, expected)
    target = domain.check_step(plan.state, PlanStep.SUBMIT)
    edition = plan.edition + 1
    if not await FILES.all_of(session, {"plan_id": plan.id, "edition": edition}):
        raise domain.PlanUnproven
    late = domain.is_late(edition, plan.due_on, china_date())
    session.add(
        UnitPlanEdition(
            plan_id=plan.id,
            edition=edition,
            revision_reason=plan.revision_reason,
            late=late,
            submitted_by=principal.subject,
            **body.model_dump(),
        )
    )
    plan.edition, plan.title, plan.summary = edition, body.title, body.summary
    plan.late = late or plan.late
    plan.submitted_by, plan.submitted_at = principal.subject, now()
    plan.reviewed_by = plan.review_note = plan.approved_by = plan.approved_at = None
    plan.remind_on = None
    await _stepped(session, plan, PlanStep.SUBMIT, target, body.title)
    _tell(session, plan, events.plan_submitted(plan))
    await overdue_reports.note_handing_in(session, str(plan.id), plan.submitted_at)
    return plan


async def review(
    session: Session,
    principal: Principal,
    kind: str,
    plan_id: UUID,
    expected: int | None,
    note: str | None,
) -> UnitPlan:
    """The group that leads the unit, or the office, has looked at it.

    Raises:
        InvalidTransition: it is not handed in.
        AuthorDecides: the caller handed it in.
    """
    plan = await lock(session, principal, REVIEW_UNIT_PLAN, kind, plan_id)
    check_version(plan, expected)
    target = domain.check_step(plan.state, PlanStep.REVIEW)
    domain.refuse_author(plan.submitted_by, principal.subject)
    plan.reviewed_by, plan.review_note = principal.subject, note
    return await _stepped(session, plan, PlanStep.REVIEW, target, note)


async def approve(
    session: Session,
    principal: Principal,
    kind: str,
    plan_id: UUID,
    expected: int | None,
    note: str | None,
) -> UnitPlan:
    """The headquarters approve it: this edition is in force from now on.

    Raises:
        InvalidTransition: it was not reviewed.
        AuthorDecides: the caller handed it in.
    """
    plan = await lock(session, principal, APPROVE_UNIT_PLAN, kind, plan_id)
    check_version(plan, expected)
    target = domain.check_step(plan.state, PlanStep.APPROVE)
    domain.refuse_author(plan.submitted_by, principal.subject)
    plan.approved_by, plan.approved_at = principal.subject, now()
    plan.approved_edition, plan.revision_reason = plan.edition, None
    await _decide(session, principal, plan, "approved", note)
    await _stepped(session, plan, PlanStep.APPROVE, target, note)
    _tell(session, plan, events.plan_approved(plan))
    return plan


async def return_plan(
    session: Session,
    principal: Principal,
    kind: str,
    plan_id: UUID,
    expected: int | None,
    reason: str,
) -> UnitPlan:
    """It goes back to its unit for a reason; an edition that is in force stays so.

    Raises:
        InvalidTransition: it is not handed in, or it is approved.
    """
    plan = await lock(session, principal, REVIEW_UNIT_PLAN, kind, plan_id)
    check_version(plan, expected)
    target = domain.check_step(plan.state, PlanStep.RETURN)
    plan.return_reason, plan.return_count = reason, plan.return_count + 1
    plan.remind_on = china_date()
    await _decide(session, principal, plan, "returned", reason)
    await _stepped(session, plan, PlanStep.RETURN, target, reason)
    _tell(session, plan, events.plan_returned(plan))
    return plan


async def revise(
    session: Session,
    principal: Principal,
    kind: str,
    plan_id: UUID,
    expected: int | None,
    reason: str,
) -> UnitPlan:
    """An approved plan is drawn up anew; until the next edition is approved this one holds.

    Raises:
        InvalidTransition: there is no approved one, or it is revised already.
    """
    plan = await lock(session, principal, SUBMIT_UNIT_PLAN, kind, plan_id)
    check_version(plan, expected)
    target = domain.check_step(plan.state, PlanStep.REVISE)
    plan.revision_reason = reason
    return await _stepped(session, plan, PlanStep.REVISE, target, reason)


async def _decide(
    session: Session, principal: Principal, plan: UnitPlan, outcome: str, note: str | None
) -> None:
    edition = await repository.get_edition(session, plan.id, plan.edition)
    edition.outcome, edition.note = outcome, note
    edition.decided_by, edition.decided_at = principal.subject, now()


async def _stepped(
    session: Session, plan: UnitPlan, step: PlanStep, target: PlanState | None, note: str | None
) -> UnitPlan:
    assert target is not None
    plan.state = target
    plan.touch()
    after = {"state": target, "edition": plan.edition, "note": note}
    audit.record(session, f"unit_plans.{step}", plan.kind, plan.id, after=after)
    await session.flush()
    return plan


async def list_plans(
    session: Session, principal: Principal, page: PageRequest, wanted: Filters
) -> Page[Any]:
    """The plans of the units the caller may see."""
    units = await directory.visible_units(session, principal, READ_UNIT_PLAN)
    return await repository.list_plans(session, page, units, wanted)


async def list_editions(
    session: Session,
    principal: Principal,
    page: PageRequest,
    kind: str,
    plan_id: UUID,
    updated_since: datetime | None,
) -> Page[Any]:
    await load(session, principal, READ_UNIT_PLAN, kind, plan_id)
    return await repository.list_editions(session, page, plan_id, updated_since)


async def announce_late_plans(session: Session) -> None:
    """Schedule: tell of every plan that was not handed in in time, once; it becomes an item."""
    for plan in await repository.newly_late(session, china_date(), AT_ONCE):
        plan.overdue_at = now()
        plan.touch()
        audit.record(session, "unit_plans.overdue", plan.kind, plan.id)
        _tell(session, plan, events.plan_overdue(plan))
        with context.in_case(plan.correlation_id):
            await overdue_reports.open_case(
                session,
                str(plan.id),
                unit=plan.unit_code,
                what=domain.called(plan.year),
                due_on=plan.due_on,
                period=str(plan.year) if plan.year else None,
            )


async def remind_of_plans(session: Session) -> None:
    """Schedule: take every step of the ladder whose day has come, on workdays only."""
    due = await repository.to_look_at(session, china_date(), AT_ONCE)
    if not due:
        return
    today, far = china_date(), timedelta(days=reach(ladder_rules.FARTHEST))
    days = [today, *(plan.due_on for plan in due)]
    known, _ = await workdays(session, min(days) - far, max(days) + far)
    if not known.is_workday(today):
        return
    ladder = [
        Step(rule.code, rule.offset_workdays, rule.audience)
        for rule in await reminders.active_rules(session)
    ]
    leading = await reminders.groups_of(session, (plan.unit_code for plan in due))
    for plan in due:
        look = ladder_rules.look(
            ladder,
            plan.reminded,
            due_on=plan.due_on,
            set_on=plan.due_set_on,
            today=today,
            known=known,
        )
        for step in look.now:
            groups = leading.get(plan.unit_code, [])
            to = ladder_rules.recipients(step.audience, plan.unit_code, groups)
            told = events.plan_reminded(plan, step.code, step.offset, step.audience, to)
            _tell(session, plan, told)
            audit.record(
                session, "unit_plans.remind", plan.kind, plan.id,
                after={"step": step.code, "recipients": to},
            )  # fmt: skip
        codes = [*plan.reminded, *(step.code for step in look.now)]
        await repository.note_reminded(session, plan.id, codes, look.next_on)
