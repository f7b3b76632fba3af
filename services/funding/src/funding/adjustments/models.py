"""Adjustments of budget lines."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base
from funding.documents.models import Document, document_rules


class Adjustment(Document, Base):
    """A line's amount raised by `amount` yuan, or cut where it is negative."""

    __tablename__ = "adjustment"
    __table_args__ = (*document_rules(), CheckConstraint("amount <> 0", name="amount"))

    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    document_no: Mapped[str]
