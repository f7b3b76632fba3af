"""The overview's answer."""

from datetime import datetime
from typing import Any

from pydantic import Field
from servicekit.types import ApiModel


class OverviewPart(ApiModel):
    """One service's contribution."""

    available: bool = Field(description="False when nothing could be read from the service.")
    data: dict[str, Any] = Field(description="What the service answered, by section.")
    missing: dict[str, str] = Field(description="The sections left out, each with its error code.")


class OverviewRead(ApiModel):
    """All parts. `complete` is false when any section is missing."""

    generated_at: datetime
    complete: bool
    parts: dict[str, OverviewPart]
