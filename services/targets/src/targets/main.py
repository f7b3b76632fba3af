"""The targets API: its whole composition."""

from pathlib import Path

from fastapi import FastAPI
from servicekit.http.app import create_app
from servicekit.migrations import Migrations

from targets import models
from targets.assignments.routes import assignments, coverage
from targets.boards.routes import board, numbers
from targets.conflicts.routes import conflicts
from targets.derivations.routes import derivations
from targets.directory.routes import units, working_groups
from targets.evidence.routes import milestone_evidence, report_evidence
from targets.indicators.routes import indicators
from targets.key_tasks.routes import key_tasks
from targets.labels import LABELS, RESOURCES
from targets.milestones.routes import milestones
from targets.observations.routes import observations
from targets.outliers.routes import reporting_rules
from targets.overdue.routes import overdue_reports
from targets.periods.routes import periods
from targets.programmes.routes import programmes
from targets.report_templates.routes import templates
from targets.reports.routes import reports
from targets.restatements.routes import restatements
from targets.revisions.routes import revisions
from targets.settings import Settings
from targets.status.routes import status_board
from targets.verification.routes import verification

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
            revisions,
            observations,
            derivations,
            numbers,
            assignments,
            coverage,
            reporting_rules,
            key_tasks,
            milestones,
            milestone_evidence,
            conflicts,
            periods,
            restatements,
            overdue_reports,  # its one path before `/progress-reports/{report_id}`
            reports,
            report_evidence,
            verification,
            templates,
            status_board,
            board,
        ],
        migrations=MIGRATIONS,
        labels=LABELS,
        resources=RESOURCES,
    )
