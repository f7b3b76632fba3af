"""Bodies of the ladder and of reminders."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Text

from supervision.reminders.domain import FARTHEST, Audience


class ReminderRulePut(ApiModel):
    """A step of the ladder."""

    name_zh: Text = Field(examples=["到期前三个工作日提醒责任单位"])
    name_en: Text = Field(examples=["Three workdays before the deadline, to the unit"])
    offset_workdays: Annotated[int, Field(ge=-FARTHEST, le=FARTHEST)] = Field(
        description="Workdays from the deadline; negative before it, 0 on its day.", examples=[-3]
    )
    audience: Audience
    active: bool = Field(default=True, description="A step that is not active is not taken.")


class ReminderRuleRead(ReminderRulePut):
    id: UUID
    code: Code = Field(examples=["three-days-before"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ReminderRulePage(Page[ReminderRuleRead]):
    """The ladder, by code."""


class ReminderGiven(ApiModel):
    """What the office adds to a reminder of its own."""

    note: LongText = Field(examples=["请于本周五前报送整改进展。"])


class ReminderRead(ApiModel):
    """One reminder as it was sent."""

    id: UUID
    item_id: UUID
    item_number: str = Field(examples=["2026-0001"])
    responsible_unit: str = Field(examples=["gangqu-admin"])
    rule_code: str | None = Field(
        description="The step of the ladder; none for one sent by hand.",
        examples=["three-days-before"],
    )
    offset_workdays: int | None = Field(examples=[-3])
    audience: Audience
    recipients: list[str] = Field(examples=[["gangqu-admin"]])
    due_on: date = Field(description="The deadline it is about.", examples=["2026-08-14"])
    sent_on: date = Field(examples=["2026-08-11"])
    sent_by: Actor
    note: str | None
    created_at: datetime
    updated_at: datetime


class ReminderPage(Page[ReminderRead]):
    """Reminders, the newest first."""
