"""Appeals."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class AssessmentAppeal(Versioned, Base):
    """A unit says that its points under a criterion are wrong; `points` is what an upheld one
    gives, or takes where it is negative."""

    __tablename__ = "assessment_appeal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'rejected')", name="state"),
        CheckConstraint("(state = 'upheld') = (points IS NOT NULL)", name="upheld_has_points"),
        CheckConstraint("ruled_by <> appealed_by", name="appellant_does_not_rule"),
        Index(
            "uq_assessment_appeal_open",
            "assessment_id",
            "unit_code",
            "criterion_code",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_assessment_appeal_unit_code", "unit_code"),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    unit_code: Mapped[str] = mapped_column(Text)
    criterion_code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="open")
    appealed_by: Mapped[str] = mapped_column(Text)
    points: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    ruling: Mapped[str | None] = mapped_column(Text)
    ruled_by: Mapped[str | None] = mapped_column(Text)
    ruled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
