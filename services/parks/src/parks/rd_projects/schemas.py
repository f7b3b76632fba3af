"""R&D projects as the API takes and gives them. Amounts in 万元."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import (
    AS_QUANTITY,
    QUANTITY_SCHEMA,
    ApiModel,
    Code,
    Day,
    LongText,
    Quantity,
    Text,
    absent,
    exact_quantity,
)

from parks.enterprises.schemas import NamesEnterprise, OfEnterprise
from parks.technology_contracts.schemas import NotNegative

RdProjectState = Literal["planned", "running", "completed", "terminated"]
PROJECT_ID = "0197a3d4-7c1e-7000-8000-00000000000b"
ProfitAndTax = Annotated[Decimal, exact_quantity(Decimal(10) ** 12), AS_QUANTITY, QUANTITY_SCHEMA]
"""万元; a project may lose money."""


class RdProjectFields(ApiModel):
    """What a project is and what it is to bring; 万元."""

    number: Text = Field(examples=["XZKJ-2026-011"])
    title: Text = Field(examples=["低温榨糖关键技术产业化"])
    participants: list[Text] = Field(
        default=[],
        max_length=50,
        description="Who takes part beside the lead enterprise.",
        examples=[["河南农业大学"]],
    )
    programme: Code | None = Field(
        default=None,
        description="The programme it is carried out under; its targets count by it.",
        examples=["innovation-programme"],
    )
    starts_on: Day = Field(examples=["2026-03-01"])
    ends_on: Day = Field(examples=["2028-12-31"])
    planned_investment: NotNegative = Field(examples=["12000"])
    planned_new_sales: NotNegative = Field(examples=["18000"])
    planned_profit_and_tax: ProfitAndTax = Field(examples=["2600"])


class RdProjectCreate(RdProjectFields, NamesEnterprise):
    """A project of one lead enterprise; `started_on` where it has begun already."""

    started_on: Day | None = Field(default=None, examples=["2026-03-10"])


class RdProjectUpdate(ApiModel):
    """A merge patch: what is absent stays, null clears where a value may be missing."""

    title: Text = Field(default_factory=absent, examples=["低温榨糖关键技术产业化"])
    participants: list[Text] = Field(
        default_factory=absent, max_length=50, examples=[["河南农业大学"]]
    )
    programme: Code | None = Field(default=None, examples=["innovation-programme"])
    starts_on: Day = Field(default_factory=absent, examples=["2026-03-01"])
    ends_on: Day = Field(default_factory=absent, examples=["2028-12-31"])
    planned_investment: NotNegative = Field(default_factory=absent, examples=["12000"])
    planned_new_sales: NotNegative = Field(default_factory=absent, examples=["18000"])
    planned_profit_and_tax: ProfitAndTax = Field(default_factory=absent, examples=["2600"])


class RdProjectStart(ApiModel):
    started_on: Day = Field(description="Its first day.", examples=["2026-03-10"])


class RdProjectEnd(ApiModel):
    """On which day it ended, and with what or why."""

    ended_on: Day = Field(examples=["2026-12-31"])
    reason: LongText = Field(examples=["全部任务完成，通过验收。"])


class RdProjectRead(RdProjectFields, OfEnterprise):
    """With what its verified results have brought, and what is missing to what was planned."""

    id: UUID = Field(examples=[PROJECT_ID])
    unit: str = Field(default="万元", description="Of the amounts.")
    actual_investment: Quantity = Field(examples=["8000"])
    actual_new_sales: Quantity = Field(examples=["9000"])
    actual_profit_and_tax: Quantity = Field(examples=["1000"])
    gap_investment: Quantity = Field(examples=["4000"])
    gap_new_sales: Quantity = Field(examples=["9000"])
    gap_profit_and_tax: Quantity = Field(examples=["1600"])
    state: RdProjectState = Field(examples=["running"])
    started_on: Day | None = Field(examples=["2026-03-10"])
    ended_on: Day | None = None
    end_reason: str | None = None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class RdProjectPage(Page[RdProjectRead]):
    """One page of R&D projects."""
