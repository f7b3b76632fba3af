"""Platforms as the API takes and gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Day, LongText, Text, absent

from parks.enterprises.schemas import ENTERPRISE_ID, Uscc
from parks.parks.schemas import ParkGradeName

PlatformKind = Literal[
    "key_laboratory", "engineering_centre", "incubator", "intermediary", "association", "iur_base"
]
PlatformStateName = Literal["active", "closed"]


class PlatformPlace(ApiModel):
    """Whose it is and where."""

    host_name: Text | None = Field(
        default=None,
        description="Who runs it, where that is no enterprise of the register.",
        examples=["河南农业大学"],
    )
    enterprise_id: UUID | None = Field(
        default=None, description="The enterprise that hosts it.", examples=[ENTERPRISE_ID]
    )
    park_code: Code | None = Field(default=None, examples=["gangqu"])
    programme: Code | None = Field(
        default=None,
        description="The programme it was founded under; new bases are counted by it.",
        examples=["innovation-programme"],
    )


class PlatformCreate(PlatformPlace):
    """A platform; with its level when it has one already."""

    kind: PlatformKind = Field(examples=["engineering_centre"])
    name: Text = Field(examples=["食品加工工程技术研究中心"])
    uscc: Uscc | None = Field(
        default=None,
        description="The code of the enterprise that hosts it, in the place of `enterprise_id`.",
        examples=["91410184MA44XQ1R01"],
    )
    established_on: Day = Field(examples=["2026-03-18"])
    level: ParkGradeName | None = Field(default=None, examples=["municipal"])
    recognised_on: Day | None = Field(default=None, examples=["2026-06-30"])
    document_no: Text | None = Field(default=None, examples=["郑科〔2026〕31号"])
    authority: Text | None = Field(default=None, examples=["郑州市科学技术局"])


class PlatformUpdate(ApiModel):
    """A merge patch: what is absent stays, null clears where a value may be missing."""

    name: Text = Field(default_factory=absent, examples=["食品加工工程技术研究中心"])
    host_name: Text | None = Field(default=None, examples=["河南农业大学"])
    enterprise_id: UUID | None = Field(default=None, examples=[ENTERPRISE_ID])
    park_code: Code | None = Field(default=None, examples=["gangqu"])
    programme: Code | None = Field(default=None, examples=["innovation-programme"])


class PlatformClose(ApiModel):
    """From which day on it is no more, and why."""

    closed_on: Day = Field(description="The first day it is not counted.", examples=["2026-09-30"])
    reason: LongText = Field(examples=["复评不合格，撤销认定。"])


class PlatformRead(PlatformPlace):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000005"])
    kind: PlatformKind = Field(examples=["engineering_centre"])
    name: Text = Field(examples=["食品加工工程技术研究中心"])
    level: ParkGradeName | None = Field(
        description="The highest it has obtained so far.", examples=["provincial"]
    )
    established_on: Day = Field(examples=["2026-03-18"])
    closed_on: Day | None = None
    close_reason: str | None = None
    state: PlatformStateName = Field(examples=["active"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PlatformPage(Page[PlatformRead]):
    """One page of platforms."""


class PlatformLevelCreate(ApiModel):
    level: ParkGradeName = Field(examples=["provincial"])
    recognised_on: Day = Field(examples=["2026-09-30"])
    document_no: Text = Field(
        description="The document that grants it.", examples=["豫科〔2026〕58号"]
    )
    authority: Text | None = Field(default=None, examples=["河南省科学技术厅"])


class PlatformLevelRead(PlatformLevelCreate):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000006"])
    platform_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000005"])
    created_at: datetime
    updated_at: datetime


class PlatformLevelPage(Page[PlatformLevelRead]):
    """One page of obtained levels."""
