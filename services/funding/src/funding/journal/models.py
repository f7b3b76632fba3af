"""The journal (append-only), its accounts and the counter of its numbers."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from funding.db import YUAN, YUAN_TOTAL, Base

STAGES = "stage IN ('authority', 'approved', 'appropriated', 'committed', 'disbursed', 'refunded')"
KINDS = (
    "kind IN ('approval', 'appropriation', 'commitment', 'disbursement', 'refund', 'adjustment',"
    " 'transfer', 'carry_over', 'close', 'reversal', 'release')"
)


class Account(Base):
    """The totals of one stage of one budget line; replaying the journal gives the same."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("budget_id", "stage"),
        Index(None, "fiscal_year", "fund_code"),
        CheckConstraint(STAGES, name="stage"),
        CheckConstraint("debit_total >= 0 AND credit_total >= 0", name="totals"),
        CheckConstraint("stage = 'authority' OR debit_total >= credit_total", name="not_overdrawn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"))
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"))
    stage: Mapped[str]
    debit_total: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    credit_total: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, index=True)

    @property
    def balance(self) -> Decimal:
        """Yuan standing at this stage."""
        return self.debit_total - self.credit_total


class JournalCounter(Base):
    """The last number of each fiscal year and its time: bumped under the row's lock, so there is no
    gap, and no later number has an earlier time."""

    __tablename__ = "journal_counter"

    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), primary_key=True)
    last_number: Mapped[int] = mapped_column(BigInteger)
    posted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class JournalEntry(Base):
    """One movement of money. Never changed, never deleted; corrected by a reversal."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "number"),
        UniqueConstraint("reverses"),
        Index(None, "source_id"),
        Index(None, "fiscal_year", "posted_at", "number"),
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(kind = 'reversal') = (reverses IS NOT NULL)", name="reversal"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"))
    number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    source_type: Mapped[str]
    source_id: Mapped[UUID]
    reverses: Mapped[UUID | None] = mapped_column(ForeignKey("journal_entry.id"))
    document_no: Mapped[str | None]
    reason: Mapped[str | None]
    posted_by: Mapped[str]
    occurred_on: Mapped[date]
    posted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)

    lines: Mapped[list["JournalLine"]] = relationship(
        lazy="raise", order_by="JournalLine.line_no", viewonly=True
    )


class JournalLine(Base):
    """One side of an entry, with the totals of its account once it was booked: what an account
    stood at after any entry is read and not added up."""

    __tablename__ = "journal_line"
    __table_args__ = (
        CheckConstraint(
            "debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)", name="one_side"
        ),
        UniqueConstraint("account_id", "number"),
    )

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("journal_entry.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    debit: Mapped[Decimal] = mapped_column(YUAN)
    credit: Mapped[Decimal] = mapped_column(YUAN)
    debit_total: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    credit_total: Mapped[Decimal] = mapped_column(YUAN_TOTAL)

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)

    @property
    def stage(self) -> str:
        return self.account.stage


class ExecutionMonth(Base):
    """What a month added to the execution of a fund's budget of a year, yuan, kept with every entry
    (`domain.execution_of`)."""

    __tablename__ = "execution_month"
    __table_args__ = (CheckConstraint("month BETWEEN 1 AND 12", name="month"),)

    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"), primary_key=True)
    month: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    approved: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    appropriated: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    committed: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    disbursed: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    refunded: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    carried_over: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    lapsed: Mapped[Decimal] = mapped_column(YUAN_TOTAL)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
