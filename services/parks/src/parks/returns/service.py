"""Use cases of the operating returns."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from parks.enterprises import repository as enterprise_rows
from parks.enterprises import service as enterprises
from parks.enterprises.models import Enterprise
from parks.metrics import service as metrics
from parks.permissions import (
    ACCEPT_RETURN,
    CREATE_RETURN,
    READ_RETURN,
    RETURN_RETURN,
    SUBMIT_RETURN,
    UPDATE_RETURN,
)
from parks.returns import domain, events, repository
from parks.returns.domain import Measures, ReturnAction
from parks.returns.models import OperatingReturn
from parks.returns.schemas import OperatingReturnCreate, OperatingReturnUpdate

UNDECIDED = {"decided_by": None, "decided_at": None}


async def get_return(session: Session, principal: Principal, return_id: UUID) -> OperatingReturn:
    """Raises `NotFound`, `Forbidden`."""
    row = await repository.get(session, return_id)
    if row is None:
        raise NotFound(what=f"operating return {return_id}")
    await require(session, principal, READ_RETURN, row)
    return row


async def list_returns(
    session: Session, principal: Principal, page: PageRequest, **wanted: Any
) -> Page:
    """The returns the caller may see."""
    units = await directory.visible_units(session, principal, READ_RETURN)
    return await repository.fetch(session, page, units=units, **wanted)


async def create_return(
    session: Session, principal: Principal, body: OperatingReturnCreate
) -> OperatingReturn:
    """Draw up an enterprise's return for a month.

    Raises:
        UnknownReference: the enterprise is not registered.
        Forbidden: it is not the caller's, nor in the caller's park.
        FuturePeriod, InconsistentMeasures, ReturnExists: see `domain`.
    """
    enterprise = await enterprise_rows.get(session, body.enterprise_id)
    if enterprise is None:
        raise UnknownReference(what=f"enterprise {body.enterprise_id}")
    units = await enterprises.units_of(session, enterprise)
    await directory.require(session, principal, CREATE_RETURN, *units)
    domain.check_period(body.period, china_date())
    domain.check_measures(Measures(**body.measures.model_dump()))
    existing = await repository.find(session, enterprise.id, body.period)
    if existing is not None:
        raise domain.ReturnExists(period=body.period, return_id=existing)
    row = OperatingReturn(
        enterprise_id=enterprise.id,
        period=body.period,
        state=domain.ReturnState.DRAFT,
        filed_by=[principal.subject],
        **body.measures.model_dump(),
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, "operating_returns.create", "operating_return", row.id, after=row.snapshot()
    )
    return row


async def update_return(
    session: Session,
    principal: Principal,
    return_id: UUID,
    body: OperatingReturnUpdate,
    expected: int | None,
) -> OperatingReturn:
    """Change numbers of a draft or a returned return; the caller becomes one of its filers, so
    that a decision it took before is no longer shown as that of a third person.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, InconsistentMeasures.
    """
    row = await load_for(session, principal, return_id, UPDATE_RETURN, expected)
    domain.step(row.state, ReturnAction.UPDATE)
    had = asdict(row.measures)
    wanted = had | body.measures.model_dump(exclude_unset=True)
    domain.check_measures(Measures(**wanted))
    if wanted != had:
        changes = {**wanted, **UNDECIDED, **filed(row, principal)}
        move(session, row, "operating_returns.update", changes)
    return row


async def submit_return(
    session: Session, principal: Principal, return_id: UUID, expected: int | None
) -> OperatingReturn:
    """Hand a return in for acceptance.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition.
    """
    row = await load_for(session, principal, return_id, SUBMIT_RETURN, expected)
    state = domain.step(row.state, ReturnAction.SUBMIT)
    domain.check_measures(row.measures)
    changes = {
        "state": state,
        "submitted_at": now(),
        "return_reason": None,
        **UNDECIDED,
        **filed(row, principal),
    }
    move(session, row, "operating_returns.submit", changes)
    return row


async def reject_return(
    session: Session, principal: Principal, return_id: UUID, reason: str, expected: int | None
) -> OperatingReturn:
    """Give a submitted return back to its filer, with the reason.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FilerMayNotDecide.
    """
    row = await load_for(session, principal, return_id, RETURN_RETURN, expected)
    state = domain.step(row.state, ReturnAction.RETURN)
    domain.check_decider(row.filed_by, principal.subject)
    changes = {"state": state, "return_reason": reason, **decided(principal)}
    move(session, row, "operating_returns.return", changes)
    return row


async def accept_return(
    session: Session, principal: Principal, return_id: UUID, expected: int | None
) -> OperatingReturn:
    """Accept a submitted return: its numbers count from this transaction on.

    It counts for the enterprise's park of now and in the class the enterprise held on the
    month's last day.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FilerMayNotDecide.
    """
    row = await load_for(session, principal, return_id, ACCEPT_RETURN, expected)
    state = domain.step(row.state, ReturnAction.ACCEPT)
    domain.check_decider(row.filed_by, principal.subject)
    enterprise = await enterprises.load(session, row.enterprise_id)
    park = await enterprise_rows.get_park(session, enterprise)
    changes = {
        "state": state,
        "park_code": enterprise.park_code,
        "enterprise_class": await class_of(session, enterprise, row.period),
        **decided(principal),
    }
    move(session, row, "operating_returns.accept", changes)
    await session.flush()
    outbox.add(session, events.return_accepted(row, enterprise.uscc))
    await metrics.add_return(
        session,
        period=row.period,
        measures=row.measures,
        enterprise_class=changes["enterprise_class"],
        park_code=row.park_code,
        in_programme=park is not None and park.programme is not None,
    )
    return row


async def class_of(session: Session, enterprise: Enterprise, period: str) -> str:
    """The class of a month; of today for the month that still runs."""
    day = min(domain.last_day(period), china_date())
    return await enterprises.class_on(session, enterprise, day)


async def load_for(
    session: Session,
    principal: Principal,
    return_id: UUID,
    permission: Permission,
    expected: int | None,
) -> OperatingReturn:
    """The return, locked, for a step of its workflow.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
    """
    row = await repository.get_for_update(session, return_id)
    if row is None:
        raise NotFound(what=f"operating return {return_id}")
    await require(session, principal, permission, row)
    check_version(row, expected)
    return row


async def require(
    session: Session, principal: Principal, permission: Permission, row: OperatingReturn
) -> None:
    """Raises `Forbidden` unless the caller may do this to the enterprise's returns."""
    enterprise = await enterprises.load(session, row.enterprise_id)
    units = await enterprises.units_of(session, enterprise)
    await directory.require(session, principal, permission, *units)


def filed(row: OperatingReturn, principal: Principal) -> dict[str, Any]:
    """Everybody who touched the numbers is a filer and may not decide on them."""
    return {"filed_by": sorted({*row.filed_by, principal.subject})}


def decided(principal: Principal) -> dict[str, Any]:
    return {"decided_by": principal.subject, "decided_at": now()}


def move(session: Session, row: OperatingReturn, action: str, changes: dict[str, Any]) -> None:
    """Change the row and note it, if anything differs."""
    before = row.snapshot()
    if row.change(changes):
        audit.record(
            session, action, "operating_return", row.id, before=before, after=row.snapshot()
        )
