"""Transfers between budget lines."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base
from funding.documents.models import Document, document_rules


class Transfer(Document, Base):
    """`amount` yuan of one line's budget given to another of the same year."""

    __tablename__ = "transfer"
    __table_args__ = (
        *document_rules(),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("from_budget_id <> to_budget_id", name="two_lines"),
        CheckConstraint("from_fund = to_fund OR document_no IS NOT NULL", name="permitted"),
    )

    from_budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    to_budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    from_fund: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    to_fund: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    document_no: Mapped[str | None]
