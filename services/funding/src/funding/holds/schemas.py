"""Payment holds in answers."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel


class PaymentHoldRead(ApiModel):
    """While `released_at` is null no payment to `payee_unit` is checked or paid."""

    item_id: UUID = Field(description="The supervision item.")
    item_number: str = Field(examples=["2026-0007"])
    title: str = Field(examples=["高新技术产业增加值低于进度"])
    payee_unit: str = Field(examples=["maizier-sugar"])
    due_on: date
    released_at: datetime | None = None
    outcome: Literal["closed", "cancelled"] | None = None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PaymentHoldPage(Page[PaymentHoldRead]):
    pass
