"""HTTP of the deliveries of bulletins."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response
from servicekit.auth.principal import Principal
from servicekit.files.download import gives
from servicekit.files.kinds import DOCX, PDF
from servicekit.http import app
from servicekit.http.etag import Expected, tag
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import AnyOf, Code, Moment

from supervision.bulletin_deliveries import service
from supervision.bulletin_deliveries.domain import BulletinDeliveryState
from supervision.bulletin_deliveries.repository import SORTABLE, DeliveryFilter
from supervision.bulletin_deliveries.schemas import (
    BulletinDeliveryPage,
    BulletinDeliveryRead,
    BulletinReceipt,
)
from supervision.bulletins import repository as bulletins
from supervision.bulletins.routes import document_of
from supervision.permissions import READ_DELIVERY, RECEIVE_DELIVERY

router = app.router("bulletin-deliveries")
ONE = "/bulletin-deliveries/{delivery_id}"
NO_NOTE = BulletinReceipt()


@router.get(
    "/bulletin-deliveries", response_model=BulletinDeliveryPage, summary="List bulletin deliveries"
)
async def list_bulletin_deliveries(
    session: SessionDep,
    page: Annotated[PageRequest, sorted_by(SORTABLE)],
    bulletin_id: UUID | None = None,
    unit_code: Code | None = None,
    group_code: Code | None = None,
    state: Annotated[AnyOf[BulletinDeliveryState] | None, Query()] = None,
    updated_since: Moment | None = None,
    principal: Principal = permitted(READ_DELIVERY),
) -> Any:
    """To whom bulletins were sent and who has confirmed them; a unit sees what was sent to it."""
    filters = DeliveryFilter(bulletin_id, unit_code, group_code, state or (), updated_since)
    return await service.list_deliveries(session, principal, page, filters)


@router.get(ONE, response_model=BulletinDeliveryRead, summary="Read a bulletin delivery")
async def get_bulletin_delivery(
    delivery_id: UUID,
    session: SessionDep,
    response: Response,
    principal: Principal = permitted(READ_DELIVERY),
) -> Any:
    """One delivery; its ETag is what confirming it needs as If-Match."""
    row = await service.get_delivery(session, principal, delivery_id)
    tag(response, row)
    return row


@router.get(
    f"{ONE}/document",
    response_class=Response,
    responses=gives(PDF, DOCX),
    summary="Download a delivered bulletin",
)
async def get_bulletin_delivery_document(
    delivery_id: UUID,
    session: SessionDep,
    form: Literal["pdf", "docx"] = "pdf",
    principal: Principal = permitted(READ_DELIVERY),
) -> Response:
    """The bulletin as it was issued, in the layout of GB/T 9704; one that was withdrawn is marked
    so (已撤回)."""
    row = await service.get_delivery(session, principal, delivery_id)
    return await document_of(session, await bulletins.get(session, row.bulletin_id), form)


@router.post(
    f"{ONE}/receive",
    response_model=BulletinDeliveryRead,
    responses=problems(InvalidTransition),
    summary="Confirm a bulletin",
)
async def receive_bulletin_delivery(
    delivery_id: UUID,
    session: SessionDep,
    response: Response,
    expected: Expected,
    body: BulletinReceipt = NO_NOTE,
    principal: Principal = permitted(RECEIVE_DELIVERY),
) -> Any:
    """The recipient has it; the office confirms for recipients outside the programme."""
    row = await service.receive_delivery(session, principal, delivery_id, expected, body.note)
    tag(response, row)
    return row
