"""Tables of the indicators: definition, and the targets as they stand today."""

from decimal import Decimal
from typing import Any

from servicekit.rows import Versioned
from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from targets.db import Base, Named


class Milestone(Base):
    """What is to be reached by the end of a year, in the indicator's unit: as it stands today. What
    it was and will be is in `target_value`."""

    __tablename__ = "milestone"

    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[Decimal]


class Indicator(Named, Versioned, Base):
    """One promise in numbers."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint(
            "comparator IN ('at_least', 'at_most', 'reach', 'about')", name="comparator"
        ),
        CheckConstraint("direction IN ('increase', 'decrease')", name="direction"),
        CheckConstraint("phasing IN ('linear', 'stepwise', 'custom')", name="phasing"),
        CheckConstraint(
            "cardinality(phasing_shares) = CASE phasing WHEN 'custom' THEN 12 ELSE 0 END",
            name="phasing_shares",
        ),
        CheckConstraint(
            "source_kind IN ('reported', 'parks', 'funding', 'derived')", name="source_kind"
        ),
        CheckConstraint("formula IS NULL OR source_kind = 'derived'", name="formula"),
        CheckConstraint("(baseline_year IS NULL) = (baseline_value IS NULL)", name="baseline"),
        CheckConstraint("amber_share BETWEEN 0 AND 1", name="amber_share"),
        CheckConstraint("green_share BETWEEN amber_share AND 1", name="green_share"),
        Index("ix_indicator_source", "source_kind", "source_metric"),
    )

    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"), index=True)
    definition_zh: Mapped[str]
    definition_en: Mapped[str]
    headline: Mapped[bool]
    kind: Mapped[str]
    unit: Mapped[str]
    comparator: Mapped[str]
    tolerance: Mapped[Decimal | None]
    green_share: Mapped[Decimal] = mapped_column(default=Decimal(1), server_default=text("1"))
    amber_share: Mapped[Decimal]
    direction: Mapped[str]
    frequency: Mapped[str]
    time_aggregation: Mapped[str]
    unit_aggregation: Mapped[str]
    phasing: Mapped[str]
    phasing_shares: Mapped[list[Decimal]] = mapped_column(
        ARRAY(Numeric(7, 6)), default=list, server_default=text("'{}'")
    )
    baseline_year: Mapped[int | None]
    baseline_value: Mapped[Decimal | None]
    grade_ladder: Mapped[list[str]]
    source_kind: Mapped[str]
    source_metric: Mapped[str | None]
    formula: Mapped[str | None]
    lead_unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    supporting_units: Mapped[list[str]]
    working_group: Mapped[str | None] = mapped_column(ForeignKey("working_group.code"))
    open_conflict: Mapped[str | None]
    milestones: Mapped[list[Milestone]] = relationship(
        order_by=Milestone.year, cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def baseline(self) -> dict[str, Any] | None:
        if self.baseline_year is None:
            return None
        return {"year": self.baseline_year, "value": self.baseline_value}

    @property
    def targets(self) -> dict[int, Decimal]:
        """Milestones by year."""
        return {milestone.year: milestone.value for milestone in self.milestones}

    @property
    def has_parts(self) -> bool:
        """Whether its numbers are reported as numerator and denominator."""
        return "ratio_of_sums" in (self.time_aggregation, self.unit_aggregation)

    @property
    def concerned_units(self) -> list[str]:
        """Whoever answers for it: the lead, the supporting units and the working group."""
        group = [self.working_group] if self.working_group else []
        return [self.lead_unit, *self.supporting_units, *group]
