"""Overdue reports as the API gives them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Period


class OverdueReportRead(ApiModel):
    """A report that was missing when its due date was over."""

    id: UUID
    indicator_code: Code = Field(examples=["technology-trade-volume"])
    unit_code: Code = Field(examples=["st-bureau"])
    period: Period
    due_on: date = Field(examples=["2026-08-11"])
    found_at: datetime
    handed_in_at: datetime | None = Field(description="When it came after all; null: missing.")
    updated_at: datetime


class OverdueReportPage(Page[OverdueReportRead]):
    """One page of overdue reports."""
