"""Use cases of the objections. Locks are taken in one order: call, application, objection."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.applications import repository as applications
from funding.applications.domain import RankingOutcome
from funding.budgets.domain import SeparationOfDuties
from funding.calls import repository as calls
from funding.notices import repository as notices
from funding.objections import domain, events, repository
from funding.objections.domain import ObjectionState
from funding.objections.models import Objection
from funding.objections.repository import ObjectionFilter
from funding.permissions import RAISE_OBJECTION, READ_OBJECTION


async def raise_objection(
    session: Session, principal: Principal, values: dict[str, Any]
) -> Objection:
    """Object to a notice while it runs.

    Raises:
        Forbidden: for a unit the caller does not act for.
        UnknownReference: no such notice, or no such application on its list.
        NoticeOver: it has ended.
    """
    await directory.require(session, principal, RAISE_OBJECTION, values["objector_unit"])
    notice = await notices.get(session, values["notice_id"])
    if notice is None:
        raise UnknownReference(what=f"public notice {values['notice_id']}")
    listed = {each["application_id"] for each in notice.entries}
    about = values["application_id"]
    if about is not None and str(about) not in listed:
        raise UnknownReference(what=f"application {about}")
    call = await calls.get_shared(session, notice.call_id)
    assert call is not None, "a foreign key"
    await session.refresh(notice)
    domain.check_running(call.state, notice.state, notice.ends_on, china_date())
    row = Objection(**values, call_id=call.id, raised_by=principal.subject)
    session.add(row)
    await session.flush()
    audit.record(session, "objections.create", "objection", row.id, after=row.snapshot())
    outbox.add(session, events.objection_raised(row))
    return row


async def settle_objection(
    session: Session,
    principal: Principal,
    objection_id: UUID,
    *,
    upheld: bool,
    answer: str,
    expected: int | None,
) -> Objection:
    """Answer an objection; upheld, it strikes the application it is about.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
        InvalidTransition: it is settled.
        SeparationOfDuties: the caller raised it.
    """
    row = await _lock(session, objection_id, expected, strikes=upheld)
    if row.raised_by == principal.subject:
        raise SeparationOfDuties(
            done_zh="提出异议", step_zh="处理异议", done_en="the objection", step_en="its settling"
        )
    before = row.snapshot()
    state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
    row.change(
        {
            "state": state.value,
            "answer": answer,
            "settled_by": principal.subject,
            "settled_at": now(),
        }
    )
    await session.flush()
    audit.record(
        session, "objections.settle", "objection", row.id, before=before, after=row.snapshot()
    )
    outbox.add(session, events.objection_settled(row))
    return row


async def _lock(
    session: Session, objection_id: UUID, expected: int | None, *, strikes: bool
) -> Objection:
    """The objection with its call, for its settling; with what it strikes, which is struck."""
    known = await repository.get(session, objection_id)
    if known is None:
        raise NotFound(what=f"objection {objection_id}")
    check_version(known, expected)
    await calls.get_shared(session, known.call_id)
    if strikes and known.application_id is not None:
        await _strike(session, known.application_id)
    row = await repository.get_for_update(session, objection_id)
    assert row is not None, "objections are never deleted"
    check_version(row, expected)
    domain.check_settling(row.state)
    return row


async def _strike(session: Session, application_id: UUID) -> None:
    application = await applications.get_for_update(session, application_id)
    assert application is not None, "a foreign key"
    before = application.snapshot()
    if application.change({"outcome": RankingOutcome.STRUCK.value}):
        await session.flush()
        audit.record(
            session,
            "applications.strike",
            "application",
            application.id,
            before=before,
            after=application.snapshot(),
        )


async def get_objection(session: Session, principal: Principal, objection_id: UUID) -> Objection:
    """Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, objection_id)
    if row is None:
        raise NotFound(what=f"objection {objection_id}")
    await directory.require(session, principal, READ_OBJECTION, row.objector_unit)
    return row


async def list_objections(
    session: Session, principal: Principal, page: PageRequest, wanted: ObjectionFilter
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_OBJECTION)
    return await repository.list_objections(session, page, replace(wanted, units=units))
