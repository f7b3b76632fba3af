"""Refunds of payments."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base
from funding.documents.models import Document, document_rules


class Refund(Document, Base):
    """`amount` yuan of a payment that its payee gave back; a payment may have several."""

    __tablename__ = "refund"
    __table_args__ = (*document_rules(), CheckConstraint("amount > 0", name="amount"))

    disbursement_id: Mapped[UUID] = mapped_column(ForeignKey("disbursement.id"), index=True)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), index=True)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    payee_unit: Mapped[str] = mapped_column(index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    received_on: Mapped[date]
    reference: Mapped[str | None]

    @property
    def concerns(self) -> str | None:
        return self.payee_unit
