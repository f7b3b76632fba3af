"""Bodies of the evidence."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, changed_only_at


class FindingFileRead(ApiModel):
    """A file that proves a finding; its content is at `/content`."""

    id: UUID
    finding_id: UUID
    file_name: str = Field(examples=["现场照片.jpg"])
    file_sha256: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(examples=[48213])
    added_by: Actor
    added_at: datetime
    updated_at: datetime = changed_only_at("added_at")


class FindingFilePage(Page[FindingFileRead]):
    """Evidence, the oldest first."""
