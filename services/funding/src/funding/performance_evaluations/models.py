"""The table of the evaluations."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class PerformanceEvaluation(Versioned, Base):
    """The one evaluation of an award. `score` and `grade` follow the indicators; `made_by` wrote it
    last, and another one publishes it."""

    __tablename__ = "performance_evaluation"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("(state = 'published') = (published_by IS NOT NULL)", name="published"),
        CheckConstraint("published_by <> made_by", name="publisher_is_another"),
        CheckConstraint("grade IN ('excellent', 'good', 'fair', 'poor')", name="grade"),
        CheckConstraint("score >= 0 AND score <= 100", name="score"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), unique=True)
    payee_unit: Mapped[str] = mapped_column(index=True)
    indicators: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    score: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    grade: Mapped[str]
    summary: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    made_by: Mapped[str]
    published_by: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
