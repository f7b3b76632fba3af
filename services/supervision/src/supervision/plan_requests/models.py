"""The table of requests."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class PlanRequest(Versioned, Base):
    """The office asks units for a plan. `due_from` and `due_workdays` say how the deadline was
    counted; `units` are those it was asked of, collectives replaced by their members."""

    __tablename__ = "plan_request"
    __table_args__ = (
        CheckConstraint("kind IN ('implementation_plan', 'annual_work_plan')", name="kind"),
        CheckConstraint("(kind = 'annual_work_plan') = (year IS NOT NULL)", name="year"),
        CheckConstraint("state IN ('open', 'cancelled')", name="state"),
        CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_with_reason"
        ),
    )

    programme: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    due_on: Mapped[date] = mapped_column(Date)
    due_provisional: Mapped[bool] = mapped_column(Boolean)
    due_from: Mapped[date] = mapped_column(Date)
    due_workdays: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text, default="open")
    requested_by: Mapped[str] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
