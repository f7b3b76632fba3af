"""Tables of the status board: one judgement per indicator, and what supervision opened on it."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class IndicatorStatus(Versioned, Base):
    """The latest judgement of an indicator. Its row is the lock under which numbers are taken."""

    __tablename__ = "indicator_status"
    __table_args__ = (
        CheckConstraint("status IN ('green', 'amber', 'red', 'unknown')", name="status"),
    )

    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    period: Mapped[str | None]
    actual: Mapped[Decimal | None]
    expected: Mapped[Decimal | None]
    status: Mapped[str] = mapped_column(default="unknown")
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    provisional_until: Mapped[date | None]
    measured_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]


class SupervisionItem(Base):
    """A supervision item as its events tell it; the board shows those open on an indicator."""

    __tablename__ = "supervision_item"
    __table_args__ = (
        Index("ix_supervision_item_open", "origin_ref", postgresql_where=text("closed_at IS NULL")),
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    title: Mapped[str]
    origin: Mapped[str]
    origin_ref: Mapped[str | None]
    responsible_unit: Mapped[str]
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
