"""Opening the item of something overdue, and what becomes of it when it comes after all."""

from datetime import date, datetime

from servicekit.db import Session

from supervision.items import repository, service
from supervision.items.domain import OVERDUE_REPORT, OVERDUE_WORKDAYS, Action, Opening


async def open_case(
    session: Session, ref: str, *, unit: str, what: str, due_on: date, period: str | None
) -> None:
    """Open the item of what a unit did not hand in, unless one is open. It holds no payment:
    nothing is known to be wrong but the date."""
    await service.open_case(
        session,
        Opening(
            title=f"逾期未报：{what}",
            description=f"应于 {due_on} 前报送，逾期未报。",
            origin=OVERDUE_REPORT,
            origin_ref=ref,
            responsible_unit=unit,
            due_workdays=OVERDUE_WORKDAYS,
            holds_payments=False,
            period=period,
        ),
    )


async def note_handing_in(session: Session, ref: str, at: datetime | None) -> None:
    """It is handed in, or with none was taken back: its open item may be closed, or no longer."""
    item = await repository.open_case(session, OVERDUE_REPORT, ref)
    if item is None or item.handed_in_at == at:
        return
    item.handed_in_at = at
    item.touch()
    service.note_step(session, item, "hand_in" if at else "take_back", None)
    await session.flush()


async def drop_case(session: Session, ref: str, reason: str) -> None:
    """It is not owed any more: its open item ends."""
    item = await repository.open_case(session, OVERDUE_REPORT, ref)
    if item is not None:
        item.cancel_reason = reason
        await service.take_step(session, item, Action.CANCEL, reason)
