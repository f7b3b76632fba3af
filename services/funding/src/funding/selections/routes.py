"""HTTP of the selection: the last steps of a call."""

from typing import Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition

from funding.budgets.domain import InsufficientFunds
from funding.calls.schemas import FundingCallCancel, FundingCallRead
from funding.permissions import AWARD_CALL, CANCEL_CALL, SELECT_APPLICATIONS
from funding.selections import domain, service

router = app.router("funding-calls")


@router.post(
    "/funding-calls/{call_id}/rank",
    response_model=FundingCallRead,
    responses=problems(InvalidTransition, domain.ApplicationsUndecided, domain.ReviewsMissing),
    summary="Rank the applications of a call",
)
async def rank_funding_call(
    call_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SELECT_APPLICATIONS),
) -> Any:
    """By score, cut at what the budget line has available; may be done again until it is announced,
    and after that once an objection was upheld."""
    call = await service.rank_call(session, principal, call_id, expected)
    tag(response, call)
    return call


@router.post(
    "/funding-calls/{call_id}/award",
    response_model=FundingCallRead,
    responses=problems(
        InvalidTransition, domain.NoticeRunning, domain.ObjectionsOpen, InsufficientFunds
    ),
    summary="Award a call",
)
async def award_funding_call(
    call_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(AWARD_CALL),
) -> Any:
    """Grant an award to everything selected whose unit still meets the rules, all in one; not
    before the notice has run out and every objection is settled."""
    call = await service.award_call(session, principal, call_id, expected)
    tag(response, call)
    return call


@router.post(
    "/funding-calls/{call_id}/cancel",
    response_model=FundingCallRead,
    responses=problems(InvalidTransition),
    summary="Cancel a call",
)
async def cancel_funding_call(
    call_id: UUID,
    body: FundingCallCancel,
    session: SessionDep,
    response: Response,
    expected: Expected,
    _: Principal = permitted(CANCEL_CALL),
) -> Any:
    """End it for a reason, at any time before it is awarded. Every application that still runs ends
    with it, is told, and stands in the way of no other one; a list that is shown counts no more."""
    call = await service.cancel_call(session, call_id, body.reason, expected)
    tag(response, call)
    return call
