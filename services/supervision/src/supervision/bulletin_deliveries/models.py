"""Deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class BulletinDelivery(Versioned, Base):
    """One copy of an issued bulletin to one recipient; `unit_code` if it is in the directory."""

    __tablename__ = "bulletin_delivery"
    __table_args__ = (
        CheckConstraint("state IN ('sent', 'received', 'recalled')", name="state"),
        CheckConstraint("delivery IN ('main', 'copy')", name="delivery"),
        CheckConstraint("state <> 'received' OR received_by IS NOT NULL", name="received"),
        Index("ix_bulletin_delivery_bulletin_id", "bulletin_id"),
        Index("ix_bulletin_delivery_unit_code", "unit_code"),
    )

    bulletin_id: Mapped[UUID] = mapped_column(ForeignKey("bulletin.id"))
    bulletin_number: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    group_code: Mapped[str] = mapped_column(Text)
    recipient_zh: Mapped[str] = mapped_column(Text)
    recipient_en: Mapped[str] = mapped_column(Text)
    unit_code: Mapped[str | None] = mapped_column(Text)
    delivery: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    received_by: Mapped[str | None] = mapped_column(Text)
    receipt_note: Mapped[str | None] = mapped_column(Text)
