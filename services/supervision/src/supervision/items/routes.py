"""Supervision items over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.http.app import router as make_router
from servicekit.http.batch import add_batch
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.add import add_import
from servicekit.problems import InvalidTransition
from servicekit.types import AnyOf, Code, Day, Moment

from supervision.closures.domain import (
    IndicatorNotRemeasured,
    NotHandedIn,
    NotReinspected,
    RuleNotRestored,
)
from supervision.items import service
from supervision.items.domain import (
    CannotMerge,
    DeadlineInThePast,
    ItemStatus,
    Light,
    SameUnit,
    Severity,
    VerifierIsDoer,
)
from supervision.items.repository import SORTABLE, STEP_SORT, Filters
from supervision.items.schemas import (
    ItemMerge,
    ItemNoteGiven,
    ItemReasonGiven,
    ItemTransfer,
    RectificationSubmit,
    SupervisionItemCreate,
    SupervisionItemPage,
    SupervisionItemRead,
    SupervisionItemStepPage,
    SupervisionItemSummary,
    SupervisionOrigin,
)
from supervision.labels import LABELS
from supervision.permissions import (
    ACKNOWLEDGE_ITEM,
    CANCEL_ITEM,
    CLOSE_ITEM,
    CREATE_ITEM,
    MERGE_ITEM,
    READ_ITEM,
    RETURN_ITEM,
    START_ITEM,
    SUBMIT_ITEM,
    TRANSFER_ITEM,
    VERIFY_ITEM,
)

router = make_router("supervision-items")
NO_NOTE = ItemNoteGiven()


@router.get(
    "/supervision-items", response_model=SupervisionItemPage, summary="List supervision items"
)
async def list_supervision_items(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    status: Annotated[AnyOf[ItemStatus] | None, Query()] = None,
    origin: Annotated[AnyOf[SupervisionOrigin] | None, Query()] = None,
    responsible_unit: Code | None = None,
    indicator_code: Code | None = None,
    open: bool | None = None,
    overdue: bool | None = None,
    severity: Annotated[AnyOf[Severity] | None, Query()] = None,
    light: Annotated[AnyOf[Light] | None, Query()] = None,
    issued_gte: Day | None = None,
    issued_lte: Day | None = None,
    due_gte: Day | None = None,
    due_lte: Day | None = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ITEM),
) -> Any:
    """The items of the units the caller may see; a responsible unit sees its own. `light` is that
    of the board: red is late, amber due within three workdays, green every other open one."""
    filters = Filters(
        status=status or (),
        origin=origin or (),
        responsible_unit=responsible_unit,
        indicator_code=indicator_code,
        open=open,
        overdue=overdue,
        severity=severity or (),
        light=light or (),
        issued_gte=issued_gte,
        issued_lte=issued_lte,
        due_gte=due_gte,
        due_lte=due_lte,
        updated_since=updated_since,
    )
    return await service.list_items(session, principal, page, filters)


@router.post(
    "/supervision-items",
    response_model=SupervisionItemRead,
    status_code=201,
    responses=problems(DeadlineInThePast),
    summary="Issue a supervision item",
)
async def create_supervision_item(
    body: SupervisionItemCreate,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(CREATE_ITEM),
) -> Any:
    """The office issues an item by hand; it is numbered and its deadline counted."""
    item = await service.create_item(session, principal, body)
    response.headers["Location"] = f"/api/v1/supervision-items/{item.id}"
    tag(response, item)
    return item


add_batch(router, create_supervision_item)
item_import = add_import(router, create_supervision_item, labels=LABELS)


@router.get(
    "/supervision-items/summary",
    response_model=SupervisionItemSummary,
    summary="Count supervision items",
)
async def get_supervision_item_summary(
    session: SessionDep,
    responsible_unit: Code | None = None,
    principal: Principal = permitted(READ_ITEM),
) -> Any:
    """Open, overdue and closed items, by status and by unit, as far as the caller may see."""
    return await service.summarise(session, principal, responsible_unit)


@router.get(
    "/supervision-items/{item_id}",
    response_model=SupervisionItemRead,
    summary="Read a supervision item",
)
async def get_supervision_item(
    item_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_ITEM),
) -> Any:
    """One item; its ETag is what every step needs as If-Match."""
    item = await service.get_item(session, principal, item_id)
    tag(response, item)
    return item


@router.get(
    "/supervision-items/{item_id}/steps",
    response_model=SupervisionItemStepPage,
    summary="List what was done to an item",
)
async def list_supervision_item_steps(
    item_id: UUID,
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(STEP_SORT)],
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_ITEM),
) -> Any:
    """Every step of an item in order, with who did it and when."""
    return await service.list_steps(session, principal, item_id, page, updated_since)


@router.post(
    "/supervision-items/{item_id}/acknowledge",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition),
    summary="Acknowledge an item",
)
async def acknowledge_supervision_item(
    item_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(ACKNOWLEDGE_ITEM),
) -> Any:
    """The responsible unit confirms that it has received the item."""
    item = await service.acknowledge_item(session, principal, item_id, expected)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/start",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition),
    summary="Start the rectification",
)
async def start_supervision_item(
    item_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(START_ITEM),
) -> Any:
    """The responsible unit begins to put it right."""
    item = await service.start_item(session, principal, item_id, expected)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/submit",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition),
    summary="Submit the rectification",
)
async def submit_supervision_item(
    item_id: UUID,
    body: RectificationSubmit,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(SUBMIT_ITEM),
) -> Any:
    """The responsible unit says what it has done and asks for re-verification."""
    item = await service.submit_item(session, principal, item_id, expected, body.rectification)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/return",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition),
    summary="Send an item back",
)
async def return_supervision_item(
    item_id: UUID,
    body: ItemReasonGiven,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(RETURN_ITEM),
) -> Any:
    """The office sends a submitted or verified item back to work, with a reason."""
    item = await service.return_item(session, principal, item_id, expected, body.reason)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/verify",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition, VerifierIsDoer),
    summary="Verify the rectification",
)
async def verify_supervision_item(
    item_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: ItemNoteGiven = NO_NOTE,
    principal: Principal = permitted(VERIFY_ITEM),
) -> Any:
    """Someone of the office who did none of the work finds that it is put right."""
    item = await service.verify_item(session, principal, item_id, expected, body.note)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/close",
    response_model=SupervisionItemRead,
    responses=problems(
        InvalidTransition,
        IndicatorNotRemeasured,
        RuleNotRestored,
        NotReinspected,
        NotHandedIn,
        VerifierIsDoer,
    ),
    summary="Close an item",
)
async def close_supervision_item(
    item_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: ItemNoteGiven = NO_NOTE,
    principal: Principal = permitted(CLOSE_ITEM),
) -> Any:
    """The office closes a verified item; refused until its indicator is measured off red again,
    its fiscal rule is kept again, what was found has been looked at again or what was overdue is
    handed in."""
    item = await service.close_item(session, principal, item_id, expected, body.note)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/cancel",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition),
    summary="Cancel an item",
)
async def cancel_supervision_item(
    item_id: UUID,
    body: ItemReasonGiven,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(CANCEL_ITEM),
) -> Any:
    """The office withdraws an open item, with a reason."""
    item = await service.cancel_item(session, principal, item_id, expected, body.reason)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/transfer",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition, SameUnit),
    summary="Transfer an item to another unit",
)
async def transfer_supervision_item(
    item_id: UUID,
    body: ItemTransfer,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(TRANSFER_ITEM),
) -> Any:
    """The office makes another unit responsible; the deadline stays, payments are held there."""
    item = await service.transfer_item(session, principal, item_id, expected, body)
    tag(response, item)
    return item


@router.post(
    "/supervision-items/{item_id}/merge",
    response_model=SupervisionItemRead,
    responses=problems(InvalidTransition, CannotMerge),
    summary="Merge an item into another",
)
async def merge_supervision_item(
    item_id: UUID,
    body: ItemMerge,
    session: SessionDep,
    response: Response,
    expected: Expected,
    principal: Principal = permitted(MERGE_ITEM),
) -> Any:
    """The item ends as cancelled, and another open one of the same unit goes on in its place."""
    item = await service.merge_item(session, principal, item_id, expected, body)
    tag(response, item)
    return item
