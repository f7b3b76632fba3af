"""The table of what was heard."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import DateTime, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Stamped


class UnitFact(Stamped, Base):
    """The last that was heard of one number or deed; a copy, made again from the events."""

    __tablename__ = "unit_fact"
    __table_args__ = (
        Index("ix_unit_fact_units", "units", postgresql_using="gin"),
        Index("ix_unit_fact_happened_at", "kind", "happened_at"),
    )

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    name: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str | None] = mapped_column(Text)
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    target: Mapped[Decimal | None] = mapped_column(Numeric)
    measure: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
