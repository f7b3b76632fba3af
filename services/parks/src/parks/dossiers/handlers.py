"""Money and supervision as they are told, kept by the unit they concern."""

from contracts.funding import AwardGranted, DisbursementSucceeded, RefundReceived
from contracts.supervision import ItemClosed, ItemOpened
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from parks.dossiers import service


async def on_award_granted(session: Session, event: Received[AwardGranted]) -> None:
    data = event.data
    await service.take(
        session,
        "award",
        data.award_id,
        unit_code=data.payee_unit,
        title=data.title,
        fund_code=data.fund_code,
        amount=data.amount,
        day=china_date(event.time),
    )


async def on_disbursement_succeeded(
    session: Session, event: Received[DisbursementSucceeded]
) -> None:
    data = event.data
    await service.take(
        session,
        "payment",
        data.disbursement_id,
        unit_code=data.payee_unit,
        fund_code=data.fund_code,
        amount=data.amount,
        day=data.paid_on,
    )


async def on_refund_received(session: Session, event: Received[RefundReceived]) -> None:
    data = event.data
    await service.take(
        session,
        "refund",
        data.refund_id,
        unit_code=data.payee_unit,
        fund_code=data.fund_code,
        amount=data.amount,
        day=data.received_on,
    )


async def on_item_opened(session: Session, event: Received[ItemOpened]) -> None:
    data = event.data
    await service.take(
        session,
        "rectification",
        data.item_id,
        unit_code=data.responsible_unit,
        title=f"{data.number} {data.title}",
        day=data.due_on,
        is_open=True,
    )


async def on_item_closed(session: Session, event: Received[ItemClosed]) -> None:
    await service.settle(session, "rectification", event.data.item_id)


SUBSCRIPTIONS = [
    Subscription(AwardGranted, on_award_granted),
    Subscription(DisbursementSucceeded, on_disbursement_succeeded),
    Subscription(RefundReceived, on_refund_received),
    Subscription(ItemOpened, on_item_opened),
    Subscription(ItemClosed, on_item_closed),
]
