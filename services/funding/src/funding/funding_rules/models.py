"""Rules as data, and what was last found of each in each year."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from servicekit.clock import now
from servicekit.rows import Versioned
from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class FundingRule(Versioned, Base):
    """A named formula with a threshold a year, in `unit`."""

    __tablename__ = "funding_rule"
    __table_args__ = (
        CheckConstraint(
            "formula IN ('three_st_share', 'st_share', 'leverage', 'special_funds_floor')",
            name="formula",
        ),
        CheckConstraint("comparator IN ('at_least', 'reach')", name="comparator"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    formula: Mapped[str]
    comparator: Mapped[str]
    unit: Mapped[str]
    thresholds: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    inputs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    funds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source_ref: Mapped[str | None]

    def threshold_of(self, year: int) -> Decimal | None:
        """The year's threshold in the rule's unit, if it has one."""
        found = [Decimal(each["value"]) for each in self.thresholds if each["year"] == year]
        return found[0] if found else None

    @property
    def years(self) -> list[int]:
        return sorted(each["year"] for each in self.thresholds)


class FundingRuleState(Base):
    """What was last told about a rule in a year, so that only changes are told."""

    __tablename__ = "funding_rule_state"
    __table_args__ = (
        CheckConstraint("state IN ('satisfied', 'breached', 'pending', 'unknown')", name="state"),
    )

    rule_code: Mapped[str] = mapped_column(ForeignKey("funding_rule.code"), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    actual: Mapped[Decimal | None] = mapped_column(Numeric(40, 6))
    threshold: Mapped[Decimal | None] = mapped_column(Numeric(40, 6))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    breach_told: Mapped[bool] = mapped_column(default=False)
    evaluated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
