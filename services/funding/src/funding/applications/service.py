"""Use cases of the applications.

Locks are taken in one order by everybody: applicant, call, application.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import ANY, Permission, Relation
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.applications import domain, events, repository
from funding.applications.domain import ApplicationState
from funding.applications.models import Application
from funding.applications.repository import ApplicationFilter
from funding.applications.schemas import ApplicationRead
from funding.attachments.models import FILES
from funding.awards import repository as awards
from funding.budgets.domain import SeparationOfDuties
from funding.calls import repository as calls
from funding.calls.domain import CallState
from funding.calls.models import FundingCall
from funding.eligibility import service as eligibility
from funding.holds import repository as holds
from funding.permissions import (
    CREATE_APPLICATION,
    DECIDE_APPLICATION,
    READ_APPLICATION,
    READ_CONTACT,
    SUBMIT_APPLICATION,
)

TAKES = (CallState.PUBLISHED, CallState.OPEN)
"""States of a call in which applications to it are drawn up."""
UNRANKED = (CallState.OPEN, CallState.CLOSED)


async def create_application(
    session: Session, principal: Principal, values: dict[str, Any]
) -> Application:
    """Begin an application as a draft.

    Raises:
        Forbidden: for a unit the caller does not act for.
        UnknownReference: no such call, or no active unit of this code.
        CallNotOpen: the call takes none.
    """
    unit = values["applicant_unit"]
    await directory.require(session, principal, CREATE_APPLICATION, unit)
    if not await awards.is_known_payee(session, unit):
        raise UnknownReference(what=f"unit {unit}")
    call = await calls.get_shared(session, values["call_id"])
    if call is None:
        raise UnknownReference(what=f"funding call {values['call_id']}")
    if call.state not in TAKES:
        raise domain.CallNotOpen(state=call.state)
    row = Application(**values, created_by=principal.subject)
    session.add(row)
    await session.flush()
    audit.record(session, "applications.create", "application", row.id, after=row.snapshot())
    return row


async def load(
    session: Session, principal: Principal, permission: Permission, application_id: UUID
) -> Application:
    """The application as it stands, for whoever may.

    Raises:
        NotFound, Forbidden.
    """
    row = await repository.get(session, application_id)
    if row is None:
        raise NotFound(what=f"application {application_id}")
    await directory.require(session, principal, permission, row.applicant_unit)
    return row


async def lock(
    session: Session, application_id: UUID, expected: int | None, *, versioned: bool = True
) -> Application:
    """The application, locked for a change; its call has been locked before.

    Raises:
        PreconditionRequired, PreconditionFailed.
    """
    row = await repository.get_for_update(session, application_id)
    assert row is not None, "applications are never deleted"
    if versioned:
        check_version(row, expected)
    return row


async def _step(session: Session, row: Application, name: str, values: dict[str, Any]) -> None:
    before = row.snapshot()
    row.change(values)
    await session.flush()
    audit.record(
        session,
        f"applications.{name}",
        "application",
        row.id,
        before=before,
        after=row.snapshot(),
    )


async def update_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    given: dict[str, Any],
    expected: int | None,
) -> Application:
    """Change a draft or a returned application.

    Raises:
        InvalidTransition: it was handed in.
    """
    await load(session, principal, CREATE_APPLICATION, application_id)
    row = await lock(session, application_id, expected)
    domain.check_step(row.state, "edit")
    await _step(session, row, "write", given)
    return row


async def submit_application(
    session: Session, principal: Principal, application_id: UUID, expected: int | None
) -> Application:
    """Hand it in: it must be complete; whether the unit may apply is looked at and kept.

    Raises:
        InvalidTransition: it was handed in.
        CallNotOpen: the call takes no applications any more; a returned one may come again until
            the call is ranked.
        ApplicationIncomplete: see `domain.check_complete`.
    """
    row = await load(session, principal, SUBMIT_APPLICATION, application_id)
    check_version(row, expected)
    domain.check_step(row.state, "submit")
    await holds.lock_payee(session, row.applicant_unit)
    number = row.number or await calls.next_number(session, row.call_id)
    call = await _taking(session, row, number)
    row = await lock(session, application_id, expected)
    attached = [
        each.requirement for each in await FILES.all_of(session, {"application_id": row.id})
    ]
    domain.check_complete(
        row.amount, call.min_amount, call.max_amount, call.required_attachments, attached
    )
    again = row.state == ApplicationState.RETURNED
    state = ApplicationState.RESUBMITTED if again else ApplicationState.SUBMITTED
    await eligibility.check(session, call, row, "submission")
    values = {
        "state": state.value,
        "number": number,
        "submitted_by": principal.subject,
        "submitted_at": now(),
        "reason": None,
    }
    await _step(session, row, "submit", values)
    outbox.add(session, events.application_submitted(row))
    return row


async def _taking(session: Session, row: Application, number: int | None) -> FundingCall:
    """The call, locked, if it takes this application now. Raises `CallNotOpen`."""
    if row.number is None:
        call = await calls.get(session, row.call_id)
        assert call is not None, "a foreign key"
        if number is None or call.closes_on < china_date():
            raise domain.CallNotOpen(state=call.state)
        return call
    call = await _shared(session, row)
    if call.state not in UNRANKED:
        raise domain.CallNotOpen(state=call.state)
    return call


async def _shared(session: Session, row: Application) -> FundingCall:
    """The call, which is not ranked meanwhile."""
    call = await calls.get_shared(session, row.call_id)
    assert call is not None, "a foreign key"
    return call


async def withdraw_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    reason: str,
    expected: int | None,
) -> Application:
    """The unit takes it back for good.

    Raises:
        InvalidTransition: it was refused or withdrawn.
        CallRanked: the call has gone on.
    """
    row = await load(session, principal, SUBMIT_APPLICATION, application_id)
    call = await _shared(session, row)
    row = await lock(session, application_id, expected)
    domain.check_step(row.state, "withdraw")
    if row.state != ApplicationState.DRAFT and call.state not in UNRANKED:
        raise domain.CallRanked
    await _step(
        session,
        row,
        "withdraw",
        {"state": ApplicationState.WITHDRAWN.value, "reason": reason},
    )
    return row


async def cancel_of_call(session: Session, call_id: UUID, reason: str) -> None:
    """Its call, which is locked, is no more: everything that still runs ends, and is told."""
    for row in await repository.lock_running_of_call(session, call_id):
        values = {"state": ApplicationState.CANCELLED.value, "reason": reason}
        await _step(session, row, "cancel", values)
        outbox.add(session, events.application_cancelled(row))


async def return_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    reason: str,
    expected: int | None,
) -> Application:
    """The office asks for something; the unit may hand it in again.

    Raises:
        InvalidTransition: it does not wait for the office.
        SeparationOfDuties: the caller handed it in.
    """
    row = await _for_decision(session, principal, application_id, "return", expected)
    await _decide(session, principal, row, "return", ApplicationState.RETURNED, reason)
    outbox.add(session, events.application_returned(row))
    return row


async def refuse_application(
    session: Session,
    principal: Principal,
    application_id: UUID,
    reason: str,
    expected: int | None,
) -> Application:
    """The office does not take it, for good. Raises what `return_application` does."""
    row = await _for_decision(session, principal, application_id, "refuse", expected)
    await _decide(session, principal, row, "refuse", ApplicationState.REFUSED, reason)
    outbox.add(session, events.application_refused(row))
    return row


async def accept_application(
    session: Session, principal: Principal, application_id: UUID, expected: int | None
) -> Application:
    """The office takes it as complete: it goes to the experts.

    Raises:
        InvalidTransition, SeparationOfDuties: as `return_application`.
        NotEligible: a rule of the call is not met.
    """
    row = await _for_decision(session, principal, application_id, "accept", expected)
    if not row.eligible:
        failed = await eligibility.failed_rules(session, row)
        raise domain.NotEligible(rules=", ".join(failed))
    await _decide(session, principal, row, "accept", ApplicationState.ACCEPTED, None)
    outbox.add(session, events.application_accepted(row))
    return row


async def _for_decision(
    session: Session, principal: Principal, application_id: UUID, step: str, expected: int | None
) -> Application:
    row = await load(session, principal, DECIDE_APPLICATION, application_id)
    await _shared(session, row)
    row = await lock(session, application_id, expected)
    domain.check_step(row.state, step)
    if row.submitted_by == principal.subject:
        raise SeparationOfDuties(
            done_zh="提交申请", step_zh="受理申请", done_en="the submission", step_en="the decision"
        )
    return row


async def _decide(
    session: Session,
    principal: Principal,
    row: Application,
    name: str,
    state: ApplicationState,
    reason: str | None,
) -> None:
    values = {
        "state": state.value,
        "decided_by": principal.subject,
        "decided_at": now(),
        "reason": reason,
    }
    await _step(session, row, name, values)


def shown(principal: Principal, row: Application) -> ApplicationRead:
    """The application as this caller sees it: whom to call is for the office and the unit alone,
    and a unit reads how it was scored in the public notice and not before it."""
    hidden: dict[str, Any] = {}
    relation = Relation.OWN if principal.unit == row.applicant_unit else Relation.OTHER
    if not READ_CONTACT.relations(principal) & relation:
        hidden["contact_name"] = domain.masked_name(row.contact_name)
        hidden["contact_phone"] = domain.masked_phone(row.contact_phone)
    if row.state not in domain.CONCLUDED and READ_APPLICATION.relations(principal) != ANY:
        hidden |= dict.fromkeys(("score", "rank", "outcome"))
    return ApplicationRead.model_validate(row).model_copy(update=hidden)


async def list_applications(
    session: Session, principal: Principal, page: PageRequest, wanted: ApplicationFilter
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_APPLICATION)
    found = await repository.list_applications(session, page, replace(wanted, units=units))
    items = [shown(principal, row) for row in found.items]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)
