"""Achievements as the API takes and gives them. Amounts in 万元."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Day, LongText, Text, absent

from parks.enterprises.schemas import NamesEnterprise, OfEnterprise
from parks.technology_contracts.schemas import CONTRACT_ID, CONTRACT_NUMBER, NotNegative

AchievementKind = Literal[
    "self_implementation", "assignment", "licensing", "joint_implementation", "equity", "other"
]
AchievementState = Literal["registered", "withdrawn"]


class AchievementFields(ApiModel):
    """What went from whom in which way; 万元."""

    title: Text = Field(examples=["甘蔗低温压榨工艺"])
    kind: AchievementKind = Field(
        description="自行投资实施、转让、许可、合作转化、作价投资、其他协商确定的方式。",
        examples=["licensing"],
    )
    source_name: Text = Field(description="From whom it came.", examples=["河南农业大学"])
    amount: NotNegative = Field(description="What it was worth; 万元.", examples=["150"])
    transferred_on: Day = Field(examples=["2026-04-20"])
    major: bool = Field(default=False, description="A major one (重大科技成果).")
    programme: Code | None = Field(
        default=None,
        description="The programme it was transferred under; major ones count by it.",
        examples=["innovation-programme"],
    )


class AchievementCreate(AchievementFields, NamesEnterprise):
    """An achievement and the enterprise it went to."""

    contract_number: Text | None = Field(
        default=None,
        description="Of the registered technology contract it went by.",
        examples=[CONTRACT_NUMBER],
    )


class AchievementUpdate(ApiModel):
    """A merge patch: what is absent stays, null clears where a value may be missing."""

    title: Text = Field(default_factory=absent, examples=["甘蔗低温压榨工艺"])
    kind: AchievementKind = Field(default_factory=absent, examples=["licensing"])
    source_name: Text = Field(default_factory=absent, examples=["河南农业大学"])
    amount: NotNegative = Field(default_factory=absent, examples=["150"])
    transferred_on: Day = Field(default_factory=absent, examples=["2026-04-20"])
    major: bool = Field(default_factory=absent, examples=[True])
    programme: Code | None = Field(default=None, examples=["innovation-programme"])
    contract_number: Text | None = Field(default=None, examples=[CONTRACT_NUMBER])


class AchievementWithdraw(ApiModel):
    reason: LongText = Field(examples=["重复登记。"])


class AchievementRead(AchievementFields, OfEnterprise):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-00000000000d"])
    unit: str = Field(default="万元", description="Of the amount.")
    contract_id: UUID | None = Field(
        description="The technology contract it went by.", examples=[CONTRACT_ID]
    )
    state: AchievementState = Field(examples=["registered"])
    withdraw_reason: str | None = None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AchievementPage(Page[AchievementRead]):
    """One page of achievements."""
