"""Use cases of the calls, and the look at which of them open and close today."""

from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference

from funding.budgets import repository as budgets
from funding.budgets import service as lines
from funding.calls import domain, events, repository
from funding.calls.domain import CallState
from funding.calls.models import FundingCall
from funding.calls.schemas import FundingCallCreate, FundingCallUpdate


async def create_call(
    session: Session, principal: Principal, body: FundingCallCreate
) -> FundingCall:
    """Draw up a call to a budget line.

    Raises:
        UnknownReference: no such line.
        Unprocessable: see `domain.check_sound`.
    """
    values = _stored(body.model_dump(mode="python"))
    domain.check_sound(values)
    budget = await budgets.get(session, body.budget_id)
    if budget is None:
        raise UnknownReference(what=f"budget {body.budget_id}")
    call = FundingCall(
        **values,
        fund_code=budget.fund_code,
        fiscal_year=budget.fiscal_year,
        created_by=principal.subject,
    )
    session.add(call)
    await session.flush()
    audit.record(session, "funding_calls.create", "funding_call", call.id, after=call.snapshot())
    return call


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """Lists as they are kept: JSON knows no decimals."""
    if "criteria" in values:
        values["criteria"] = [
            {**each, "weight": str(each["weight"])} for each in values["criteria"]
        ]
    return values


async def load(session: Session, call_id: UUID, expected: int | None) -> FundingCall:
    """The call, locked for a step.

    Raises:
        NotFound, PreconditionRequired, PreconditionFailed.
    """
    call = await repository.get_for_update(session, call_id)
    if call is None:
        raise NotFound(what=f"funding call {call_id}")
    check_version(call, expected)
    return call


async def step(session: Session, call: FundingCall, name: str, values: dict[str, Any]) -> None:
    """Write one step of a call and its audit row."""
    before = call.snapshot()
    call.change(values)
    await session.flush()
    audit.record(
        session,
        f"funding_calls.{name}",
        "funding_call",
        call.id,
        before=before,
        after=call.snapshot(),
    )


async def update_call(
    session: Session, call_id: UUID, body: FundingCallUpdate, expected: int | None
) -> FundingCall:
    """Change a draft.

    Raises:
        InvalidTransition: it was published.
        Unprocessable: see `domain.check_sound`.
    """
    call = await load(session, call_id, expected)
    domain.check_step(call.state, "edit")
    given = _stored(body.model_dump(exclude_unset=True))
    domain.check_sound(call.snapshot() | given)
    await step(session, call, "write", given)
    return call


async def publish_call(
    session: Session, principal: Principal, call_id: UUID, expected: int | None
) -> FundingCall:
    """Make it public: from now on it opens and closes by its days.

    Raises:
        InvalidTransition: it is public already.
        BudgetNotApproved, YearClosed: see `budgets.service.working_line`.
    """
    call = await load(session, call_id, expected)
    domain.check_step(call.state, "publish")
    await lines.working_line(session, call.budget_id)
    values = {
        "state": CallState.PUBLISHED.value,
        "published_by": principal.subject,
        "published_at": now(),
    }
    await step(session, call, "publish", values)
    await _follow(session, call)
    return call


async def close_call(
    session: Session, call_id: UUID, reason: str, expected: int | None
) -> FundingCall:
    """Take no more applications, before the day.

    Raises:
        InvalidTransition: it is not open.
    """
    call = await load(session, call_id, expected)
    domain.check_step(call.state, "close")
    await step(session, call, "close", {"state": CallState.CLOSED.value, "close_reason": reason})
    outbox.add(session, events.call_closed(call))
    return call


async def follow_days(session: Session) -> None:
    """The schedule: open and close what opens and closes by today."""
    for call in await repository.lock_moved_by_days(session, china_date()):
        await _follow(session, call)


async def _follow(session: Session, call: FundingCall) -> None:
    state = domain.state_on(call.state, call.opens_on, call.closes_on, china_date())
    if state == call.state:
        return
    opens = call.state == CallState.PUBLISHED
    await step(session, call, "follow_days", {"state": state.value})
    if opens:
        outbox.add(session, events.call_opened(call))
    if state is CallState.CLOSED:
        outbox.add(session, events.call_closed(call))


async def get_call(session: Session, call_id: UUID) -> FundingCall:
    """Raises `NotFound`."""
    call = await repository.get(session, call_id)
    if call is None:
        raise NotFound(what=f"funding call {call_id}")
    return call
