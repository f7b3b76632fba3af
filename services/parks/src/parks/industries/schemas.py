"""Industries as the API gives them."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel

IndustryLevel = Literal["section", "division", "group", "class"]


class IndustryRead(ApiModel):
    """A code of GB/T 4754-2017."""

    code: str = Field(examples=["C1340"])
    name_zh: str = Field(examples=["制糖业"])
    name_en: str | None = Field(description="Of a section alone.", examples=[None])
    level: IndustryLevel = Field(description="门类、大类、中类、小类。", examples=["class"])
    parent: str | None = Field(description="The code above it.", examples=["C134"])
    updated_at: datetime = Field(description="Since when the edition is in force.")


class IndustryPage(Page[IndustryRead]):
    """One page of industries."""
