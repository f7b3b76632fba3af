"""Tables of the numbers taken: all of them, and which ones are valid now."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class Observation(Base):
    """A number that was taken for an indicator; only ever added to.

    `value` is in the indicator's unit; `source_value` and `source_unit` are as it arrived.
    """

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint(
            "source_kind IN ('reported', 'parks', 'funding', 'ruling', 'derived')",
            name="source_kind",
        ),
        # One source, an event or a report, counts once for an indicator and period.
        UniqueConstraint("indicator_code", "source_id", name="uq_observation_source"),
        Index("ix_observation_series", "indicator_code", "ends_on", "seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"))
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    period: Mapped[str]
    ends_on: Mapped[date]
    value: Mapped[Decimal]
    unit: Mapped[str]
    numerator: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    year_to_date: Mapped[bool]
    source_kind: Mapped[str]
    source_id: Mapped[str]
    source_value: Mapped[Decimal]
    source_unit: Mapped[str]
    after_close: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class CurrentObservation(Base):
    """The valid number of an indicator, unit and period: the one that was taken last, or
    the one that was ruled."""

    __tablename__ = "current_observation"
    __table_args__ = (
        UniqueConstraint(
            "indicator_code",
            "unit_code",
            "period",
            name="uq_current_observation_of",
            postgresql_nulls_not_distinct=True,
        ),
    )

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"))
    unit_code: Mapped[str | None]
    period: Mapped[str]
    ends_on: Mapped[date]
    value: Mapped[Decimal]
    numerator: Mapped[Decimal | None]
    denominator: Mapped[Decimal | None]
    year_to_date: Mapped[bool]
