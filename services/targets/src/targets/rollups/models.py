"""Tables of the kept roll-up: what it is, and what it was."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class RollUp(Base):
    """What the numbers of a unit and of all below it come to, from a day on until its next row.

    Written in the transaction of the number that changes it. `unit_code` is empty for the whole
    city. `amount` and both parts are what `actual` is made of (`totals.domain.Total`); `period` and
    `observation_id` are those of the latest number in it. No number counts where `units` is 0.
    """

    __tablename__ = "roll_up"
    __table_args__ = (Index("ix_roll_up_unit", "unit_code", "recorded_at"),)

    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    actual: Mapped[Decimal | None]
    units: Mapped[int]
    reporting: Mapped[int]
    amount: Mapped[Decimal]
    numerator: Mapped[Decimal]
    denominator: Mapped[Decimal]
    period: Mapped[str | None]
    observation_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]


class RollUpPast(Base):
    """A figure that was known from one moment until another; only ever added to. It is written
    when something else takes its place in `roll_up`."""

    __tablename__ = "roll_up_past"

    indicator_code: Mapped[str] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    known_to: Mapped[datetime] = mapped_column(primary_key=True)
    known_from: Mapped[datetime]
    actual: Mapped[Decimal | None]
    units: Mapped[int]
    reporting: Mapped[int]
    period: Mapped[str | None]
