"""Requests for more time."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class ExtensionRequest(Versioned, Base):
    """A unit asks for `workdays` more; `due_before` and `due_after` are set by an approval."""

    __tablename__ = "extension_request"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'approved', 'rejected', 'withdrawn')", name="state"
        ),
        CheckConstraint("workdays BETWEEN 1 AND 20", name="workdays"),
        CheckConstraint("decided_by <> requested_by", name="requester_does_not_decide"),
        CheckConstraint("(state = 'approved') = (due_after IS NOT NULL)", name="approved_has_day"),
        Index(
            "uq_extension_request_pending",
            "item_id",
            unique=True,
            postgresql_where=text("state = 'requested'"),
        ),
        Index("ix_extension_request_responsible_unit", "responsible_unit"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_item.id"))
    item_number: Mapped[str] = mapped_column(Text)
    responsible_unit: Mapped[str] = mapped_column(Text)
    workdays: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    due_before: Mapped[date | None] = mapped_column(Date)
    due_after: Mapped[date | None] = mapped_column(Date)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_note: Mapped[str | None] = mapped_column(Text)
    correlation_id: Mapped[str] = mapped_column(Text)
