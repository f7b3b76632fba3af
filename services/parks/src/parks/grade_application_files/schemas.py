"""The files in answers."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, changed_only_at


class GradeApplicationFileRead(ApiModel):
    """A file of an application; its content is at `/content`."""

    id: UUID
    application_id: UUID
    criterion_code: Code | None = Field(
        description="What it is evidence of.", examples=["provincial-laboratories"]
    )
    file_name: str = Field(examples=["认定文件.pdf"])
    file_sha256: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(examples=[48213])
    added_by: Actor
    added_at: datetime
    updated_at: datetime = changed_only_at("added_at")


class GradeApplicationFilePage(Page[GradeApplicationFileRead]):
    """One page of files."""
