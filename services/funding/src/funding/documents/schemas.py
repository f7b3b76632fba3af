"""Documents in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.types import Actor, ApiModel, Text

from funding.documents.domain import DocumentState

Reason = Annotated[Text, Field(examples=["项目进度提前，需追加资金"])]


class Refusal(ApiModel):
    refusal: Text = Field(description="Why.", examples=["依据不足"])


class DocumentRead(ApiModel):
    """What every document shows."""

    id: UUID
    state: DocumentState = Field(examples=["approved"])
    made_by: Actor
    decided_by: str | None
    decided_at: datetime | None
    refusal: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime
