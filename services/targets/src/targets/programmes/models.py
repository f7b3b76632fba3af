"""The programme table."""

from datetime import date
from typing import Any

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base, Named


class Programme(Named, Versioned, Base):
    """A programme; `anchor_year` is its year Y1."""

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates"),)

    description_zh: Mapped[str]
    description_en: Mapped[str]
    anchor_year: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    lead_unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    office_unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    inspection_cadence: Mapped[str]
    meeting_cadence: Mapped[str]
    bulletin_cadence: Mapped[str]
    standing_rules: Mapped[list[dict[str, Any]]]
