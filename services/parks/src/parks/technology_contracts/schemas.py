"""Technology contracts as the API takes and gives them. Amounts in 万元."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import (
    AS_QUANTITY,
    QUANTITY_SCHEMA,
    Actor,
    ApiModel,
    Code,
    Day,
    LongText,
    Quantity,
    Text,
    absent,
    exact_quantity,
)

from parks.enterprises.schemas import ENTERPRISE_ID, NamesEnterprise

TechnologyContractKind = Literal["development", "transfer", "licensing", "consulting", "service"]
TechnologyContractState = Literal["registered", "cancelled"]
CONTRACT_ID = "0197a3d4-7c1e-7000-8000-00000000000a"
CONTRACT_NUMBER = "2026410184000123"
NotNegative = Annotated[
    Decimal, exact_quantity(Decimal(10) ** 12), AS_QUANTITY, QUANTITY_SCHEMA, Field(ge=0)
]
"""万元."""


class TechnologyContractFields(ApiModel):
    """What is registered of a contract, its parties aside; 万元."""

    number: Text = Field(description="Of the registration.", examples=[CONTRACT_NUMBER])
    kind: TechnologyContractKind = Field(
        description="技术开发、技术转让、技术许可、技术咨询、技术服务。", examples=["development"]
    )
    title: Text = Field(examples=["低温榨糖关键技术开发"])
    seller_name: Text | None = Field(
        default=None,
        description="Where the seller is no enterprise of the register.",
        examples=["河南农业大学"],
    )
    buyer_name: Text = Field(examples=["大有塑业有限公司"])
    amount: NotNegative = Field(
        description="The amount of the contract (成交额), which is the trade volume; 万元.",
        examples=["120.5"],
    )
    technology_amount: NotNegative | None = Field(
        default=None,
        description="Of it what is paid for technology (技术交易额); 万元.",
        examples=["100"],
    )
    signed_on: Day = Field(examples=["2026-03-02"])
    registered_on: Day = Field(
        description="The volume counts in the month of this day.", examples=["2026-03-18"]
    )
    authority: Text = Field(
        description="The office that registered it.", examples=["郑州市技术合同登记处"]
    )


class TechnologyContractCreate(TechnologyContractFields, NamesEnterprise):
    """A contract; `enterprise_id` or `uscc` are the seller's, where it is in the register."""


class TechnologyContractCorrect(ApiModel):
    """What was registered wrongly, as it has to be. What is absent stays."""

    kind: TechnologyContractKind = Field(default_factory=absent, examples=["service"])
    title: Text = Field(default_factory=absent, examples=["低温榨糖技术服务"])
    buyer_name: Text = Field(default_factory=absent, examples=["大有塑业有限公司"])
    amount: NotNegative = Field(default_factory=absent, examples=["100"])
    technology_amount: NotNegative | None = Field(default=None, examples=["80"])
    signed_on: Day = Field(default_factory=absent, examples=["2026-03-02"])
    registered_on: Day = Field(default_factory=absent, examples=["2026-03-18"])
    document_no: Text = Field(examples=["郑技登〔2026〕9号"])
    reason: LongText = Field(examples=["补充协议调减合同金额。"])


class TechnologyContractCancel(ApiModel):
    """The registration is taken back: it counts no longer, in the month it counted in."""

    cancelled_on: Day = Field(examples=["2026-06-30"])
    document_no: Text = Field(examples=["郑技登〔2026〕21号"])
    reason: LongText = Field(examples=["合同解除。"])


class TechnologyContractCorrection(ApiModel):
    """A correction, with what was registered before it."""

    corrected_at: datetime
    corrected_by: Actor
    document_no: Text = Field(examples=["郑技登〔2026〕9号"])
    reason: LongText = Field(examples=["补充协议调减合同金额。"])
    kind: TechnologyContractKind = Field(examples=["development"])
    amount: Quantity = Field(examples=["120.5"])
    technology_amount: Quantity | None = Field(examples=["100"])
    registered_on: Day = Field(examples=["2026-03-18"])


class TechnologyContractRead(TechnologyContractFields):
    id: UUID = Field(examples=[CONTRACT_ID])
    enterprise_id: UUID | None = Field(description="The seller.", examples=[ENTERPRISE_ID])
    park_code: Code | None = Field(
        description="Where the seller stood on the day of the registration.", examples=["gangqu"]
    )
    unit: str = Field(default="万元", description="Of the amounts.")
    state: TechnologyContractState = Field(examples=["registered"])
    corrections: list[TechnologyContractCorrection]
    cancelled_on: Day | None = None
    cancel_reason: str | None = None
    cancel_document_no: str | None = None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class TechnologyContractPage(Page[TechnologyContractRead]):
    """One page of technology contracts."""
