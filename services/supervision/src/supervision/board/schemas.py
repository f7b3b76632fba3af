"""The board in answers."""

from datetime import datetime

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Quantity


class SupervisionBoardRow(ApiModel):
    """How the items of one unit stand. `red`, `amber` and `green` add up to `open`, and so do
    the severities and the ages (`young` to 10 days, `middle` to 30, `old`)."""

    unit_code: str = Field(examples=["gangqu-admin"])
    open: int = Field(examples=[4])
    overdue: int = Field(description="The unit has let the deadline pass.", examples=[1])
    red: int = Field(description="Overdue.", examples=[1])
    amber: int = Field(description="Due within three workdays.", examples=[1])
    green: int = Field(examples=[2])
    ordinary: int = Field(examples=[3])
    serious: int = Field(examples=[1])
    critical: int = Field(examples=[0])
    young: int = Field(examples=[2])
    middle: int = Field(examples=[1])
    old: int = Field(examples=[1])
    closed: int = Field(description="Closed since `closed_since`.", examples=[7])
    mean_days_to_close: Quantity | None = Field(
        description="Calendar days from issue to closure.", examples=["18.43"]
    )
    updated_at: datetime


class SupervisionBoardPage(Page[SupervisionBoardRow]):
    """Units with an item, and the sums over all units of the list."""

    open: int = Field(examples=[12])
    overdue: int = Field(examples=[2])
    red: int = Field(examples=[2])
    amber: int = Field(examples=[3])
    green: int = Field(examples=[7])
    ordinary: int = Field(examples=[9])
    serious: int = Field(examples=[3])
    critical: int = Field(examples=[0])
    young: int = Field(examples=[6])
    middle: int = Field(examples=[4])
    old: int = Field(examples=[2])
    closed: int = Field(examples=[21])
