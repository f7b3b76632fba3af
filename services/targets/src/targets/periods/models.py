"""Tables of the reporting periods."""

from datetime import date, datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class ReportingPeriod(Versioned, Base):
    """A period numbers are reported for; once closed, none are taken any more."""

    __tablename__ = "reporting_period"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("kind IN ('year', 'quarter', 'month', 'half_month')", name="kind"),
        CheckConstraint("due_on >= ends_on", name="due"),
    )

    period: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]


class PeriodAction(Base):
    """Every closing and reopening, with its reason; only ever added to."""

    __tablename__ = "period_action"
    __table_args__ = (CheckConstraint("action IN ('close', 'reopen')", name="action"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    period: Mapped[str] = mapped_column(ForeignKey("reporting_period.period"), index=True)
    action: Mapped[str]
    reason: Mapped[str | None]
    actor: Mapped[str]
    acted_at: Mapped[datetime] = mapped_column(default=now)
