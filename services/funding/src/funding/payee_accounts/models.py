"""The table of the payees' bank accounts."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base
from funding.documents.models import Document, document_rules


class PayeeAccount(Document, Base):
    """A bank account of a unit. The one approved last is where the unit is paid to."""

    __tablename__ = "payee_account"
    __table_args__ = (
        *document_rules(),
        CheckConstraint("account_number ~ '^[0-9]{6,32}$'", name="account_number"),
    )

    payee_unit: Mapped[str] = mapped_column(index=True)
    account_name: Mapped[str]
    account_number: Mapped[str]
    bank_name: Mapped[str]
    bank_code: Mapped[str | None]

    @property
    def concerns(self) -> str | None:
        return self.payee_unit
