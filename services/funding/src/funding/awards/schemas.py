"""Awards in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Money, Text

from funding.awards.domain import AwardKind, AwardState

Reason = Annotated[Text, Field(examples=["申报材料不实，撤销立项"])]


class AwardCreate(ApiModel):
    """A commitment against a budget line, never above what is appropriated and free."""

    budget_id: UUID
    payee_unit: Code = Field(
        description="Code of the payee in the directory.", examples=["maizier-sugar"]
    )
    title: Text = Field(examples=["甜菊糖提取成果转化"])
    amount: Annotated[Money, Field(gt=0, examples=["300000.00"])]


class AwardCancel(ApiModel):
    reason: Reason


class AwardRead(AwardCreate):
    """`requested` is in payments on their way, `paid` has arrived, `refunded` of it was given back,
    `released` is what it had left when it was closed, `available` is left; yuan. `budget_id` and
    `fiscal_year` are of the line that pays now: at the end of a year what is unpaid goes into the
    next one."""

    id: UUID
    kind: AwardKind = Field(examples=["project_grant"])
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    requested: Money
    paid: Money
    refunded: Money
    released: Money
    available: Money
    state: AwardState = Field(examples=["granted"])
    granted_by: Actor
    cancel_reason: str | None = None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AwardPage(Page[AwardRead]):
    pass
