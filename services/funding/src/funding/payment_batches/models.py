"""Payment batches, their lines and the counter of their numbers."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, YUAN_TOTAL, Base


class BatchCounter(Base):
    """The last number of each year, drawn under the row's lock."""

    __tablename__ = "batch_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class PaymentBatch(Versioned, Base):
    """`count` payments of together `total` yuan, and what became of how many of them so far."""

    __tablename__ = "payment_batch"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'issued', 'settled', 'cancelled')", name="state"),
        CheckConstraint("count > 0 AND total > 0", name="totals"),
        CheckConstraint(
            "least(succeeded_count, failed_count, returned_count) >= 0"
            " AND succeeded_count + failed_count + returned_count <= count"
            " AND succeeded_total + failed_total + returned_total <= total",
            name="results",
        ),
        CheckConstraint(
            "(state = 'settled') = (succeeded_count + failed_count + returned_count = count)",
            name="settled",
        ),
        CheckConstraint(
            "(state IN ('issued', 'settled')) = (issued_by IS NOT NULL)"
            " AND (issued_by IS NULL) = (file_sha256 IS NULL)",
            name="issued",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft")
    count: Mapped[int]
    total: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    succeeded_count: Mapped[int] = mapped_column(default=0)
    succeeded_total: Mapped[Decimal] = mapped_column(YUAN_TOTAL, default=Decimal("0.00"))
    failed_count: Mapped[int] = mapped_column(default=0)
    failed_total: Mapped[Decimal] = mapped_column(YUAN_TOTAL, default=Decimal("0.00"))
    returned_count: Mapped[int] = mapped_column(default=0)
    returned_total: Mapped[Decimal] = mapped_column(YUAN_TOTAL, default=Decimal("0.00"))
    made_by: Mapped[str]
    issued_by: Mapped[str | None]
    issued_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str | None]
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None]

    @property
    def outstanding_count(self) -> int:
        """Payments without a result."""
        if self.state == "cancelled":
            return 0
        return self.count - self.succeeded_count - self.failed_count - self.returned_count

    @property
    def outstanding_total(self) -> Decimal:
        if self.state == "cancelled":
            return Decimal("0.00")
        return self.total - self.succeeded_total - self.failed_total - self.returned_total


class PaymentLine(Versioned, Base):
    """One payment of a batch. Where it goes to is written when the batch is issued and stays; a
    payment is in one batch that was not cancelled."""

    __tablename__ = "payment_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint("number > 0 AND amount > 0", name="values"),
        CheckConstraint(
            "state IN ('waiting', 'sent', 'succeeded', 'failed', 'returned', 'taken_out')",
            name="state",
        ),
        CheckConstraint(
            "state IN ('waiting', 'taken_out') OR (account_name IS NOT NULL"
            " AND account_number IS NOT NULL AND bank_name IS NOT NULL)",
            name="account",
        ),
        Index(
            "uq_payment_line_disbursement",
            "disbursement_id",
            unique=True,
            postgresql_where=text("state <> 'taken_out'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payment_batch.id"))
    number: Mapped[int]
    disbursement_id: Mapped[UUID] = mapped_column(ForeignKey("disbursement.id"), index=True)
    payee_unit: Mapped[str]
    payee_name: Mapped[str]
    account_name: Mapped[str | None]
    account_number: Mapped[str | None]
    bank_name: Mapped[str | None]
    bank_code: Mapped[str | None]
    amount: Mapped[Decimal] = mapped_column(YUAN)
    purpose: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    paid_on: Mapped[date | None]
    reference: Mapped[str | None]
    reason: Mapped[str | None]
