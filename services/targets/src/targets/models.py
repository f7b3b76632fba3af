"""Every mapped table of the service, for the migrations and the schema test."""

from targets.conflicts import models as conflicts
from targets.db import Base
from targets.directory import models as directory
from targets.indicators import models as indicators
from targets.key_tasks import models as key_tasks
from targets.observations import models as observations
from targets.periods import models as periods
from targets.programmes import models as programmes
from targets.reports import models as reports
from targets.status import models as status

__all__ = [
    "conflicts",
    "directory",
    "indicators",
    "key_tasks",
    "metadata",
    "observations",
    "periods",
    "programmes",
    "reports",
    "status",
]

metadata = Base.metadata
