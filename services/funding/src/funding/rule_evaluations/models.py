"""The table of what was found of the rules."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class FundingRuleEvaluation(Base):
    """What was found of a rule in a year, by the revision `revision`, until the next row of the
    year; only ever added to."""

    __tablename__ = "funding_rule_evaluation"
    __table_args__ = (
        CheckConstraint("state IN ('satisfied', 'breached', 'pending', 'unknown')", name="state"),
        Index("ix_funding_rule_evaluation_order", "rule_code", "fiscal_year", "evaluated_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rule_code: Mapped[str] = mapped_column(ForeignKey("funding_rule.code"))
    fiscal_year: Mapped[int]
    revision: Mapped[int]
    state: Mapped[str]
    actual: Mapped[Decimal | None] = mapped_column(Numeric(40, 6))
    threshold: Mapped[Decimal | None] = mapped_column(Numeric(40, 6))
    distance: Mapped[Decimal | None] = mapped_column(Numeric(40, 6))
    spare: Mapped[Decimal | None] = mapped_column(Numeric(40, 2))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    missing: Mapped[list[str]] = mapped_column(ARRAY(Text))
    correlation_id: Mapped[str | None]
    evaluated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
