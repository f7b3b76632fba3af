"""Taking in a bulletin."""

from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox

from supervision.bulletin_deliveries import domain, events, repository
from supervision.bulletin_deliveries.models import BulletinDelivery
from supervision.bulletin_deliveries.repository import DeliveryFilter
from supervision.permissions import READ_DELIVERY, RECEIVE_DELIVERY


async def receive_delivery(
    session: Session,
    principal: Principal,
    delivery_id: UUID,
    expected: int | None,
    note: str | None,
) -> BulletinDelivery:
    """The recipient confirms it; the office does for those outside the programme."""
    row = await repository.get(session, delivery_id, lock=True)
    await directory.require(session, principal, RECEIVE_DELIVERY, row.unit_code)
    check_version(row, expected)
    row.state = domain.receive(row.state)
    row.received_at, row.received_by, row.receipt_note = now(), principal.subject, note
    row.touch()
    await session.flush()
    audit.record(session, RECEIVE_DELIVERY.name, "bulletin_delivery", row.id, after={"note": note})
    outbox.add(session, events.bulletin_received(row))
    return row


async def get_delivery(
    session: Session, principal: Principal, delivery_id: UUID
) -> BulletinDelivery:
    row = await repository.get(session, delivery_id)
    await directory.require(session, principal, READ_DELIVERY, row.unit_code)
    return row


async def list_deliveries(
    session: Session, principal: Principal, page: PageRequest, filters: DeliveryFilter
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_DELIVERY)
    return await repository.list_deliveries(session, page, units, filters)
