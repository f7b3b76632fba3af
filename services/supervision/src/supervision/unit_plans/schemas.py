"""Bodies of the plans that units owe."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, LongText, Text, changed_only_at

from supervision.plan_requests.domain import PlanKind
from supervision.unit_plans.domain import PlanState


class UnitPlanSubmit(ApiModel):
    """What a unit hands in, beside the file."""

    title: Text = Field(examples=["港区 2026 年度进展计划"])
    summary: LongText = Field(examples=["全年新增高新技术企业三家，分四个季度推进。"])


class UnitPlanNote(ApiModel):
    """What is said to it; may be left out."""

    note: LongText | None = Field(default=None, examples=["目标与分解任务一致。"])


class UnitPlanReason(ApiModel):
    """Why it goes back to its unit."""

    reason: LongText = Field(examples=["请补充季度进度安排。"])


class UnitPlanRead(ApiModel):
    """The plan of one unit."""

    id: UUID
    request_id: UUID
    programme: str = Field(examples=["innovation-programme"])
    kind: PlanKind
    year: int | None = Field(examples=[2026])
    unit_code: str = Field(examples=["gangqu-admin"])
    unit_name: str = Field(examples=["港区管委会"])
    due_on: date = Field(examples=["2026-02-06"])
    due_provisional: bool = Field(description="The deadline may still move with the calendar.")
    overdue_at: datetime | None = Field(description="When it was told that it is late.")
    state: PlanState
    edition: int = Field(description="The last one handed in; 0 for none.", examples=[1])
    approved_edition: int | None = Field(description="The one in force.", examples=[1])
    title: str | None = Field(examples=["港区 2026 年度进展计划"])
    summary: str | None
    late: bool = Field(description="The first edition came after the deadline.")
    submitted_by: str | None
    submitted_at: datetime | None
    reviewed_by: str | None
    review_note: str | None
    approved_by: str | None
    approved_at: datetime | None
    return_reason: str | None
    return_count: int = Field(examples=[0])
    revision_reason: str | None = Field(description="Why the edition in force is revised.")
    cancel_reason: str | None
    correlation_id: str = Field(examples=["0197a3d4-7c1e-7000-8000-0000000000c1"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class UnitPlanPage(Page[UnitPlanRead]):
    """Plans, by unit."""


class UnitPlanEditionRead(ApiModel):
    """One edition as it was handed in."""

    id: UUID
    plan_id: UUID
    edition: int = Field(examples=[1])
    title: str = Field(examples=["港区 2026 年度进展计划"])
    summary: str = Field(examples=["全年新增高新技术企业三家，分四个季度推进。"])
    revision_reason: str | None
    late: bool
    submitted_by: Actor
    submitted_at: datetime
    outcome: Literal["approved", "returned"] | None = Field(
        description="None while it waits.", examples=["approved"]
    )
    decided_by: str | None
    decided_at: datetime | None
    note: str | None = Field(description="What was said when it was approved or returned.")
    created_at: datetime
    updated_at: datetime


class UnitPlanEditionPage(Page[UnitPlanEditionRead]):
    """Every edition, the latest first."""


class UnitPlanFileRead(ApiModel):
    """A file of an edition; its content is at `/content`."""

    id: UUID
    plan_id: UUID
    edition: int = Field(examples=[1])
    file_name: str = Field(examples=["年度进展计划.pdf"])
    file_sha256: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(examples=[48213])
    added_by: Actor
    added_at: datetime
    updated_at: datetime = changed_only_at("added_at")


class UnitPlanFilePage(Page[UnitPlanFileRead]):
    """Files, the oldest first."""
