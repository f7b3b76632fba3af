"""Webhooks and deliveries as they are written and read."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Text, absent

from gateway.events.domain import TypePattern

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2048, pattern=r"^[^\x00]*$"),
    Field(description="http or https, on the administrator's allowlist."),
]
Types = Annotated[list[TypePattern], Field(min_length=1, max_length=50)]
Units = Annotated[
    list[Code],
    Field(
        max_length=50,
        description="Only events that concern one of these units.",
        examples=[["gangqu-admin"]],
    ),
]
Subjects = Annotated[
    list[Text],
    Field(
        max_length=50,
        description="Only events about one of these aggregates.",
        examples=[["indicator:six-parks-sales"]],
    ),
]


class WebhookCreate(ApiModel):
    client_id: Code | None = Field(
        default=None,
        description="The registered client it is for: the caller's own unless named. A person who "
        "has logged in names one, and sees all that the client sees.",
        examples=["finance-ledger"],
    )
    name: Text = Field(examples=["Finance bureau's ledger"])
    url: Url = Field(examples=["https://hooks.example.org/kechuang"])
    types: Types = Field(examples=[["kechuang.funding.*"]])
    units: Units = Field(default_factory=list, examples=[["gangqu-admin"]])
    subjects: Subjects = Field(default_factory=list, examples=[["indicator:six-parks-sales"]])


class WebhookUpdate(ApiModel):
    """A merge patch: what is absent stays as it is."""

    name: Text = Field(default_factory=absent, examples=["Finance bureau's ledger"])
    url: Url = Field(default_factory=absent, examples=["https://hooks.example.org/kechuang"])
    types: Types = Field(default_factory=absent, examples=[["kechuang.funding.*"]])
    units: Units = Field(default_factory=absent, examples=[["gangqu-admin"]])
    subjects: Subjects = Field(default_factory=absent, examples=[["indicator:six-parks-sales"]])


class WebhookRead(ApiModel):
    id: UUID
    client_id: str = Field(examples=["system"])
    name: str = Field(examples=["Finance bureau's ledger"])
    url: str = Field(examples=["https://hooks.example.org/kechuang"])
    types: list[str] = Field(examples=[["kechuang.funding.*"]])
    units: list[str] = Field(examples=[["gangqu-admin"]])
    subjects: list[str] = Field(examples=[["indicator:six-parks-sales"]])
    state: Literal["active", "paused", "disabled"]
    disabled_reason: str | None = Field(description="`gone` (410) or `failing`.")
    failing_since: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class WebhookWithSecret(WebhookRead):
    """With the signing secret, which is shown this once: a repeat with the same `Idempotency-Key`
    answers without it."""

    secret: str | None = Field(default=None, examples=["whsec_…"])


class RotateSecret(ApiModel):
    overlap_hours: int = Field(
        default=24, ge=0, le=168, description="How long the old secret goes on signing as well."
    )


class ReplaySince(ApiModel):
    since: datetime = Field(description="Events logged at or after this moment are sent again.")


class Replayed(ApiModel):
    """`until` is where to go on when `complete` is false."""

    deliveries: int = Field(examples=[12])
    complete: bool
    until: datetime | None


class AttemptRead(ApiModel):
    at: datetime
    duration_ms: int = Field(examples=[35])
    status_code: int | None
    error: str | None


class DeliveryRead(ApiModel):
    """One event on its way. `attempts` counts since it was first due or last replayed."""

    id: UUID
    event_id: UUID = Field(description="Also the `webhook-id` header, the same at every attempt.")
    type: str = Field(examples=["kechuang.funding.disbursement.succeeded.v1"])
    subject: str = Field(examples=["disbursement:0197a3d4-7c1e-7000-8000-000000000001"])
    state: Literal["pending", "delivered", "failed"]
    attempts: int = Field(examples=[1])
    next_attempt_at: datetime | None
    created_at: datetime
    updated_at: datetime
    delivered_at: datetime | None
    log: list[AttemptRead] = Field(default_factory=list, description="Newest first, at most 20.")


class WebhookPage(Page[WebhookRead]):
    """One page of webhooks."""


class DeliveryPage(Page[DeliveryRead]):
    """One page of deliveries."""
