"""Locations as the API takes and gives them: GeoJSON (RFC 7946)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from servicekit.types import ApiModel, Code

Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Position = Annotated[list[Degrees], Field(min_length=2, max_length=2)]
"""Longitude and latitude; a tuple would have no `items`, which readers of the document look for."""
Ring = Annotated[list[Position], Field(min_length=4, max_length=10_000)]

SQUARE = [[[113.84, 34.51], [113.9, 34.51], [113.9, 34.56], [113.84, 34.56], [113.84, 34.51]]]


class GeoPoint(ApiModel):
    """Longitude before latitude, in degrees of WGS 84 (EPSG:4326)."""

    type: Literal["Point"] = Field(examples=["Point"])
    coordinates: Position = Field(examples=[[113.86, 34.53]])


class GeoPolygon(ApiModel):
    """The outer ring, then the holes in it; each ends where it begins."""

    type: Literal["Polygon"] = Field(examples=["Polygon"])
    coordinates: list[Ring] = Field(min_length=1, max_length=100, examples=[SQUARE])


class ParkLocationPut(ApiModel):
    """Where a park lies."""

    point: GeoPoint
    boundary: GeoPolygon | None = None


class ParkLocationRead(ParkLocationPut):
    park_code: Code = Field(examples=["gangqu"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime
