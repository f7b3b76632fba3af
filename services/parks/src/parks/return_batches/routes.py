"""Steps of many returns over HTTP."""

from typing import Any

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http import app
from servicekit.http.batch import BatchRefused, Create, DryRun, Partial, try_steps
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted

from parks.permissions import ACCEPT_RETURN, SUBMIT_RETURN
from parks.return_batches import service
from parks.return_batches.schemas import (
    ReturnAcceptance,
    ReturnAcceptances,
    ReturnOutcomes,
    ReturnSubmission,
    ReturnSubmissions,
)
from parks.returns import service as returns
from parks.returns.schemas import OperatingReturnRead

router = app.router("operating-returns")


@router.post(
    "/operating-returns/submissions/batch",
    response_model=ReturnOutcomes,
    responses=problems(BatchRefused),
    summary="Hand several returns in",
)
async def submit_operating_returns(
    body: ReturnSubmissions,
    session: SessionDep,
    dry_run: DryRun = False,
    partial: Partial = False,
    principal: Principal = permitted(SUBMIT_RETURN),
) -> Any:
    """As handing in each, up to 200 at once: all or none, or with `partial` as many as can be. With
    `dry_run` it tells what the rules say of all of them."""
    if dry_run:
        session.discard()
    await service.lock_in_order(session, [item.return_id for item in body.items])
    return await do_all(session, principal, submit_one, body.items, dry_run, partial)


@router.post(
    "/operating-returns/acceptances/batch",
    response_model=ReturnOutcomes,
    responses=problems(BatchRefused),
    summary="Accept several returns",
)
async def accept_operating_returns(
    body: ReturnAcceptances,
    session: SessionDep,
    dry_run: DryRun = False,
    partial: Partial = False,
    principal: Principal = permitted(ACCEPT_RETURN),
) -> Any:
    """As accepting each, up to 200 at once: all or none, or with `partial` as many as can be."""
    if dry_run:
        session.discard()
    await service.lock_in_order(session, [item.return_id for item in body.items], totals=True)
    return await do_all(session, principal, accept_one, body.items, dry_run, partial)


async def submit_one(
    item: ReturnSubmission, session: Session, _: Response, principal: Principal
) -> Any:
    of = (item.return_id, item.explanations, item.version)
    return await returns.submit_return(session, principal, *of)


async def accept_one(
    item: ReturnAcceptance, session: Session, _: Response, principal: Principal
) -> Any:
    return await returns.accept_return(session, principal, item.return_id, item.version)


async def do_all(
    session: Session, principal: Principal, act: Create, items: Any, dry_run: bool, partial: bool
) -> dict[str, Any]:
    outcomes = await try_steps(session, principal, act, OperatingReturnRead, items, partial=partial)
    ids = [item.return_id for item in items]
    told = [service.tell(session, *each) for each in zip(ids, outcomes, strict=True)]
    return {"items": told, "dry_run": dry_run}
