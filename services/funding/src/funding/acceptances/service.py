"""Use cases of the acceptances. Locks are taken in one order: acceptance, award, budget line."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import NONE, Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import Forbidden, NotFound, UnknownReference

from funding.acceptance_files.models import FILES
from funding.acceptances import domain, events, repository
from funding.acceptances.domain import AcceptanceState, AcceptanceVerdict
from funding.acceptances.models import Acceptance
from funding.acceptances.repository import AcceptanceFilter
from funding.agreements import repository as agreements
from funding.agreements.domain import TrancheState
from funding.awards import repository as awards
from funding.awards import service as award_service
from funding.permissions import (
    CONCLUDE_ACCEPTANCE,
    OPINE_ACCEPTANCE,
    READ_ACCEPTANCE,
    READ_ACCEPTANCE_OF_UNIT,
    REQUEST_ACCEPTANCE,
)


async def create_acceptance(session: Session, principal: Principal, award_id: UUID) -> Acceptance:
    """Begin the acceptance of an award as a draft.

    Raises:
        UnknownReference: no such award.
        Forbidden: of another unit.
        NothingToAccept, AgreementRuns: see `domain`.
        AlreadyExists: it has one.
    """
    award = await awards.get(session, award_id)
    if award is None:
        raise UnknownReference(what=f"award {award_id}")
    await directory.require(session, principal, REQUEST_ACCEPTANCE, award.payee_unit)
    domain.check_award(award.kind, award.state)
    agreement = await agreements.of_award(session, award_id)
    tranches = await agreements.tranches_of(session, agreement.id) if agreement else []
    accepted = all(each.state == TrancheState.ACCEPTED for each in tranches)
    due = [each.due_on for each in tranches]
    domain.check_ended(due, all_accepted=accepted, today=china_date())
    row = Acceptance(award_id=award_id, payee_unit=award.payee_unit, created_by=principal.subject)
    session.add(row)
    await session.flush()
    audit.record(session, "acceptances.create", "acceptance", row.id, after=row.snapshot())
    return row


async def load(
    session: Session, principal: Principal, permission: Permission, acceptance_id: UUID
) -> Acceptance:
    """The acceptance as it stands, for whoever may; an expert only where the office has asked.

    Raises:
        NotFound, Forbidden.
    """
    row = await repository.get(session, acceptance_id)
    if row is None:
        raise NotFound(what=f"acceptance {acceptance_id}")
    if sees_asked_only(principal, permission):
        if principal.subject not in row.experts:
            raise Forbidden(permission=permission.name)
    else:
        of_unit = READ_ACCEPTANCE_OF_UNIT if permission is READ_ACCEPTANCE else permission
        await directory.require(session, principal, of_unit, row.payee_unit)
    return row


def sees_asked_only(principal: Principal, permission: Permission) -> bool:
    """Whether nothing but being asked lets this caller in."""
    if permission is READ_ACCEPTANCE:
        return READ_ACCEPTANCE_OF_UNIT.relations(principal) == NONE
    return permission is OPINE_ACCEPTANCE


async def lock(
    session: Session,
    principal: Principal,
    permission: Permission,
    acceptance_id: UUID,
    step: str,
    expected: int | None,
    *,
    versioned: bool = True,
) -> Acceptance:
    """The acceptance, locked for this step of it.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: there is no such step from its state.
    """
    await load(session, principal, permission, acceptance_id)
    row = await repository.get_for_update(session, acceptance_id)
    assert row is not None, "acceptances are never deleted"
    if versioned:
        check_version(row, expected)
    domain.check_step(row.state, step, overdue=row.overdue_on is not None)
    return row


async def _step(session: Session, row: Acceptance, name: str, values: dict[str, Any]) -> None:
    before = row.snapshot()
    row.change(values)
    await session.flush()
    audit.record(
        session, f"acceptances.{name}", "acceptance", row.id, before=before, after=row.snapshot()
    )


async def submit_acceptance(
    session: Session, principal: Principal, acceptance_id: UUID, report: str, expected: int | None
) -> Acceptance:
    """The payee reports what was done, or what was rectified, also after its day.

    Raises:
        NotFound, Forbidden, InvalidTransition: as `lock`.
        ReportUnproven: there is no file.
        NothingToAccept: the award was cancelled meanwhile.
    """
    row = await lock(session, principal, REQUEST_ACCEPTANCE, acceptance_id, "submit", expected)
    award = await awards.get_for_update(session, row.award_id)
    assert award is not None, "a foreign key"
    domain.check_award(award.kind, award.state)
    if not await FILES.all_of(session, {"acceptance_id": row.id}):
        raise domain.ReportUnproven
    values = {
        "state": AcceptanceState.SUBMITTED.value,
        "report": report,
        "submitted_by": principal.subject,
        "submitted_at": now(),
        "opinions": [],
    }
    await _step(session, row, "submit", values)
    outbox.add(session, events.acceptance_submitted(row))
    return row


async def assign_experts(
    session: Session,
    principal: Principal,
    acceptance_id: UUID,
    experts: list[str],
    expected: int | None,
) -> Acceptance:
    """The office asks experts for their opinion. Raises what `lock` does."""
    row = await lock(session, principal, CONCLUDE_ACCEPTANCE, acceptance_id, "assign", expected)
    kept = [each for each in row.opinions if each["expert"] in experts]
    asked = list(dict.fromkeys(experts))
    await _step(session, row, "assign", {"experts": asked, "opinions": kept})
    return row


async def give_opinion(
    session: Session,
    principal: Principal,
    acceptance_id: UUID,
    opinion: dict[str, Any],
    expected: int | None,
) -> Acceptance:
    """An expert who was asked says what it finds, or corrects it. Raises what `lock` does."""
    row = await lock(session, principal, OPINE_ACCEPTANCE, acceptance_id, "opine", expected)
    others = [each for each in row.opinions if each["expert"] != principal.subject]
    given = {**opinion, "expert": principal.subject}
    await _step(session, row, "opine", {"opinions": [*others, given]})
    return row


async def conclude_acceptance(
    session: Session,
    principal: Principal,
    acceptance_id: UUID,
    given: dict[str, Any],
    expected: int | None,
) -> Acceptance:
    """The office concludes: a rectification by a day, or what closes the award.

    Raises:
        NotFound, Forbidden, InvalidTransition: as `lock`.
        SeparationOfDuties: the caller submitted it.
        OpinionsMissing, RectifyByMissing, RectifyByPassed, PaymentsOnTheWay: see `domain`.
        YearClosed: nothing more is booked in the award's year.
    """
    row = await lock(session, principal, CONCLUDE_ACCEPTANCE, acceptance_id, "conclude", expected)
    domain.check_concluder(row.submitted_by, principal.subject)
    domain.check_opinions(row.experts, row.opinions)
    verdict = AcceptanceVerdict(given["verdict"])
    domain.check_overdue(row.state, verdict)
    domain.check_rectify_by(verdict, given["rectify_by"], china_date())
    state = domain.concluded(verdict, is_second=row.rectify_by is not None)
    values = {
        "state": state.value,
        "opinion": given["opinion"],
        "rectify_by": given["rectify_by"] or row.rectify_by,
        "concluded_by": principal.subject,
        "concluded_at": now(),
    }
    if state is not AcceptanceState.RECTIFICATION:
        values |= await _settle(session, row, state, given["opinion"])
    await _step(session, row, "conclude", values)
    outbox.add(session, events.acceptance_concluded(row))
    return row


async def _settle(
    session: Session, row: Acceptance, state: AcceptanceState, reason: str
) -> dict[str, Any]:
    """Close the award, and list what has to be given back of a failed one."""
    award = await awards.get_for_update(session, row.award_id)
    assert award is not None, "a foreign key"
    domain.check_award(award.kind, award.state)
    if award.requested:
        raise domain.PaymentsOnTheWay
    released = await award_service.close_award(session, award, reason)
    back: list[dict[str, str]] = []
    if state is AcceptanceState.FAILED:
        back = [
            {"disbursement_id": str(each.id), "amount": f"{each.amount - each.refunded:.2f}"}
            for each in await repository.still_paid(session, award.id)
        ]
    return {
        "released": released,
        "give_back": sum((Decimal(each["amount"]) for each in back), Decimal(0)),
        "repayments": back,
        "concluded_on": china_date(),
    }


async def follow_rectifications(session: Session) -> None:
    """The schedule: mark and tell what was not rectified by its day."""
    today = china_date()
    for row in await repository.lock_overdue(session, today):
        await _step(session, row, "overdue", {"overdue_on": today})
        outbox.add(session, events.acceptance_overdue(row))


async def list_acceptances(
    session: Session, principal: Principal, page: PageRequest, wanted: AcceptanceFilter
) -> Page[Any]:
    if sees_asked_only(principal, READ_ACCEPTANCE):
        wanted = replace(wanted, expert=principal.subject)
    else:
        payees = await directory.visible_units(session, principal, READ_ACCEPTANCE_OF_UNIT)
        wanted = replace(wanted, payees=payees)
    return await repository.list_acceptances(session, page, wanted)
