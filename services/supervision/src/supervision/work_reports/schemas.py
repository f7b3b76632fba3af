"""Bodies of work reports."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText


class WorkReportCreate(ApiModel):
    """A report under all five headings; where there is nothing to say, say so."""

    meeting_id: UUID
    unit_code: Code = Field(examples=["group-4"])
    progress: LongText = Field(examples=["六园区销售收入完成年度目标的 52 %。"])
    results: LongText = Field(examples=["新增高新技术企业两家。"])
    good_practice: LongText = Field(examples=["园区与高校共建中试基地。"])
    problems: LongText = Field(examples=["一家企业停产检修。"])
    proposals: LongText = Field(examples=["请财政局加快贴息审批。"])


Heading = Annotated[
    LongText | None,
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 10_000}),
]
"""A heading that may be left out, but not cleared."""


class WorkReportUpdate(ApiModel):
    """The headings to change; what is left out stays."""

    progress: Heading = Field(default=None, examples=["六园区销售收入完成年度目标的 52 %。"])
    results: Heading = Field(default=None, examples=["新增高新技术企业两家。"])
    good_practice: Heading = Field(default=None, examples=["园区与高校共建中试基地。"])
    problems: Heading = Field(default=None, examples=["一家企业停产检修。"])
    proposals: Heading = Field(default=None, examples=["请财政局加快贴息审批。"])

    @model_validator(mode="before")
    @classmethod
    def no_heading_is_cleared(cls, value: Any) -> Any:
        if isinstance(value, dict) and any(text is None for text in value.values()):
            raise PydanticCustomError("heading_cleared", "A heading cannot be cleared")
        return value


class WorkReportRead(ApiModel):
    id: UUID
    meeting_id: UUID
    unit_code: str = Field(examples=["group-4"])
    progress: str = Field(examples=["六园区销售收入完成年度目标的 52 %。"])
    results: str = Field(examples=["新增高新技术企业两家。"])
    good_practice: str = Field(examples=["园区与高校共建中试基地。"])
    problems: str = Field(examples=["一家企业停产检修。"])
    proposals: str = Field(examples=["请财政局加快贴息审批。"])
    late: bool = Field(description="Filed after it was due, or after the meeting.")
    filed_by: Actor
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class WorkReportPage(Page[WorkReportRead]):
    """Work reports, the newest first."""


class MissingWorkReports(ApiModel):
    """Who has not reported to a meeting."""

    meeting_id: UUID
    expected: int = Field(description="Units called to report.", examples=[26])
    units: list[str] = Field(description="Those that have not.", examples=[["group-4"]])
