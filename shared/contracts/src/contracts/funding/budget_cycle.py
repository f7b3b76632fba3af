"""The budget from its approval to the close of its year."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Amount, Event


class FiscalYearExecuted(Event):
    """The city's budget expenditure and its S&T items of a fiscal year, as far as executed."""

    type: ClassVar[str] = "kechuang.funding.fiscal_year.executed.v1"
    subject_field: ClassVar[str] = "fiscal_year"
    permission: ClassVar[str] = "fiscal_years.read"

    fiscal_year: int
    budget_expenditure: Amount
    three_st_expenses: Amount
    science_operating_expenses: Amount


class FundChanged(Event):
    """A fund was defined or changed; `name` is its Chinese one."""

    type: ClassVar[str] = "kechuang.funding.fund.changed.v1"
    subject_field: ClassVar[str] = "fund_code"
    permission: ClassVar[str] = "funds.read"

    fund_code: str
    name: str
    name_en: str
    kind: str


class AppropriationMade(Event):
    type: ClassVar[str] = "kechuang.funding.appropriation.made.v1"
    subject_field: ClassVar[str] = "appropriation_id"
    permission: ClassVar[str] = "appropriations.read"

    appropriation_id: UUID
    budget_id: UUID
    fund_code: str
    fiscal_year: int
    amount: Amount
    document_no: str


class AdjustmentApproved(Event):
    """A budget line was raised by an amount, or cut where it is negative."""

    type: ClassVar[str] = "kechuang.funding.adjustment.approved.v1"
    subject_field: ClassVar[str] = "adjustment_id"
    permission: ClassVar[str] = "adjustments.read"

    adjustment_id: UUID
    budget_id: UUID
    fund_code: str
    fiscal_year: int
    amount: Amount
    document_no: str


class TransferApproved(Event):
    """Budget of one line was given to another of the same year."""

    type: ClassVar[str] = "kechuang.funding.transfer.approved.v1"
    subject_field: ClassVar[str] = "transfer_id"
    permission: ClassVar[str] = "transfers.read"

    transfer_id: UUID
    from_budget_id: UUID
    to_budget_id: UUID
    from_fund: str
    to_fund: str
    fiscal_year: int
    amount: Amount
    document_no: str | None = None


class CarryOverApproved(Event):
    """Free money of a line went into the line of a later year that continues it."""

    type: ClassVar[str] = "kechuang.funding.carry_over.approved.v1"
    subject_field: ClassVar[str] = "carry_over_id"
    permission: ClassVar[str] = "carry_overs.read"

    carry_over_id: UUID
    budget_id: UUID
    to_budget_id: UUID
    fund_code: str
    from_year: int
    to_year: int
    amount: Amount
    document_no: str


class FiscalYearClosed(Event):
    """Nothing is booked in the year any more: what is promised went into the next, the rest
    lapsed."""

    type: ClassVar[str] = "kechuang.funding.fiscal_year.closed.v1"
    subject_field: ClassVar[str] = "fiscal_year"
    permission: ClassVar[str] = "year_closes.read"

    fiscal_year: int
    carried_over: Amount
    lapsed: Amount
    document_no: str
