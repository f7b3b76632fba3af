"""Eligibility results in answers."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, changed_only_at

from funding.calls.domain import Rule


class EligibilityResultRead(ApiModel):
    """One rule of the call, looked at once: whether it was met, by which inputs, in words."""

    id: UUID
    application_id: UUID
    stage: Literal["submission", "award"] = Field(examples=["submission"])
    rule: Rule = Field(examples=["no_open_rectification"])
    values: list[str] = Field(examples=[["high_tech"]])
    passed: bool
    inputs: dict[str, Any] = Field(examples=[{"day": "2026-03-20", "open_items": []}])
    reason_zh: str = Field(examples=["没有未销号的整改事项"])
    reason_en: str = Field(examples=["No rectification is open"])
    checked_at: datetime
    updated_at: datetime = changed_only_at("checked_at")


class EligibilityResultPage(Page[EligibilityResultRead]):
    pass
