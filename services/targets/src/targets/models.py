"""Every mapped table of the service, for the migrations and the schema test."""

from targets.assignments import models as assignments
from targets.conflicts import models as conflicts
from targets.db import Base
from targets.derivations import models as derivations
from targets.directory import models as directory
from targets.evidence import models as evidence
from targets.forecasts import models as forecasts
from targets.indicators import models as indicators
from targets.key_tasks import models as key_tasks
from targets.observations import models as observations
from targets.outliers import models as outliers
from targets.overdue import models as overdue
from targets.periods import models as periods
from targets.programmes import models as programmes
from targets.reports import models as reports
from targets.restatements import models as restatements
from targets.revisions import models as revisions
from targets.rollups import models as rollups
from targets.status import models as status

__all__ = [
    "assignments",
    "conflicts",
    "derivations",
    "directory",
    "evidence",
    "forecasts",
    "indicators",
    "key_tasks",
    "metadata",
    "observations",
    "outliers",
    "overdue",
    "periods",
    "programmes",
    "reports",
    "restatements",
    "revisions",
    "rollups",
    "status",
]

metadata = Base.metadata
