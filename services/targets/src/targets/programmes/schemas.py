"""Programmes as the API takes and gives them, and what all things born of a plan share."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Day, LongText, Text, Year

Cadence = Literal["on_call", "once", "half_monthly", "monthly", "quarterly", "yearly", "continuous"]
SourceRef = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$"),
    Field(description="Place in the plan.", examples=["二(四)"]),
]


class PlanBody(ApiModel):
    """Names in both languages and the place in the plan."""

    name_zh: Text = Field(examples=["科技自主创新工程"])
    name_en: Text = Field(examples=["S&T innovation programme"])
    source_ref: SourceRef | None = None


class Sentence(ApiModel):
    """One statement in both languages."""

    text_zh: LongText = Field(examples=["每年召开一次产学研对接会"])
    text_en: LongText = Field(examples=["One matchmaking conference a year"])


class StandingRule(PlanBody, Sentence):
    """A duty that holds for the whole programme."""

    code: Code = Field(examples=["monthly-inspection"])
    cadence: Cadence = Field(examples=["monthly"])
    owner_unit: Code = Field(examples=["headquarters"])


class ProgrammePut(PlanBody):
    description_zh: LongText = Field(examples=["全市科技自主创新三年行动计划"])
    description_en: LongText = Field(examples=["The city's three-year action plan"])
    anchor_year: Year = Field(description="Programme year Y1.", examples=[2026])
    starts_on: Day = Field(examples=["2026-01-01"])
    ends_on: Day = Field(examples=["2028-12-31"])
    lead_unit: Code = Field(examples=["headquarters"])
    office_unit: Code = Field(examples=["programme-office"])
    inspection_cadence: Cadence = Field(examples=["monthly"])
    meeting_cadence: Cadence = Field(examples=["half_monthly"])
    bulletin_cadence: Cadence = Field(examples=["monthly"])
    standing_rules: list[StandingRule] = Field(default=[], max_length=100)


class ProgrammeRead(ProgrammePut):
    code: Code = Field(examples=["innovation-programme"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ProgrammePage(Page[ProgrammeRead]):
    """One page of programmes."""
