"""The numbers of the other services as they were told; the bulletin is cut from them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, Index, Integer, Numeric, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base

YUAN = Numeric(20, 2)


class IndicatorStanding(Base):
    """An indicator as the status board has it; before its first number it is `unknown`. `units` are
    those its number is made of, `told_at` is when it was last spoken of."""

    __tablename__ = "indicator_standing"
    __table_args__ = (Index("ix_indicator_standing_units", "units", postgresql_using="gin"),)

    indicator_code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    lead_unit: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str | None] = mapped_column(Text)
    actual: Mapped[Decimal | None] = mapped_column(Numeric)
    expected: Mapped[Decimal | None] = mapped_column(Numeric)
    status: Mapped[str] = mapped_column(Text, default="unknown")
    measured_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    units: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    told_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class StandingChange(Base):
    """An indicator's light changed, with the reason in words; `id` is its event's."""

    __tablename__ = "standing_change"
    __table_args__ = (Index("ix_standing_change_changed_at", "changed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    indicator_code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    lead_unit: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    previous_status: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    reason_zh: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class FundFigure(Base):
    """A fund's year so far, in yuan; what came back after it had arrived is not disbursed."""

    __tablename__ = "fund_figure"

    fund_code: Mapped[str] = mapped_column(Text, primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    appropriated: Mapped[Decimal] = mapped_column(YUAN, default=0)
    disbursed: Mapped[Decimal] = mapped_column(YUAN, default=0)
    refunded: Mapped[Decimal] = mapped_column(YUAN, default=0)


class RuleStanding(Base):
    """A fiscal rule as it was last told to be kept or broken."""

    __tablename__ = "rule_standing"

    rule_code: Mapped[str] = mapped_column(Text, primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kept: Mapped[bool] = mapped_column(Boolean)
    actual: Mapped[Decimal] = mapped_column(Numeric)
    threshold: Mapped[Decimal] = mapped_column(Numeric)
    unit: Mapped[str] = mapped_column(Text)


class ParkFigure(Base):
    """A total of the parks' register in a period."""

    __tablename__ = "park_figure"

    metric: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Decimal] = mapped_column(Numeric)
    unit: Mapped[str] = mapped_column(Text)


class ReportLapse(Base):
    """A progress report that was overdue, filed late or returned; `id` is its event's."""

    __tablename__ = "report_lapse"
    __table_args__ = (Index("ix_report_lapse_happened_on", "happened_on", "unit_code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    unit_code: Mapped[str] = mapped_column(Text)
    indicator_code: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date] = mapped_column(Date)
