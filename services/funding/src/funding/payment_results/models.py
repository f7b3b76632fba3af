"""The table of what the treasury said."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base


class PaymentResult(Base):
    """A result of a payment of a batch; only added to. A payment that succeeded and came back has
    two. `request_id` tells the rows of one file from those of another."""

    __tablename__ = "payment_result"
    __table_args__ = (
        CheckConstraint("outcome IN ('succeeded', 'failed', 'returned')", name="outcome"),
        UniqueConstraint("line_id", "outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payment_batch.id"), index=True)
    batch_number: Mapped[str]
    line_id: Mapped[UUID] = mapped_column(ForeignKey("payment_line.id"))
    line_number: Mapped[int]
    disbursement_id: Mapped[UUID] = mapped_column(ForeignKey("disbursement.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    outcome: Mapped[str]
    paid_on: Mapped[date | None]
    reference: Mapped[str | None]
    reason: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, index=True)
    request_id: Mapped[str]
