"""Calls in requests and answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Day, LongText, Money, Quantity, Text, absent

from funding.budgets.schemas import DocumentNo
from funding.calls.domain import CallState, Rule

Percent = Annotated[Quantity, Field(gt=0, le=100, decimal_places=2, examples=["40"])]
Score = Annotated[Quantity, Field(ge=0, le=100, decimal_places=2, examples=["60"])]
Yuan = Annotated[Money, Field(gt=0)]


class RequiredAttachment(ApiModel):
    """An application without it is not complete."""

    code: Code = Field(examples=["proposal"])
    name_zh: Text = Field(examples=["项目申报书"])
    name_en: Text = Field(examples=["Proposal"])


class EligibilityRule(ApiModel):
    """One thing that is asked of an applicant. `values` are, by rule: the classes that may apply;
    the kinds of recognition of which one must be valid; the parks it must be in (none: any);
    `call` or `fund_and_year`, within which it may apply only once. The others take none."""

    rule: Rule = Field(examples=["enterprise_class"])
    values: list[Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,64}$")]] = Field(
        default_factory=list[str], max_length=50, examples=[["high_tech", "science_type"]]
    )


class Criterion(ApiModel):
    """What experts score from 0 to 100; the weights of a call add up to 100."""

    code: Code = Field(examples=["novelty"])
    name_zh: Text = Field(examples=["创新性"])
    name_en: Text = Field(examples=["Novelty"])
    weight: Percent = Field(examples=["100"])


class FundingCallCreate(ApiModel):
    """A call to one approved budget line, as a draft. It is open on both of its days."""

    budget_id: UUID
    title: Text = Field(examples=["2026年度重大科技成果转化项目申报通知"])
    summary: LongText = Field(examples=["支持企业转化重大科技成果，形成新产品、新工艺。"])
    document_no: DocumentNo
    opens_on: Day = Field(examples=["2026-03-01"])
    closes_on: Day = Field(examples=["2026-03-31"])
    min_amount: Yuan = Field(examples=["50000.00"])
    max_amount: Yuan = Field(examples=["500000.00"])
    required_attachments: list[RequiredAttachment] = Field(max_length=20)
    rules: list[EligibilityRule] = Field(max_length=20)
    criteria: list[Criterion] = Field(min_length=1, max_length=20)
    experts_per_application: int = Field(ge=1, le=15, examples=[3])
    pass_score: Score = Field(
        description="Below it an application is not recommended, whatever is left.",
        examples=["60"],
    )
    notice_workdays: int = Field(
        ge=0,
        le=60,
        description="Workdays of the public notice; with 0 nobody has to wait for its end.",
        examples=[5],
    )


class FundingCallUpdate(ApiModel):
    """Merge patch of a draft: absent keeps."""

    title: Text = Field(default_factory=absent, examples=["2026年度成果转化项目申报通知"])
    summary: LongText = Field(default_factory=absent, examples=["支持企业转化重大科技成果。"])
    document_no: DocumentNo = Field(default_factory=absent)
    opens_on: Day = Field(default_factory=absent, examples=["2026-03-01"])
    closes_on: Day = Field(default_factory=absent, examples=["2026-04-10"])
    min_amount: Yuan = Field(default_factory=absent, examples=["50000.00"])
    max_amount: Yuan = Field(default_factory=absent, examples=["500000.00"])
    required_attachments: list[RequiredAttachment] = Field(default_factory=absent, max_length=20)
    rules: list[EligibilityRule] = Field(default_factory=absent, max_length=20)
    criteria: list[Criterion] = Field(default_factory=absent, min_length=1, max_length=20)
    experts_per_application: int = Field(default_factory=absent, ge=1, le=15, examples=[3])
    pass_score: Score = Field(default_factory=absent)
    notice_workdays: int = Field(default_factory=absent, ge=0, le=60, examples=[5])


class FundingCallClose(ApiModel):
    reason: Text = Field(examples=["资金额度调整，提前截止受理"])


class FundingCallCancel(ApiModel):
    reason: Text = Field(examples=["资金用途调整，本次申报取消"])


class FundingCallRead(FundingCallCreate):
    """`available` is what its budget line had left when it was ranked, yuan."""

    id: UUID
    fund_code: str = Field(examples=["transfer-fund"])
    fiscal_year: int = Field(examples=[2026])
    opens_on: date
    closes_on: date
    state: CallState = Field(examples=["open"])
    created_by: Actor
    published_by: str | None
    published_at: datetime | None
    close_reason: str | None
    cancel_reason: str | None
    available: Money | None
    ranked_by: str | None
    ranked_at: datetime | None
    version: int = Field(examples=[2])
    created_at: datetime
    updated_at: datetime


class FundingCallPage(Page[FundingCallRead]):
    pass
