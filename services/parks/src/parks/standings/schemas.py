"""Standings as the API takes and gives them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Day, Text, absent

from parks.enterprises.schemas import DeclaredClass, OfEnterprise


class StandingCreate(ApiModel):
    """What changes, and from which day on; what is absent stays."""

    valid_from: Day = Field(
        description="Its first day; not in the future.", examples=["2026-07-01"]
    )
    park_code: Code | None = Field(default=None, examples=["gangqu"])
    declared_class: DeclaredClass = Field(default_factory=absent, examples=["science_type"])
    above_scale: bool = Field(default_factory=absent, examples=[True])
    document_no: Text | None = Field(default=None, examples=["新科〔2026〕7号"])


class StandingRead(OfEnterprise):
    """What held of an enterprise on the days from its first to its last one, both included."""

    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000007"])
    valid_from: Day | None = Field(
        description="None: since before it was registered.", examples=["2026-07-01"]
    )
    valid_to: Day | None = Field(description="None: until further notice.", examples=["2026-09-30"])
    park_code: Code | None = Field(examples=["gangqu"])
    declared_class: DeclaredClass = Field(examples=["science_type"])
    above_scale: bool = Field(examples=[True])
    document_no: str | None = Field(default=None, examples=["新科〔2026〕7号"])
    created_at: datetime
    updated_at: datetime


class StandingPage(Page[StandingRead]):
    """One page of standings."""
