"""The table of the rules by which an indicator's reports are checked."""

from decimal import Decimal

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class ReportingRule(Versioned, Base):
    """How far a reported number may be from its history; no `outlier_threshold`, no check."""

    __tablename__ = "reporting_rule"
    __table_args__ = (
        CheckConstraint("outlier_threshold > 0", name="threshold"),
        CheckConstraint("outlier_min_history BETWEEN 4 AND 36", name="min_history"),
    )

    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    outlier_threshold: Mapped[Decimal | None]
    outlier_min_history: Mapped[int]
