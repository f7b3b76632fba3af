"""The targets API: its whole composition."""

from pathlib import Path

from fastapi import FastAPI
from servicekit.http.app import create_app
from servicekit.migrations import Migrations

from targets import models
from targets.conflicts.routes import conflicts
from targets.directory.routes import units, working_groups
from targets.indicators.routes import indicators
from targets.key_tasks.routes import key_tasks
from targets.labels import LABELS
from targets.observations.routes import observations
from targets.periods.routes import periods
from targets.programmes.routes import programmes
from targets.reports.routes import reports
from targets.settings import Settings
from targets.status.routes import status_board

# Tables refer to each other across features: all of them must be mapped before the first query.
METADATA = models.metadata
MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")


def build(settings: Settings) -> FastAPI:
    """The app; run it with `python -m targets api`."""
    return create_app(
        settings,
        title="targets",
        description="Promised targets, reported numbers, and how far they are apart.",
        routers=[
            programmes,
            units,
            working_groups,
            indicators,
            observations,
            key_tasks,
            conflicts,
            periods,
            reports,
            status_board,
        ],
        migrations=MIGRATIONS,
        labels=LABELS,
    )
