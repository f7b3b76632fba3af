"""Attachments in answers."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, changed_only_at


class AttachmentRead(ApiModel):
    id: UUID
    application_id: UUID
    requirement: str | None = Field(
        description="Which required attachment of the call it is, if one."
    )
    file_name: str = Field(examples=["项目申报书.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(description="Bytes.", examples=[48213])
    file_sha256: str = Field(
        description="Of the content, by which it is stored.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    added_by: Actor
    added_at: datetime
    updated_at: datetime = changed_only_at("added_at")


class AttachmentPage(Page[AttachmentRead]):
    pass
