"""Recognitions as the API takes and gives them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Day, Text

from parks.enterprises.schemas import NamesEnterprise, OfEnterprise

RecognitionKind = Literal["high_tech", "science_type"]
RecognitionStatus = Literal["valid", "expired"]


class RecognitionFields(ApiModel):
    """What is recognised, by whom and for how long."""

    kind: RecognitionKind = Field(examples=["high_tech"])
    number: Text = Field(examples=["GR202641000123"])
    authority: Text = Field(examples=["河南省科学技术厅"])
    valid_from: Day = Field(examples=["2026-01-01"])
    valid_to: Day = Field(description="The last valid day.", examples=["2028-12-31"])


class RecognitionCreate(RecognitionFields, NamesEnterprise):
    """A recognition of one enterprise."""


class RecognitionRead(RecognitionFields, OfEnterprise):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000003"])
    status: RecognitionStatus = Field(examples=["valid"])
    warned_days: int | None = Field(
        default=None,
        description="The last warning told: so many days before it ends (180, 90, 30).",
        examples=[90],
    )
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class RecognitionPage(Page[RecognitionRead]):
    """One page of recognitions."""
