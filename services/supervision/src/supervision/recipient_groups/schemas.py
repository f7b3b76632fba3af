"""Bodies of recipient groups."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Text

from supervision.occurrences.schemas import SourceRef


class RecipientGroupMember(ApiModel):
    """One addressee; `unit` if it is in the directory."""

    name_zh: Text = Field(examples=["郑州市科学技术局"])
    name_en: Text = Field(examples=["Zhengzhou Science and Technology Bureau"])
    unit: Code | None = Field(default=None, examples=["st-bureau"])


class RecipientGroupPut(ApiModel):
    """A group as the plan names it."""

    programme: Code = Field(examples=["innovation-programme"])
    name_zh: Text = Field(examples=["上级市"])
    name_en: Text = Field(examples=["Superior city"])
    kind: Literal["superior_city", "leading_bodies", "units"]
    delivery: Literal["main", "copy"] = Field(description="Main addressee (主送) or copy (抄送).")
    members: Annotated[list[RecipientGroupMember], Field(min_length=1, max_length=200)]
    source_ref: SourceRef | None = Field(default=None, examples=["四"])


class RecipientGroupRead(RecipientGroupPut):
    id: UUID
    code: Code = Field(examples=["superior-city"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class RecipientGroupPage(Page[RecipientGroupRead]):
    """RecipientGroupMember groups by code."""
