"""Open rectifications, as far as they hold payments."""

from datetime import date, datetime
from uuid import UUID

from servicekit.rows import Versioned
from sqlalchemy import DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class PaymentHold(Versioned, Base):
    """A supervision item that holds payments to a unit until it is released."""

    __tablename__ = "payment_hold"
    __table_args__ = (
        Index("ix_payment_hold_open", "payee_unit", postgresql_where=text("released_at IS NULL")),
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_number: Mapped[str]
    title: Mapped[str]
    payee_unit: Mapped[str]
    due_on: Mapped[date]
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None]
