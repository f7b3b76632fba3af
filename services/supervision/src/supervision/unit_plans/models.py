"""The tables of the plans that units owe, and of their editions."""

from datetime import date, datetime
from uuid import UUID

from servicekit.ids import new_id
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Stamped, Versioned
from supervision.unit_plans.domain import WITH_THE_UNIT, PlanState

STATES = ", ".join(f"'{state}'" for state in PlanState)
IS_WITH_THE_UNIT = f"state IN ({', '.join(repr(state.value) for state in WITH_THE_UNIT)})"


class UnitPlan(Versioned, Base):
    """The plan of one unit. `edition` is the last one handed in, `approved_edition` the one in
    force; `remind_on` the day on which it is looked at again for reminders, `reminded` the steps of
    the ladder that were told of the present deadline."""

    __tablename__ = "unit_plan"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint("reviewed_by <> submitted_by", name="reviewer_is_not_author"),
        CheckConstraint("approved_by <> submitted_by", name="approver_is_not_author"),
        CheckConstraint(
            "state <> 'approved' OR approved_edition = edition", name="approved_is_in_force"
        ),
        Index(
            "uq_unit_plan_asked",
            "programme",
            "kind",
            text("coalesce(year, 0)"),
            "unit_code",
            unique=True,
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index("ix_unit_plan_unit", "unit_code", "kind"),
        Index("ix_unit_plan_request_id", "request_id"),
        Index("ix_unit_plan_remind_on", "remind_on", postgresql_where=text(IS_WITH_THE_UNIT)),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("plan_request.id"))
    programme: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(Integer)
    unit_code: Mapped[str] = mapped_column(Text)
    unit_name: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    due_provisional: Mapped[bool] = mapped_column(Boolean)
    due_set_on: Mapped[date] = mapped_column(Date)
    remind_on: Mapped[date | None] = mapped_column(Date)
    reminded: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    overdue_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(Text, default="requested")
    edition: Mapped[int] = mapped_column(Integer, default=0)
    approved_edition: Mapped[int | None] = mapped_column(Integer)
    title: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reviewed_by: Mapped[str | None] = mapped_column(Text)
    review_note: Mapped[str | None] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    return_reason: Mapped[str | None] = mapped_column(Text)
    return_count: Mapped[int] = mapped_column(Integer, default=0)
    revision_reason: Mapped[str | None] = mapped_column(Text)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    correlation_id: Mapped[str] = mapped_column(Text)


class UnitPlanEdition(Stamped, Base):
    """One edition as it was handed in, and what became of it; kept for ever."""

    __tablename__ = "unit_plan_edition"
    __table_args__ = (
        UniqueConstraint("plan_id", "edition"),
        CheckConstraint("outcome IN ('approved', 'returned')", name="outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("unit_plan.id"))
    edition: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    revision_reason: Mapped[str | None] = mapped_column(Text)
    late: Mapped[bool] = mapped_column(Boolean)
    submitted_by: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    outcome: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(Text)
