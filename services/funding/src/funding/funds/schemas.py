"""Funds in requests and answers."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText, Text

FundKind = Literal["special", "three_st_expenses", "science_operating_expenses"]
SourceRef = Annotated[Text, Field(max_length=100, examples=["二(七)2"])]
"""The place in the plan: section and item."""


class FundPut(ApiModel):
    """A fund as the plan defines it."""

    programme: Code = Field(examples=["innovation-programme"])
    name_zh: Text = Field(examples=["高新技术成果转化专项资金"])
    name_en: Text = Field(examples=["High-tech transfer fund"])
    kind: FundKind = Field(examples=["special"])
    purpose_zh: LongText = Field(examples=["用于重大科技成果转化项目建设"])
    purpose_en: LongText = Field(examples=["Building major transfer projects"])
    manager_unit: Code = Field(examples=["st-bureau"])
    counts_towards_floor: bool = Field(
        description="Whether appropriations count for the yearly floor of the special funds.",
        examples=[True],
    )
    source_ref: SourceRef | None = None


class FundRead(FundPut):
    code: Code = Field(examples=["transfer-fund"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class FundPage(Page[FundRead]):
    pass
