"""Closes of fiscal years in requests and answers."""

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Year

from funding.budgets.schemas import DocumentNo
from funding.documents.schemas import DocumentRead, Reason
from funding.journal.schemas import Total


class YearCloseCreate(ApiModel):
    """A draft. Closing a year cannot be undone."""

    fiscal_year: Year = Field(examples=[2025])
    document_no: DocumentNo
    reason: Reason = Field(examples=["2025 年度终了结账"])


class YearCloseRead(DocumentRead, YearCloseCreate):
    """`carried_over` went into the next year with the awards it is promised to, `lapsed` was given
    back; null until it is approved."""

    carried_over: Total | None
    lapsed: Total | None


class YearClosePage(Page[YearCloseRead]):
    pass
