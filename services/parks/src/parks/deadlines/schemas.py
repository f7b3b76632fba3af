"""Missing returns as the API gives them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel

from parks.forms.schemas import FilerClass


class MissingReturnRead(ApiModel):
    """An enterprise that has not handed in what it was asked for."""

    enterprise_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000002"])
    uscc: str = Field(examples=["91410184MA44XQ1R01"])
    name: str = Field(examples=["麦滋尔糖业有限公司"])
    unit_code: str | None = Field(description="Who files for it.", examples=["maizier-sugar"])
    park_code: str | None = Field(description="Where it stood then.", examples=["gangqu"])
    enterprise_class: FilerClass = Field(examples=["ordinary"])
    period: str = Field(examples=["2026-07"])
    form_code: str = Field(examples=["enterprise-monthly"])
    due_on: date = Field(description="Counted in workdays.", examples=["2026-08-11"])
    due_provisional: bool = Field(
        description="The workdays of that year are not announced yet.", examples=[False]
    )
    is_overdue: bool = Field(examples=[True])
    progress: Literal["none", "draft", "returned"] = Field(
        description="What there is of it.", examples=["draft"]
    )
    return_id: UUID | None = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    updated_at: datetime


class MissingReturnPage(Page[MissingReturnRead]):
    """One page of missing returns."""
