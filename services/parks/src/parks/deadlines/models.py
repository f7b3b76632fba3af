"""The table of reminders."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class ReturnReminder(Base):
    """What an enterprise was told of a return that is missing; each once."""

    __tablename__ = "return_reminder"
    __table_args__ = (CheckConstraint("stage IN ('soon', 'today', 'overdue')", name="stage"),)

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    told_at: Mapped[datetime]
