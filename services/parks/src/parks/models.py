"""Every mapped table of the service, for the migrations and the schema test."""

from parks.db import Base
from parks.deadlines.models import ReturnReminder
from parks.dossiers.models import DossierEntry
from parks.enterprises.models import Enterprise
from parks.forms.models import ReturnForm
from parks.grade_reviews.models import ParkGradeReview
from parks.locations.models import ParkLocation
from parks.metrics.models import ParkMetric
from parks.park_returns.models import ParkReturn
from parks.parks.models import Park, ParkGrade
from parks.pathways.models import GradeCriterion
from parks.platforms.models import Platform, PlatformLevel
from parks.quality.models import ReturnRule
from parks.recognitions.models import Recognition
from parks.restatements.models import ReturnRestatement
from parks.returns.models import OperatingReturn
from parks.standings.models import Standing
from parks.tallies.models import MeasureTotal, ReturnCount

__all__ = [
    "Base",
    "DossierEntry",
    "Enterprise",
    "GradeCriterion",
    "MeasureTotal",
    "OperatingReturn",
    "Park",
    "ParkGrade",
    "ParkGradeReview",
    "ParkLocation",
    "ParkMetric",
    "ParkReturn",
    "Platform",
    "PlatformLevel",
    "Recognition",
    "ReturnCount",
    "ReturnForm",
    "ReturnReminder",
    "ReturnRestatement",
    "ReturnRule",
    "Standing",
    "metadata",
]

metadata = Base.metadata
