"""How an event is read from the list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, changed_only_at


class EventRead(ApiModel):
    """One published event. `data` has the shape that `/api/v1/asyncapi.json` gives for `type`."""

    position: int = Field(
        description="Its place in the log; what a stream sends as `id`.", examples=[4711]
    )
    id: UUID
    type: str = Field(examples=["kechuang.targets.progress_report.verified.v1"])
    publisher: str = Field(examples=["targets"])
    subject: str = Field(description="The aggregate it is about.", examples=["indicator:rd-spend"])
    aggregate_version: int = Field(examples=[3])
    time: datetime
    correlation_id: str = Field(examples=["0197a3d4-7c1e-7000-8000-0000000000c1"])
    causation_id: str | None
    data: dict[str, Any]
    logged_at: datetime = Field(description="When it came here.")
    updated_at: datetime = changed_only_at("logged_at")


class EventPage(Page[EventRead]):
    """One page of events."""
