"""Use cases of the operating returns."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.copying import copy
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, Problem, attempt
from servicekit.rows import filled

from parks.enterprises import service as enterprises
from parks.enterprises.models import Enterprise
from parks.enterprises.repository import Known
from parks.metrics import service as metrics
from parks.parks import repository as park_rows
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
        UnknownReference, InvalidUscc, EnterpriseUnnamed, EnterprisesDiffer: see `Register.of`.
        Forbidden: it is not the caller's, nor in the caller's park.
        FuturePeriod, InconsistentMeasures, ReturnExists: see `domain`.
    """
    [values] = await draw_up(session, principal, [body])
    if isinstance(values, Problem):
        raise values
    row = OperatingReturn(**values)
    session.add(row)
    await session.flush()
    audit.record(
        session, "operating_returns.create", "operating_return", row.id, after=row.snapshot()
    )
    return row


async def create_returns(
    session: Session, principal: Principal, bodies: Sequence[OperatingReturnCreate]
) -> dict[int, Problem]:
    """`create_return` for many; answers what is wrong with those that are not drawn up."""
    drawn = await draw_up(session, principal, bodies)
    rows = [row for row in drawn if not isinstance(row, Problem)]
    await copy(session, OperatingReturn, rows)
    after = {row["id"]: row for row in rows}
    audit.record_created(session, "operating_returns.create", "operating_return", after)
    return {n: wrong for n, wrong in enumerate(drawn) if isinstance(wrong, Problem)}


async def draw_up(
    session: Session, principal: Principal, bodies: Sequence[OperatingReturnCreate]
) -> list[dict[str, Any] | Problem]:
    """The columns of each return, or what is wrong with it; a later one sees those before it."""
    register = await enterprises.look_up(session, bodies)
    named = [attempt(register.of, body) for body in bodies]
    places = {(one.id, body.period) for one, body in zip(named, bodies, strict=True)
              if not isinstance(one, Problem)}  # fmt: skip
    drawn = await repository.find_all(session, places)
    reach = await directory.reach(session, principal, CREATE_RETURN)
    today, moment = china_date(), now()
    begun = {
        "state": domain.ReturnState.DRAFT,
        "filed_by": [principal.subject],
        "created_at": moment,
        "updated_at": moment,
    }

    def one(enterprise: Known | Problem, body: OperatingReturnCreate) -> dict[str, Any]:
        if isinstance(enterprise, Problem):
            raise enterprise
        reach.require(*enterprise.units)
        domain.check_period(body.period, today)
        domain.check_measures(body.measures)
        place = (enterprise.id, body.period)
        if place in drawn:
            raise domain.ReturnExists(period=body.period, return_id=drawn[place])
        of = {"enterprise_id": enterprise.id, "period": body.period}
        row = filled(OperatingReturn, {**begun, **of, **vars(body.measures)})
        drawn[place] = row["id"]
        return row

    return [attempt(one, *each) for each in zip(named, bodies, strict=True)]


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

    It counts for the park and in the class the enterprise stood in on the month's last day.

    Raises:
        NotFound, Forbidden, PreconditionFailed, InvalidTransition, FilerMayNotDecide.
    """
    row = await load_for(session, principal, return_id, ACCEPT_RETURN, expected)
    state = domain.step(row.state, ReturnAction.ACCEPT)
    domain.check_decider(row.filed_by, principal.subject)
    enterprise = await enterprises.load(session, row.enterprise_id)
    counted_as, park_code = await counted(session, enterprise, row.period)
    park = await park_rows.get(session, park_code) if park_code else None
    changes = {
        "state": state,
        "park_code": park_code,
        "enterprise_class": counted_as,
        **decided(principal),
    }
    move(session, row, "operating_returns.accept", changes)
    await session.flush()
    units = await enterprises.units_of(session, enterprise)
    outbox.add(session, events.return_accepted(row, enterprise.uscc, units))
    await metrics.add_return(
        session,
        period=row.period,
        measures=row.measures,
        enterprise_class=changes["enterprise_class"],
        park_code=row.park_code,
        in_programme=park is not None and park.programme is not None,
    )
    return row


async def counted(session: Session, enterprise: Enterprise, period: str) -> tuple[str, str | None]:
    """The class and the park of a month; of today for the month that still runs."""
    day = min(domain.last_day(period), china_date())
    return await enterprises.counted_on(session, enterprise, day)


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
