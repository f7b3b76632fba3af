"""Every mapped table of the service, for the migrations and the schema test."""

from parks.achievements.models import Achievement
from parks.db import Base
from parks.deadlines.models import ReturnReminder
from parks.dossiers.models import DossierEntry
from parks.enterprises.models import Enterprise
from parks.forms.models import ReturnForm
from parks.grade_application_files.models import GradeApplicationFile
from parks.grade_applications.models import GradeApplication
from parks.grade_reviews.models import ParkGradeReview
from parks.locations.models import ParkLocation
from parks.metrics.models import ParkMetric
from parks.park_returns.models import ParkReturn
from parks.parks.models import Park, ParkGrade
from parks.pathways.models import GradeCriterion
from parks.platforms.models import Platform, PlatformLevel
from parks.quality.models import ReturnRule
from parks.rd_project_results.models import RdProjectResult
from parks.rd_projects.models import RdProject
from parks.recognitions.models import Recognition
from parks.restatements.models import ReturnRestatement
from parks.returns.models import OperatingReturn
from parks.standings.models import Standing
from parks.tallies.models import MeasureTotal, ReturnCount
from parks.technology_contracts.models import TechnologyContract

__all__ = [
    "Achievement",
    "Base",
    "DossierEntry",
    "Enterprise",
    "GradeApplication",
    "GradeApplicationFile",
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
    "RdProject",
    "RdProjectResult",
    "Recognition",
    "ReturnCount",
    "ReturnForm",
    "ReturnReminder",
    "ReturnRestatement",
    "ReturnRule",
    "Standing",
    "TechnologyContract",
    "metadata",
]

metadata = Base.metadata
