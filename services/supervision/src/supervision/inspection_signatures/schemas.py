"""Bodies of signatures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, LongText, changed_only_at


class InspectionSign(ApiModel):
    """What is said to the result; may be left out."""

    opinion: LongText | None = Field(default=None, examples=["属实。"])


class InspectionSignatureRead(ApiModel):
    """One signature."""

    id: UUID
    inspection_id: UUID
    signed_by: Actor
    signed_for: str | None = Field(description="The signer's unit.", examples=["headquarters"])
    opinion: str | None
    digest: str = Field(description="SHA-256 of what was signed.", examples=["9f86d081884c7d65"])
    signed_at: datetime
    updated_at: datetime = changed_only_at("signed_at")


class InspectionSignaturePage(Page[InspectionSignatureRead]):
    """Signatures, the first one first."""


class InspectionResultRead(ApiModel):
    """What is signed. `digest` is the SHA-256 of `result` as JSON with sorted keys and no blanks,
    in UTF-8."""

    inspection_id: UUID
    result: dict[str, Any]
    digest: str = Field(examples=["9f86d081884c7d65"])
    signed_digest: str | None = Field(description="Of what was signed first.")
    intact: bool = Field(description="Nothing was signed, or what was is what stands here.")
