"""The operating return table."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base
from parks.returns.domain import MEASURES, UNIT, Measures, span_of


class OperatingReturn(Versioned, Base):
    """One enterprise's numbers of a month, a quarter or a year. Amounts in 万元.

    What it counted as (`park_code`, `enterprise_class`) is noted when it is accepted: later moves
    of the enterprise do not change past totals.
    """

    __tablename__ = "operating_return"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "period"),
        CheckConstraint("state IN ('draft', 'submitted', 'returned', 'accepted')", name="state"),
        CheckConstraint("period ~ '^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$'", name="period"),
        CheckConstraint(
            "sales_revenue >= 0 AND high_tech_value_added >= 0 AND own_ip_output >= 0"
            " AND rd_spend >= 0 AND employees >= 0",
            name="not_negative",
        ),
        CheckConstraint(
            "own_ip_output <= high_tech_output AND high_tech_value_added <= high_tech_output",
            name="parts",
        ),
        CheckConstraint("NOT (decided_by = ANY (filed_by))", name="separation_of_duties"),
        CheckConstraint(
            "state <> 'accepted' OR (enterprise_class IS NOT NULL AND decided_by IS NOT NULL)",
            name="accepted",
        ),
        Index("ix_operating_return_period_id", "period", "id"),
        Index(
            "ix_operating_return_submitted",
            "updated_at",
            postgresql_where=text("state = 'submitted'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"))
    period: Mapped[str]
    state: Mapped[str]
    sales_revenue: Mapped[Decimal]
    high_tech_value_added: Mapped[Decimal]
    high_tech_output: Mapped[Decimal]
    own_ip_output: Mapped[Decimal]
    rd_spend: Mapped[Decimal]
    profit_and_tax: Mapped[Decimal]
    employees: Mapped[int] = mapped_column(BigInteger)
    park_code: Mapped[str | None]
    enterprise_class: Mapped[str | None]
    filed_by: Mapped[list[str]]
    decided_by: Mapped[str | None]
    return_reason: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    extra: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    """What its form asks for beyond the measures, by the fields' codes; none where nothing is."""
    form_id: Mapped[UUID | None] = mapped_column(ForeignKey("return_form.id"))
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    """What the rules said when it was handed in, with the explanations."""

    @property
    def measures(self) -> Measures:
        return Measures(**{name: getattr(self, name) for name in MEASURES})

    @property
    def extra_measures(self) -> dict[str, Decimal]:
        return {name: Decimal(value) for name, value in (self.extra or {}).items()}

    @property
    def numbers(self) -> dict[str, Decimal]:
        """All it tells: the measures, and what its form asks for beyond them."""
        told = {name: Decimal(value) for name, value in asdict(self.measures).items()}
        return told | self.extra_measures

    @property
    def frequency(self) -> str:
        return span_of(self.period).kind

    @property
    def unit(self) -> str:
        return UNIT
