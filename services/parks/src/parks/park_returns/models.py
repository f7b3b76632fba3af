"""The table of what parks tell of themselves."""

from decimal import Decimal
from typing import Any

from servicekit.rows import Versioned
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base
from parks.returns.domain import MEASURES, UNIT, Measures


class ParkReturn(Versioned, Base):
    """A park's own numbers of a period. Amounts in 万元. They are compared with the sum of its
    enterprises and are in no total."""

    __tablename__ = "park_return"
    __table_args__ = (
        CheckConstraint("period ~ '^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$'", name="period"),
    )

    park_code: Mapped[str] = mapped_column(ForeignKey("park.code"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    sales_revenue: Mapped[Decimal]
    high_tech_value_added: Mapped[Decimal]
    high_tech_output: Mapped[Decimal]
    own_ip_output: Mapped[Decimal]
    rd_spend: Mapped[Decimal]
    profit_and_tax: Mapped[Decimal]
    employees: Mapped[int] = mapped_column(BigInteger)
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    filed_by: Mapped[str]

    @property
    def measures(self) -> Measures:
        return Measures(**{name: getattr(self, name) for name in MEASURES})

    @property
    def unit(self) -> str:
        return UNIT
