"""Bodies of requests for more time."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, LongText

from supervision.deadlines.domain import MOST_WORKDAYS, ExtensionState


class ExtensionRequestCreate(ApiModel):
    """A unit asks for more time, before the deadline has passed."""

    item_id: UUID
    workdays: Annotated[int, Field(ge=1, le=MOST_WORKDAYS)] = Field(
        description="Workdays beyond the present deadline.", examples=[5]
    )
    reason: LongText = Field(examples=["关键设备到货推迟，需延长调试时间。"])


class ExtensionDecision(ApiModel):
    """What the office says to a request; may be left out of an approval."""

    note: LongText | None = Field(default=None, examples=["同意延期，不得再延。"])


class ExtensionRefusal(ApiModel):
    """Why there is no more time."""

    reason: LongText = Field(examples=["理由不充分，请按期完成。"])


class ExtensionRequestRead(ApiModel):
    id: UUID
    item_id: UUID
    item_number: str = Field(examples=["2026-0001"])
    responsible_unit: str = Field(examples=["gangqu-admin"])
    workdays: int = Field(examples=[5])
    reason: str = Field(examples=["关键设备到货推迟，需延长调试时间。"])
    state: ExtensionState
    requested_by: str = Field(examples=["demo-park-admin"])
    due_before: date | None = Field(description="The deadline it was approved on.")
    due_after: date | None = Field(description="The deadline it led to.")
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None
    correlation_id: str = Field(
        description="That of its item.", examples=["0197a3d4-7c1e-7000-8000-0000000000c1"]
    )
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ExtensionRequestPage(Page[ExtensionRequestRead]):
    """Requests for more time, the newest first."""
