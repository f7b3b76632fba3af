"""The table of locations."""

from typing import Any

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, Double, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class ParkLocation(Versioned, Base):
    """Where a park lies, in degrees of WGS 84; `boundary` is a GeoJSON polygon."""

    __tablename__ = "park_location"
    __table_args__ = (
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="degrees"),
    )

    park_code: Mapped[str] = mapped_column(ForeignKey("park.code"), primary_key=True)
    lon: Mapped[float] = mapped_column(Double)
    lat: Mapped[float] = mapped_column(Double)
    boundary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    @property
    def point(self) -> dict[str, Any]:
        return {"type": "Point", "coordinates": [self.lon, self.lat]}
