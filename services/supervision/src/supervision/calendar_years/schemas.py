"""Bodies of the years of the calendar."""

from datetime import datetime

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Text

from supervision.calendar.schemas import CalendarDayCreate


class CalendarYearPut(ApiModel):
    """The official list of a year: what it does not name is a plain week. Without `days` what was
    set day by day, or imported, is the list."""

    document_no: Text = Field(description="Of the notice.", examples=["国办发明电〔2026〕7号"])
    days: list[CalendarDayCreate] | None = Field(default=None, max_length=366)


class CalendarYearRead(ApiModel):
    """What is known of a year."""

    year: int = Field(examples=[2027])
    provisional: bool = Field(description="The year's notice is not known yet; days may move.")
    document_no: str | None = Field(description="Of the notice the office has confirmed it by.")
    confirmed_by: str | None
    confirmed_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class CalendarYearPage(Page[CalendarYearRead]):
    """The years that are loaded."""
