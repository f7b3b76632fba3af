"""The table of criteria."""

from decimal import Decimal

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base

_LEVEL = "IN ('municipal', 'provincial', 'national')"


class GradeCriterion(Versioned, Base):
    """One thing that parks of a kind need for a grade, and how much of it."""

    __tablename__ = "grade_criterion"
    __table_args__ = (
        CheckConstraint("park_kind IN ('private_st_park', 'circular_economy_park')", name="kind"),
        CheckConstraint(f"grade {_LEVEL}", name="grade"),
        CheckConstraint(
            "measure IN ('sales_revenue', 'enterprises', 'high_tech_enterprises',"
            " 'above_scale_enterprises', 'platforms')",
            name="measure",
        ),
        CheckConstraint("(measure = 'platforms') = (platform_kind IS NOT NULL)", name="platforms"),
        CheckConstraint(f"platform_level {_LEVEL}", name="platform_level"),
        CheckConstraint("threshold > 0", name="threshold"),
        Index("ix_grade_criterion_park_kind_grade", "park_kind", "grade"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    park_kind: Mapped[str]
    grade: Mapped[str]
    measure: Mapped[str]
    platform_kind: Mapped[str | None]
    platform_level: Mapped[str | None]
    threshold: Mapped[Decimal]
    unit: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    document_no: Mapped[str | None]
    active: Mapped[bool]
