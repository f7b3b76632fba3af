"""Assessments and their scores."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class Assessment(Versioned, Base):
    """One assessment. `records` is what it was computed from, kept so that it can be again;
    `units` are those assessed, `groups` what each working group is made of."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'previewed', 'published')", name="state"),
        CheckConstraint("period_start <= period_end", name="period"),
        CheckConstraint("(state = 'published') = (published_on IS NOT NULL)", name="published"),
        CheckConstraint("published_by <> created_by", name="publisher_is_not_maker"),
    )

    title: Mapped[str] = mapped_column(Text)
    scheme_code: Mapped[str] = mapped_column(Text)
    scheme_version: Mapped[int] = mapped_column(Integer)
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text, default="draft")
    units: Mapped[list[str]] = mapped_column(JSONB)
    groups: Mapped[dict[str, list[str]]] = mapped_column(JSONB, default=dict)
    records: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    created_by: Mapped[str] = mapped_column(Text)
    computed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_by: Mapped[str | None] = mapped_column(Text)
    published_on: Mapped[date | None] = mapped_column(Date)
    appeal_until: Mapped[date | None] = mapped_column(Date)


class AssessmentScore(Versioned, Base):
    """The score of a unit, or of a working group as the mean of its units."""

    __tablename__ = "assessment_score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "unit_code"),
        CheckConstraint("kind IN ('unit', 'group')", name="kind"),
        CheckConstraint("total BETWEEN 0 AND 100", name="total"),
        Index("ix_assessment_score_unit_code", "unit_code"),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    unit_code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    total: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    place: Mapped[int] = mapped_column(Integer)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    published: Mapped[bool] = mapped_column(Boolean, default=False)
