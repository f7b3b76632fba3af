"""Tables of the progress reports: what they say, and what was done to them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base

PARTS = ("value", "numerator", "denominator")


class ProgressReport(Versioned, Base):
    """A number a unit reports for an indicator and a period, with what it did and the evidence.

    A verified report stays as it is; a correction is a new one, whose number then counts. What the
    unit reported stays in `value` also where the verifier adjusted it. `reporters` is everyone who
    had a hand in it: none of them verifies it.
    """

    __tablename__ = "progress_report"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'verified', 'returned', 'resubmitted', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "verified_by IS NULL OR (verified_by <> created_by AND verified_by <> submitted_by"
            " AND NOT verified_by = ANY(reporters))",
            name="verifier_is_not_reporter",
        ),
        CheckConstraint(
            "(adjusted_value IS NULL) = (adjustment_reason IS NULL)"
            " AND (adjusted_value IS NULL OR state = 'verified')",
            name="adjustment",
        ),
        Index(
            "uq_progress_report_in_progress",
            "indicator_code",
            "unit_code",
            "period",
            unique=True,
            postgresql_where=text("state NOT IN ('verified', 'withdrawn')"),
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
    usual_low: Mapped[Decimal | None]
    usual_high: Mapped[Decimal | None]
    outlier_explanation: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft", index=True)
    late: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str]
    reporters: Mapped[list[str]]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    adjusted_value: Mapped[Decimal | None]
    adjusted_numerator: Mapped[Decimal | None]
    adjusted_denominator: Mapped[Decimal | None]
    adjustment_reason: Mapped[str | None]
    return_reason: Mapped[str | None]
    withdrawal_reason: Mapped[str | None]

    @property
    def counted(self) -> dict[str, Decimal | None]:
        """The number that counts: the adjusted one, or the reported one."""
        prefix = "" if self.adjusted_value is None else "adjusted_"
        return {part: getattr(self, prefix + part) for part in PARTS}


class ReportAction(Base):
    """What somebody did to a report, and what it changed; only added to."""

    __tablename__ = "report_action"
    __table_args__ = (Index("ix_report_action_order", "report_id", "acted_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("progress_report.id"))
    action: Mapped[str]
    actor: Mapped[str]
    actor_unit: Mapped[str | None]
    reason: Mapped[str | None]
    changes: Mapped[list[dict[str, Any]]]
    version: Mapped[int] = mapped_column(BigInteger)
    acted_at: Mapped[datetime] = mapped_column(default=now)
