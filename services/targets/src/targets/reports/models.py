"""The table of the progress reports."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class ProgressReport(Versioned, Base):
    """A number a unit reports for an indicator and a period, with what it did and the evidence.

    A verified report stays as it is; a correction is a new one, whose number then counts.
    """

    __tablename__ = "progress_report"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'verified', 'returned', 'resubmitted')", name="state"
        ),
        CheckConstraint(
            "verified_by IS NULL OR (verified_by <> created_by AND verified_by <> submitted_by)",
            name="verifier_is_not_reporter",
        ),
        Index(
            "uq_progress_report_unverified",
            "indicator_code",
            "unit_code",
            "period",
            unique=True,
            postgresql_where=text("state <> 'verified'"),
        ),
        Index("ix_progress_report_unit", "unit_code", "updated_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), index=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    period: Mapped[str] = mapped_column(ForeignKey("reporting_period.period"), index=True)
    value: Mapped[Decimal]
    numerator: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    explanation: Mapped[str | None]
    evidence: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft", index=True)
    late: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
