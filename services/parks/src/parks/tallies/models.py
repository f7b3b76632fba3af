"""Tables of the sums."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from servicekit.clock import now
from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import TOTAL, Base


class ReturnCount(Base):
    """How much of a number of an accepted return is in the sums. It belongs to the year's lock, not
    to the return's row: a month that is accepted changes what its quarter adds."""

    __tablename__ = "return_count"

    return_id: Mapped[UUID] = mapped_column(ForeignKey("operating_return.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[Decimal] = mapped_column(TOTAL)


class MeasureTotal(Base):
    """The sum of a number over the returns of a period from one park (or none: '') and one class of
    enterprises, as far as it is not in shorter periods."""

    __tablename__ = "measure_total"
    __table_args__ = (Index("ix_measure_total_measure_period", "measure", "period"),)

    period: Mapped[str] = mapped_column(primary_key=True)
    park_code: Mapped[str] = mapped_column(primary_key=True)
    enterprise_class: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[Decimal] = mapped_column(TOTAL)
    returns: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(default=now)
