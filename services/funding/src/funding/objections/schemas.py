"""Objections in requests and answers."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText

from funding.objections.domain import ObjectionState


class ObjectionCreate(ApiModel):
    """An objection to a notice, or to one application of its list."""

    notice_id: UUID
    application_id: UUID | None = None
    objector_unit: Code = Field(description="Code of the unit that objects.", examples=["zhengli"])
    reason: LongText = Field(examples=["该项目与已立项项目内容重复"])


class ObjectionSettlement(ApiModel):
    """`upheld` strikes the application the objection is about off the list."""

    upheld: bool = Field(examples=[False])
    answer: LongText = Field(examples=["经核查，两个项目的技术路线和产品均不相同。"])


class ObjectionRead(ObjectionCreate):
    id: UUID
    call_id: UUID
    state: ObjectionState = Field(examples=["raised"])
    raised_by: Actor
    answer: str | None
    settled_by: str | None
    settled_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ObjectionPage(Page[ObjectionRead]):
    pass
