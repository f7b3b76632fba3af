"""Tables of the reporting periods."""

from datetime import date, datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class ReportingPeriod(Versioned, Base):
    """A period numbers are reported for; once closed, none are taken any more.

    `due_workdays` is none where the office set the day itself. `first_closed_at` stays: what
    changes after it is a restatement, whether the period was reopened for it or not.
    """

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
    due_workdays: Mapped[int | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="open")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    first_closed_at: Mapped[datetime | None]


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


class PeriodException(Versioned, Base):
    """One unit may report for a closed period, up to and including a day."""

    __tablename__ = "period_exception"
    __table_args__ = (Index("ix_period_exception_of", "period", "unit_code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    period: Mapped[str] = mapped_column(ForeignKey("reporting_period.period"))
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    expires_on: Mapped[date]
    reason: Mapped[str]
    granted_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
