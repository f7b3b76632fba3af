"""Every mapped table of the service, for the migrations and the schema test."""

from parks.db import Base
from parks.enterprises.models import Enterprise
from parks.metrics.models import ParkMetric
from parks.parks.models import Park, ParkGrade
from parks.recognitions.models import Recognition
from parks.returns.models import OperatingReturn

__all__ = [
    "Base",
    "Enterprise",
    "OperatingReturn",
    "Park",
    "ParkGrade",
    "ParkMetric",
    "Recognition",
    "metadata",
]

metadata = Base.metadata
