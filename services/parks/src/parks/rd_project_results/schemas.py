"""Yearly results as the API takes and gives them. Amounts in 万元."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Day, LongText, Year, absent

from parks.rd_projects.schemas import PROJECT_ID, ProfitAndTax
from parks.technology_contracts.schemas import NotNegative

RdProjectResultState = Literal["submitted", "verified", "returned"]


class RdProjectResultFields(ApiModel):
    """What a project brought in one year; 万元."""

    year: Year = Field(examples=[2026])
    investment: NotNegative = Field(examples=["8000"])
    new_sales: NotNegative = Field(examples=["9000"])
    profit_and_tax: ProfitAndTax = Field(examples=["1000"])
    note: LongText | None = Field(default=None, examples=["二期设备已到位。"])


class RdProjectResultCreate(RdProjectResultFields):
    pass


class RdProjectResultUpdate(ApiModel):
    """A merge patch of a returned result: what is absent stays."""

    investment: NotNegative = Field(default_factory=absent, examples=["7800"])
    new_sales: NotNegative = Field(default_factory=absent, examples=["9000"])
    profit_and_tax: ProfitAndTax = Field(default_factory=absent, examples=["1000"])
    note: LongText | None = Field(default=None, examples=["已核减与项目无关的支出。"])


class RdProjectResultReturn(ApiModel):
    reason: LongText = Field(examples=["投资额与台账不符，请核对。"])


class RdProjectResultRead(RdProjectResultFields):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-00000000000c"])
    project_id: UUID = Field(examples=[PROJECT_ID])
    unit: str = Field(default="万元", description="Of the amounts.")
    state: RdProjectResultState = Field(examples=["verified"])
    filed_by: list[Actor]
    decided_by: str | None
    decided_at: datetime | None
    return_reason: str | None
    counts_from: Day | None = Field(
        description="From which day it counts in the totals.", examples=["2026-12-31"]
    )
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class RdProjectResultPage(Page[RdProjectResultRead]):
    """One page of yearly results."""
