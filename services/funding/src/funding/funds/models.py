"""Funds: the five special ones, the three S&T items, science operating expenses."""

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class Fund(Versioned, Base):
    """What money is set aside for, by its stable code."""

    __tablename__ = "fund"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('special', 'three_st_expenses', 'science_operating_expenses')", name="kind"
        ),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    purpose_zh: Mapped[str]
    purpose_en: Mapped[str]
    manager_unit: Mapped[str]
    counts_towards_floor: Mapped[bool]
    source_ref: Mapped[str | None]
