"""Rules as data, every revision of them, and what was last found of each in each year."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base
from funding.funding_rules.domain import Comparator, JudgedWhen, Judging


def definition_rules() -> tuple[CheckConstraint, ...]:
    """What holds of every definition."""
    return (
        CheckConstraint(
            "formula IN"
            " ('three_st_share', 'st_share', 'leverage', 'special_funds_floor', 'custom')",
            name="formula",
        ),
        CheckConstraint("comparator IN ('at_least', 'reach', 'at_most')", name="comparator"),
        CheckConstraint("judged IN ('at_once', 'year_end')", name="judged"),
    )


class Definition:
    """What a rule says: a formula with a threshold a year, in `unit`."""

    programme: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    formula: Mapped[str]
    expression: Mapped[str]
    comparator: Mapped[str]
    judged: Mapped[str]
    unit: Mapped[str]
    thresholds: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    inputs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    funds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source_ref: Mapped[str | None]
    document_no: Mapped[str | None]

    def threshold_of(self, year: int) -> Decimal | None:
        """The year's threshold in the rule's unit, if it has one."""
        found = [Decimal(each["value"]) for each in self.thresholds if each["year"] == year]
        return found[0] if found else None

    @property
    def years(self) -> list[int]:
        return sorted(each["year"] for each in self.thresholds)

    @property
    def judging(self) -> Judging:
        return Judging(self.expression, Comparator(self.comparator), JudgedWhen(self.judged))


DEFINED = (
    *("programme", "name_zh", "name_en", "formula", "expression", "comparator", "judged", "unit"),
    *("thresholds", "inputs", "funds", "source_ref", "document_no"),
)
"""The columns of a definition."""


class FundingRule(Versioned, Definition, Base):
    """A rule as it was defined last. `ended_from` is the first year it does not hold for."""

    __tablename__ = "funding_rule"
    __table_args__ = definition_rules()

    code: Mapped[str] = mapped_column(primary_key=True)
    ended_from: Mapped[int | None]


class FundingRuleRevision(Definition, Base):
    """What a rule says from a fiscal year on (none: of every year) until a later revision; only
    ever added to. From one that ends it on, it says nothing. `reason` is none where the rule was
    defined, and not revised by a document."""

    __tablename__ = "funding_rule_revision"
    __table_args__ = (UniqueConstraint("rule_code", "number"), *definition_rules())

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rule_code: Mapped[str] = mapped_column(ForeignKey("funding_rule.code"))
    number: Mapped[int]
    from_year: Mapped[int | None]
    ends: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    revised_by: Mapped[str]
    revised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


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
