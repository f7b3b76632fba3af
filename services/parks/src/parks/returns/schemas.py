"""Operating returns as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import (
    AS_QUANTITY,
    QUANTITY_SCHEMA,
    ApiModel,
    LongText,
    absent,
    exact_quantity,
)

from parks.enterprises.schemas import NamesEnterprise, OfEnterprise

LARGEST = Decimal(10) ** 12
"""万元: far beyond any enterprise, and small enough that no total overflows."""

Month = Annotated[
    str,
    StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$"),
    Field(examples=["2026-07"]),
]
Amount = Annotated[Decimal, exact_quantity(LARGEST), AS_QUANTITY, QUANTITY_SCHEMA]
Persons = Annotated[int, Field(ge=0, le=10_000_000)]
ReturnState = Literal["draft", "submitted", "returned", "accepted"]


class OperatingMeasures(ApiModel):
    """One month's numbers: amounts in 万元, employees in persons at the month's end."""

    sales_revenue: Amount = Field(examples=["3610.5"])
    high_tech_value_added: Amount = Field(examples=["820"])
    high_tech_output: Amount = Field(examples=["2400"])
    own_ip_output: Amount = Field(
        description="Output of products with own intellectual property.", examples=["1050"]
    )
    rd_spend: Amount = Field(examples=["145.2"])
    profit_and_tax: Amount = Field(description="May be negative.", examples=["390"])
    employees: Persons = Field(examples=[412])


class OperatingMeasuresUpdate(ApiModel):
    """Only the numbers that change."""

    sales_revenue: Amount = Field(default_factory=absent, examples=["3610.5"])
    high_tech_value_added: Amount = Field(default_factory=absent, examples=["820"])
    high_tech_output: Amount = Field(default_factory=absent, examples=["2400"])
    own_ip_output: Amount = Field(default_factory=absent, examples=["1050"])
    rd_spend: Amount = Field(default_factory=absent, examples=["145.2"])
    profit_and_tax: Amount = Field(default_factory=absent, examples=["390"])
    employees: Persons = Field(default_factory=absent, examples=[412])


class OperatingReturnFields(ApiModel):
    """What a return says of its enterprise."""

    period: Month
    unit: Literal["万元"] = Field(default="万元", description="The unit of the amounts.")
    measures: OperatingMeasures


class OperatingReturnCreate(OperatingReturnFields, NamesEnterprise):
    """One enterprise's numbers of one month."""


class OperatingReturnUpdate(ApiModel):
    """A merge patch of a draft or a returned return."""

    measures: OperatingMeasuresUpdate


class OperatingReturnReject(ApiModel):
    """Why it goes back to the filer."""

    reason: LongText = Field(examples=["研发投入与统计台账不符，请核对。"])


class OperatingReturnRead(OperatingReturnFields, OfEnterprise):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    state: ReturnState = Field(examples=["submitted"])
    park_code: str | None = Field(
        description="The park it was counted for; set on acceptance.", examples=["gangqu"]
    )
    enterprise_class: Literal["high_tech", "science_type", "ordinary"] | None = Field(
        description="The class it was counted in, as of the month's last day; set on acceptance.",
        examples=["high_tech"],
    )
    return_reason: str | None = None
    submitted_at: datetime | None
    decided_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class OperatingReturnPage(Page[OperatingReturnRead]):
    """One page of operating returns."""
