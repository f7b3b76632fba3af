"""Row → published event."""

from contracts.supervision import BulletinIssued, BulletinWithdrawn

from supervision.bulletins.models import Bulletin


def bulletin_issued(bulletin: Bulletin) -> BulletinIssued:
    assert bulletin.number is not None
    assert bulletin.issued_on is not None
    assert bulletin.frozen_at is not None
    return BulletinIssued(
        bulletin_id=bulletin.id,
        number=bulletin.number,
        title=bulletin.title,
        period_start=bulletin.period_start,
        period_end=bulletin.period_end,
        cut_off_at=bulletin.frozen_at,
        issued_on=bulletin.issued_on,
        concerned_units=_units(bulletin),
    )


def bulletin_withdrawn(bulletin: Bulletin) -> BulletinWithdrawn:
    assert bulletin.number is not None
    return BulletinWithdrawn(
        bulletin_id=bulletin.id,
        number=bulletin.number,
        title=bulletin.title,
        reason=bulletin.withdraw_reason or "",
        concerned_units=_units(bulletin),
    )


def _units(bulletin: Bulletin) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each["unit"] for each in bulletin.recipients if each["unit"]))
