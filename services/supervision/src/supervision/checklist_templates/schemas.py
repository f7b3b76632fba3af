"""Bodies of checklists."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Text

from supervision.occurrences.schemas import Words


class InspectionCheck(ApiModel):
    """One thing to look at."""

    code: Code = Field(examples=["sales-records"])
    text_zh: Words = Field(examples=["销售台账与报表一致"])
    text_en: Words = Field(examples=["Sales records agree with the returns"])


Checks = Annotated[list[InspectionCheck], Field(min_length=1, max_length=100)]


class ChecklistTemplatePut(ApiModel):
    """A checklist; what is changed is a new edition."""

    name_zh: Text = Field(examples=["园区现场检查清单"])
    name_en: Text = Field(examples=["Checklist for parks"])
    checks: Checks
    active: bool = Field(default=True, description="One that is not is given to no inspection.")


class ChecklistTemplateRead(ChecklistTemplatePut):
    id: UUID
    code: Code = Field(examples=["parks"])
    edition: int = Field(description="Of the checks.", examples=[1])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ChecklistTemplatePage(Page[ChecklistTemplateRead]):
    """Checklists by code."""


class ChecklistEditionRead(ApiModel):
    id: UUID
    template_code: str = Field(examples=["parks"])
    edition: int = Field(examples=[1])
    checks: Checks
    made_by: Actor
    created_at: datetime
    updated_at: datetime


class ChecklistEditionPage(Page[ChecklistEditionRead]):
    """Every edition, the latest first."""
