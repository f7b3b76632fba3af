"""Tables of the derived indicators: what each is made of, and what came out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class FormulaInput(Base):
    """An indicator that the formula of another one uses."""

    __tablename__ = "formula_input"
    __table_args__ = (CheckConstraint("indicator_code <> input_code", name="not_itself"),)

    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    input_code: Mapped[str] = mapped_column(
        ForeignKey("indicator.code"), primary_key=True, index=True
    )


class Derivation(Base):
    """What a formula came to at the end of a period, from which numbers; or why to nothing."""

    __tablename__ = "derivation"
    __table_args__ = (
        CheckConstraint("(value IS NULL) = (code IS NOT NULL)", name="number_or_reason"),
        CheckConstraint("num_nonnulls(code, reason_zh, reason_en) IN (0, 3)", name="reason"),
        Index("ix_derivation_order", "indicator_code", "ends_on"),
    )

    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    ends_on: Mapped[date]
    value: Mapped[Decimal | None]
    inputs: Mapped[list[dict[str, Any]]]
    code: Mapped[str | None]
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    updated_at: Mapped[datetime]
