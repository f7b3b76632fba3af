"""Operating returns as the API takes and gives them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field
from servicekit.http.paging import Page
from servicekit.types import (
    AS_QUANTITY,
    QUANTITY_SCHEMA,
    ApiModel,
    Code,
    LongText,
    absent,
    exact_quantity,
)

from parks.enterprises.schemas import NamesEnterprise, OfEnterprise
from parks.forms.schemas import ReturnPeriod
from parks.quality.schemas import ReturnFinding

LARGEST = Decimal(10) ** 12
"""万元: far beyond any enterprise, and small enough that no total overflows."""

Amount = Annotated[Decimal, exact_quantity(LARGEST), AS_QUANTITY, QUANTITY_SCHEMA]
Persons = Annotated[int, Field(ge=0, le=10_000_000)]
ReturnState = Literal["draft", "submitted", "returned", "accepted"]


ExtraMeasures = Annotated[
    dict[Code, Amount],
    Field(
        default={},
        max_length=50,
        description="What the period's form asks for beyond these, by the code of its field.",
        examples=[{"exports": "310.5"}],
    ),
]


class OperatingMeasures(ApiModel):
    """One period's numbers: amounts in 万元, employees in persons at its end."""

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

    period: ReturnPeriod = Field(examples=["2026-07"])
    unit: Literal["万元"] = Field(default="万元", description="The unit of the amounts.")
    measures: OperatingMeasures
    extra_measures: ExtraMeasures


class OperatingReturnCreate(OperatingReturnFields, NamesEnterprise):
    """One enterprise's numbers of one period."""


class OperatingReturnUpdate(ApiModel):
    """A merge patch of a draft or a returned return."""

    measures: OperatingMeasuresUpdate = Field(
        default_factory=OperatingMeasuresUpdate, examples=[{"rd_spend": "145.2"}]
    )
    extra_measures: dict[Code, Amount | None] = Field(
        default={},
        max_length=50,
        description="Only those that change; null takes one away.",
        examples=[{"exports": "310.5"}],
    )


class OperatingReturnSubmit(ApiModel):
    """What is said to the warnings of the rules."""

    explanations: dict[Code, LongText] = Field(
        default={}, max_length=50, description="Why it is so, by the code of the rule that warns."
    )


class WrongField(ApiModel):
    """What the form misses, or did not ask."""

    pointer: str = Field(examples=["/extra_measures/exports"])
    code: str = Field(examples=["field_missing"])
    message_zh: str = Field(examples=["缺少必填项“出口额”"])
    message_en: str = Field(examples=["exports is missing"])


class ReturnCheck(ApiModel):
    """What would be said if the return were handed in as it stands."""

    return_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    form_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000014"])
    findings: list[ReturnFinding]
    wrong_fields: list[WrongField]
    has_errors: bool = Field(
        description="It would be refused; warnings alone want an explanation.", examples=[False]
    )


class OperatingReturnReject(ApiModel):
    """Why it goes back to the filer."""

    reason: LongText = Field(examples=["研发投入与统计台账不符，请核对。"])


class OperatingReturnRead(OperatingReturnFields, OfEnterprise):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    frequency: Literal["month", "quarter", "year"] = Field(examples=["month"])
    state: ReturnState = Field(examples=["submitted"])
    form_id: UUID | None = Field(
        description="The version of the form it was handed in by; set on submission.",
        examples=["0197a3d4-7c1e-7000-8000-000000000014"],
    )
    park_code: str | None = Field(
        description="The park it was counted for; set on acceptance.", examples=["gangqu"]
    )
    enterprise_class: Literal["high_tech", "science_type", "ordinary"] | None = Field(
        description="The class it was counted in, as of the period's last day; set on acceptance.",
        examples=["high_tech"],
    )
    findings: Annotated[list[ReturnFinding], BeforeValidator(lambda found: found or [])] = Field(
        description="What the rules said when it was handed in, with the explanations."
    )
    return_reason: str | None = None
    submitted_at: datetime | None
    decided_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class OperatingReturnPage(Page[OperatingReturnRead]):
    """One page of operating returns."""
