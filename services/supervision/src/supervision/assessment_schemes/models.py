"""Schemes."""

from typing import Any

from sqlalchemy import CheckConstraint, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class AssessmentScheme(Versioned, Base):
    """One revision of a scheme; only added to. Its version is its revision."""

    __tablename__ = "assessment_scheme"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("appeal_workdays BETWEEN 1 AND 60", name="appeal_workdays"),
    )

    code: Mapped[str] = mapped_column(Text)
    programme: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    appeal_workdays: Mapped[int] = mapped_column(Integer)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    put_by: Mapped[str] = mapped_column(Text)
