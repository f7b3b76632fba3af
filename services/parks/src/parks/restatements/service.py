"""Use cases of the restatements."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound

from parks.enterprises import service as enterprises
from parks.examinations.service import examine
from parks.metrics import service as metrics
from parks.permissions import ACCEPT_RESTATEMENT, REJECT_RESTATEMENT, RESTATE_RETURN
from parks.restatements import domain, events, repository
from parks.restatements.models import ReturnRestatement
from parks.restatements.schemas import ReturnRestatementCreate
from parks.returns import service as returns
from parks.returns.domain import MEASURES
from parks.returns.models import OperatingReturn
from parks.returns.schemas import OperatingReturnRead


async def list_restatements(
    session: Session, principal: Principal, page: PageRequest, return_id: UUID, **wanted: Any
) -> Page:
    """Raises `NotFound`, `Forbidden`."""
    await returns.get_return(session, principal, return_id)
    return await repository.list_restatements(session, page, return_id, **wanted)


async def get_restatement(
    session: Session, principal: Principal, return_id: UUID, restatement_id: UUID
) -> ReturnRestatement:
    """Raises `NotFound`, `Forbidden`."""
    await returns.get_return(session, principal, return_id)
    row = await repository.get(session, return_id, restatement_id)
    if row is None:
        raise NotFound(what=f"restatement {restatement_id}")
    return row


async def get_as_known(
    session: Session, principal: Principal, return_id: UUID, moment: datetime
) -> OperatingReturnRead:
    """An accepted return with the numbers it had at a moment.

    Raises:
        NotFound: there is none, or it was not accepted then.
        Forbidden.
    """
    row = await returns.get_return(session, principal, return_id)
    if row.state != domain.ACCEPTED or row.decided_at is None or row.decided_at > moment:
        raise NotFound(what=f"operating return {return_id} accepted by {moment.isoformat()}")
    read = OperatingReturnRead.model_validate(row)
    later = await repository.first_after(session, return_id, moment)
    if later is None:
        return read
    numbers = {name: Decimal(value) for name, value in (later.before or {}).items()}
    columns = columns_of(numbers)
    then = {"measures": {name: columns[name] for name in MEASURES}}
    extra = {"extra_measures": {k: v for k, v in numbers.items() if k not in MEASURES}}
    return OperatingReturnRead.model_validate({**vars(read), **then, **extra})


async def restate(
    session: Session,
    principal: Principal,
    return_id: UUID,
    body: ReturnRestatementCreate,
    expected: int | None,
) -> ReturnRestatement:
    """File other numbers for an accepted return, which stands until somebody else decides.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed.
        InvalidTransition: the return is not accepted.
        InconsistentMeasures, ReturnNotSound: the numbers cannot be, or break the rules.
        NothingRestated, RestatementOpen: see `domain`.
    """
    row = await returns.load_for(session, principal, return_id, RESTATE_RETURN, expected)
    domain.check_restatable(row.state)
    changed = returns.patched(row, body)
    if not changed:
        raise domain.NothingRestated
    if await repository.is_open(session, return_id):
        raise domain.RestatementOpen
    numbers = after(row, changed)
    enterprise = await enterprises.load(session, row.enterprise_id)
    seen = await examine(session, enterprise, row.period, numbers)
    made = ReturnRestatement(
        return_id=return_id,
        state=domain.SUBMITTED,
        reason=body.reason,
        after=returns.written(numbers),
        findings=[asdict(one) for one in seen.settle(body.explanations)] or None,
        filed_by=[principal.subject],
    )
    session.add(made)
    await session.flush()
    audit.record(
        session, "operating_returns.restate", "return_restatement", made.id, after=made.snapshot()
    )
    return made


def after(row: OperatingReturn, changed: dict[str, Any]) -> dict[str, Decimal]:
    """All numbers of the return with the changed columns."""
    measures = {name: Decimal(changed.get(name, row.numbers[name])) for name in MEASURES}
    extra = changed.get("extra", row.extra) or {}
    return measures | {name: Decimal(value) for name, value in extra.items()}


async def accept_restatement(
    session: Session,
    principal: Principal,
    return_id: UUID,
    restatement_id: UUID,
    expected: int | None,
) -> ReturnRestatement:
    """The return has the other numbers from this transaction on, and all totals with it; what it
    told before is kept.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed, InvalidTransition.
        RestaterMayNotDecide: the decider filed it.
    """
    row = await returns.load_for(
        session, principal, return_id, ACCEPT_RESTATEMENT, None, versioned=False
    )
    made = await load(session, return_id, restatement_id, expected)
    state = domain.decide(made.state, "accept", made.filed_by, principal.subject)
    before, held = returns.written(row.numbers), made.snapshot()
    numbers = {name: Decimal(value) for name, value in made.after.items()}
    returns.move(session, row, "operating_returns.restated", columns_of(numbers))
    made.change({"state": state, "before": before, **returns.decided(principal)})
    await session.flush()
    note(session, "accept_restatement", made, held)
    enterprise = await enterprises.load(session, row.enterprise_id)
    units = await enterprises.units_of(session, enterprise)
    outbox.add(session, events.return_restated(row, made, enterprise.uscc, units))
    await metrics.count_returns(session, enterprise.id, row.period, made.reason)
    return made


def columns_of(numbers: dict[str, Decimal]) -> dict[str, Any]:
    """All numbers as the columns of a return."""
    extra = {name: value for name, value in numbers.items() if name not in MEASURES}
    columns: dict[str, Any] = {name: numbers[name] for name in MEASURES}
    return columns | {
        "employees": int(numbers["employees"]),
        "extra": returns.written(extra) or None,
    }


async def reject_restatement(
    session: Session,
    principal: Principal,
    return_id: UUID,
    restatement_id: UUID,
    reason: str,
    expected: int | None,
) -> ReturnRestatement:
    """The return stays as it is, for a reason.

    Raises:
        NotFound, Forbidden, PreconditionRequired, PreconditionFailed, InvalidTransition.
        RestaterMayNotDecide: the decider filed it.
    """
    await returns.load_for(session, principal, return_id, REJECT_RESTATEMENT, None, versioned=False)
    made = await load(session, return_id, restatement_id, expected)
    state = domain.decide(made.state, "reject", made.filed_by, principal.subject)
    held = made.snapshot()
    made.change({"state": state, "reject_reason": reason, **returns.decided(principal)})
    await session.flush()
    note(session, "reject_restatement", made, held)
    return made


async def load(
    session: Session, return_id: UUID, restatement_id: UUID, expected: int | None
) -> ReturnRestatement:
    """The restatement, locked behind its return. Raises as `check_version`, `NotFound`."""
    made = await repository.get_for_update(session, return_id, restatement_id)
    if made is None:
        raise NotFound(what=f"restatement {restatement_id}")
    check_version(made, expected)
    return made


def note(session: Session, action: str, made: ReturnRestatement, held: dict[str, Any]) -> None:
    name = f"operating_returns.{action}"
    audit.record(session, name, "return_restatement", made.id, before=held, after=made.snapshot())
