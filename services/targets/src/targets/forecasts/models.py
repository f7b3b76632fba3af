"""The table of the forecasts: one of each indicator, made again when its numbers changed."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class IndicatorForecast(Base):
    """The forecast of an indicator's year, or why there is none. `wanted_at` is when it was asked
    for again; none once it is made."""

    __tablename__ = "indicator_forecast"
    __table_args__ = (
        CheckConstraint("low <= value AND value <= high", name="range"),
        CheckConstraint("(value IS NULL) = (method IS NULL)", name="method"),
        CheckConstraint("outlook IN ('on_course', 'uncertain', 'off_course')", name="outlook"),
        Index(
            "ix_indicator_forecast_wanted",
            "wanted_at",
            postgresql_where=text("wanted_at IS NOT NULL"),
        ),
    )

    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    year: Mapped[int | None]
    as_of: Mapped[str | None]
    points: Mapped[int | None]
    value: Mapped[Decimal | None]
    low: Mapped[Decimal | None]
    high: Mapped[Decimal | None]
    method: Mapped[str | None]
    outlook: Mapped[str | None]
    code: Mapped[str | None]
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    computed_at: Mapped[datetime | None]
    wanted_at: Mapped[datetime | None]
