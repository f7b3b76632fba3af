"""The proofs of an item over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import Response
from servicekit.auth.principal import Principal
from servicekit.http.app import router as make_router
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition

from supervision.closures import service
from supervision.closures.domain import ExceptionNotNeeded
from supervision.closures.schemas import ReinspectionGiven
from supervision.inspections.domain import NotYet
from supervision.items.domain import VerifierIsDoer
from supervision.items.schemas import ItemReasonGiven, SupervisionItemRead
from supervision.permissions import EXCEPT_ITEM, REINSPECT_ITEM

router = make_router("supervision-items")


@router.post(
    "/supervision-items/{item_id}/exception",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition, ExceptionNotNeeded, VerifierIsDoer),
    summary="Approve closing without its proof",
)
async def approve_supervision_item_exception(
    item_id: UUID,
    body: ItemReasonGiven,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(EXCEPT_ITEM),
) -> Any:
    """The office lets a submitted or verified item be closed although its indicator is not
    measured off red, its rule not kept, nobody has looked again or what is overdue has not come;
    the approver did none of the work."""
    item = await service.approve_exception(session, principal, item_id, expected, body.reason)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/reinspect",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition, NotYet, VerifierIsDoer),
    summary="Note that somebody looked again",
)
async def reinspect_supervision_item(
    item_id: UUID,
    body: ReinspectionGiven,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(REINSPECT_ITEM),
) -> Any:
    """A submitted or verified item was looked at on the spot: it passed, or it goes back to
    work. What an inspection found is closed only after that."""
    item = await service.reinspect(session, principal, item_id, expected, body)
    tag(response, item)
    return item
