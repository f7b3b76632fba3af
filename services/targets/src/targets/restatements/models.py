"""The table of the restatements."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class Restatement(Base):
    """A number that changed after its period had been closed for the first time; only added to.

    `old_value` is none where there was no number when the period was closed.
    """

    __tablename__ = "restatement"
    __table_args__ = (
        CheckConstraint(
            "cause IN ('exception', 'reopened', 'feed', 'ruling', 'derived')", name="cause"
        ),
        Index("ix_restatement_order", "period", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    period: Mapped[str] = mapped_column(ForeignKey("reporting_period.period"))
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), index=True)
    unit_code: Mapped[str | None]
    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), unique=True)
    old_value: Mapped[Decimal | None]
    old_numerator: Mapped[Decimal | None]
    old_denominator: Mapped[Decimal | None]
    new_value: Mapped[Decimal]
    new_numerator: Mapped[Decimal | None]
    new_denominator: Mapped[Decimal | None]
    unit: Mapped[str]
    cause: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
