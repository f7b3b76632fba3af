"""Carry-overs of free money."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base
from funding.documents.models import Document, document_rules


class CarryOver(Document, Base):
    """`amount` yuan of a line, appropriated and not promised, taken into the next year's line."""

    __tablename__ = "carry_over"
    __table_args__ = (*document_rules(), CheckConstraint("amount > 0", name="amount"))

    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    to_budget_id: Mapped[UUID | None] = mapped_column(ForeignKey("budget.id"))
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    document_no: Mapped[str]
