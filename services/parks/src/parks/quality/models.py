"""The table of rules."""

from datetime import date
from decimal import Decimal

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class ReturnRule(Versioned, Base):
    """A rule that looks at one number of a return. Bounds are percentages."""

    __tablename__ = "return_rule"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('at_most', 'ratio', 'jump', 'sum_of_parts', 'park_total')", name="kind"
        ),
        CheckConstraint("severity IN ('error', 'warning')", name="severity"),
        CheckConstraint("(kind IN ('at_most', 'ratio')) = (other IS NOT NULL)", name="other"),
        CheckConstraint("lowest <= highest", name="bounds"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    severity: Mapped[str]
    measure: Mapped[str]
    other: Mapped[str | None]
    lowest: Mapped[Decimal | None]
    highest: Mapped[Decimal | None]
    frequencies: Mapped[list[str]]
    enterprise_classes: Mapped[list[str]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    document_no: Mapped[str | None]
    active: Mapped[bool]
