"""The table of totals."""

from decimal import Decimal

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, Computed, Index
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import TOTAL, Base

# Written as the server writes it back, so that the schema test sees no difference.
_VALUE = (
    "CASE WHEN (denominator IS NULL) THEN numerator"
    " WHEN (denominator = (0)::numeric) THEN NULL::numeric"
    " ELSE round((((100)::numeric * numerator) / denominator), 6) END"
)


class ParkMetric(Versioned, Base):
    """A total of one metric at the end of one month. A sum is its `numerator` alone; a ratio is
    a percentage, and nothing as long as its denominator is zero."""

    __tablename__ = "park_metric"
    __table_args__ = (
        CheckConstraint("series = metric || ':' || period", name="series"),
        CheckConstraint("period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name="period"),
        Index("ix_park_metric_metric_period", "metric", "period", unique=True),
        Index("ix_park_metric_period", "period"),
    )

    series: Mapped[str] = mapped_column(primary_key=True)
    metric: Mapped[str]
    period: Mapped[str]
    unit: Mapped[str]
    numerator: Mapped[Decimal] = mapped_column(TOTAL)
    denominator: Mapped[Decimal | None] = mapped_column(TOTAL)
    value: Mapped[Decimal | None] = mapped_column(TOTAL, Computed(_VALUE, persisted=True))
