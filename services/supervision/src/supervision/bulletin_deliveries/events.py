"""Row → published event."""

from contracts.supervision import BulletinReceived

from supervision.bulletin_deliveries.models import BulletinDelivery


def bulletin_received(row: BulletinDelivery) -> BulletinReceived:
    assert row.received_at is not None
    return BulletinReceived(
        delivery_id=row.id,
        bulletin_id=row.bulletin_id,
        number=row.bulletin_number,
        recipient=row.recipient_zh,
        unit_code=row.unit_code,
        received_at=row.received_at,
    )
