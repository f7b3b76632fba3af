"""Restatements as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText, Quantity

from parks.quality.schemas import ReturnFinding
from parks.returns.schemas import OperatingReturnUpdate

RestatementState = Literal["submitted", "accepted", "rejected"]
NUMBERS = {"sales_revenue": "3610.5", "rd_spend": "145.2"}


class ReturnRestatementCreate(OperatingReturnUpdate):
    """The numbers of an accepted return that have to be other ones, and why."""

    reason: LongText = Field(examples=["审计调整：剔除关联方交易。"])
    explanations: dict[Code, LongText] = Field(
        default={}, max_length=50, description="Why it is so, by the code of the rule that warns."
    )


class ReturnRestatementReject(ApiModel):
    """Why the numbers stay as they are."""

    reason: LongText = Field(examples=["更正依据不足。"])


class ReturnRestatementRead(ApiModel):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000024"])
    return_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    state: RestatementState = Field(examples=["accepted"])
    reason: str = Field(examples=["审计调整：剔除关联方交易。"])
    after: dict[str, Quantity] = Field(
        description="All numbers as they shall be; amounts in 万元.", examples=[NUMBERS]
    )
    before: dict[str, Quantity] | None = Field(
        description="All numbers as they were until it was accepted.", examples=[NUMBERS]
    )
    findings: Annotated[list[ReturnFinding], BeforeValidator(lambda found: found or [])] = Field(
        description="What the rules said, with the explanations."
    )
    reject_reason: str | None = Field(examples=["更正依据不足。"])
    decided_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ReturnRestatementPage(Page[ReturnRestatementRead]):
    """One page of restatements."""
