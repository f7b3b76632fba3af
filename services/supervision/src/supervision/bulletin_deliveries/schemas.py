"""Bodies of deliveries."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, LongText

from supervision.bulletin_deliveries.domain import BulletinDeliveryState


class BulletinReceipt(ApiModel):
    """What the recipient says; may be left out."""

    note: LongText | None = Field(default=None, examples=["已收悉，阅处。"])


class BulletinDeliveryRead(ApiModel):
    """A copy of an issued bulletin to one recipient."""

    id: UUID
    bulletin_id: UUID
    bulletin_number: str = Field(examples=["2026-001"])
    title: str = Field(examples=["关于科技自主创新工程三季度进展情况的通报"])
    group_code: str = Field(examples=["superior-city"])
    recipient_zh: str = Field(examples=["郑州市科学技术局"])
    recipient_en: str = Field(examples=["Zhengzhou Science and Technology Bureau"])
    unit_code: str | None = Field(examples=["st-bureau"])
    delivery: Literal["main", "copy"] = Field(description="主送 or 抄送.")
    state: BulletinDeliveryState
    received_at: datetime | None
    received_by: str | None
    receipt_note: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class BulletinDeliveryPage(Page[BulletinDeliveryRead]):
    """Deliveries, the newest first."""
