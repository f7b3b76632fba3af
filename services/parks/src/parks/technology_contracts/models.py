"""The table of technology contracts."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base
from parks.technology_contracts.domain import Volume


class TechnologyContract(Versioned, Base):
    """A registered contract; 万元. `enterprise_id` is its seller, where the register knows it, and
    `park_code` where that stood on the day of the registration."""

    __tablename__ = "technology_contract"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('development', 'transfer', 'licensing', 'consulting', 'service')",
            name="kind",
        ),
        CheckConstraint("state IN ('registered', 'cancelled')", name="state"),
        CheckConstraint("amount >= 0 AND technology_amount >= 0", name="not_negative"),
        CheckConstraint("technology_amount <= amount", name="technology_amount"),
        CheckConstraint("registered_on >= signed_on", name="days"),
        CheckConstraint("enterprise_id IS NOT NULL OR seller_name IS NOT NULL", name="seller"),
        CheckConstraint("(state = 'cancelled') = (cancelled_on IS NOT NULL)", name="cancelled"),
        Index(
            "uq_technology_contract_number",
            "number",
            unique=True,
            postgresql_where=text("state = 'registered'"),
        ),
        Index("ix_technology_contract_registered_on", "registered_on", "id"),
        Index(
            "ix_technology_contract_enterprise_id",
            "enterprise_id",
            postgresql_where=text("enterprise_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprise.id"))
    seller_name: Mapped[str | None]
    buyer_name: Mapped[str]
    amount: Mapped[Decimal]
    technology_amount: Mapped[Decimal | None]
    signed_on: Mapped[date]
    registered_on: Mapped[date]
    authority: Mapped[str]
    park_code: Mapped[str | None] = mapped_column(ForeignKey("park.code"))
    state: Mapped[str]
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """What was registered before each correction, the oldest first."""
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str | None]
    cancel_document_no: Mapped[str | None]

    @property
    def volume(self) -> Volume:
        return Volume(self.registered_on, self.park_code, self.amount)
