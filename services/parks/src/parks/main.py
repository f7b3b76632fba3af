"""The register of parks and enterprises, the returns they file and the totals made of them."""

from pathlib import Path

from fastapi import FastAPI
from servicekit.http.app import create_app
from servicekit.migrations import Migrations

from parks.achievements.routes import router as achievements
from parks.deadlines.routes import router as missing_returns
from parks.dossiers.routes import router as dossiers
from parks.enterprises.routes import router as enterprises
from parks.figures.routes import router as figures
from parks.forms.routes import router as forms
from parks.grade_application_files.routes import router as grade_application_files
from parks.grade_applications.routes import router as grade_applications
from parks.grade_reviews.routes import router as grade_reviews
from parks.industries.routes import router as industries
from parks.labels import LABELS, RESOURCES
from parks.locations.routes import router as locations
from parks.merges.routes import router as merges
from parks.metrics.routes import router as metrics
from parks.park_returns.routes import router as park_returns
from parks.parks.routes import router as parks
from parks.pathways.routes import pathway_router as pathways
from parks.pathways.routes import router as criteria
from parks.platforms.routes import router as platforms
from parks.quality.routes import router as rules
from parks.rd_project_results.routes import router as rd_project_results
from parks.rd_projects.routes import router as rd_projects
from parks.recognitions.routes import router as recognitions
from parks.restatements.routes import router as restatements
from parks.return_batches.routes import router as return_batches
from parks.returns.routes import router as returns
from parks.settings import Settings
from parks.standings.routes import router as standings
from parks.technology_contracts.routes import router as technology_contracts

MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")


def build(settings: Settings) -> FastAPI:
    """The app; run it with `python -m parks api`."""
    return create_app(
        settings,
        title="parks",
        description=__doc__ or "",
        # Tried in this order: what is asked most comes first.
        routers=[
            enterprises,
            parks,
            locations,
            park_returns,
            grade_reviews,
            grade_applications,
            grade_application_files,
            criteria,
            pathways,
            standings,
            industries,
            dossiers,
            merges,
            recognitions,
            platforms,
            rd_projects,
            rd_project_results,
            technology_contracts,
            achievements,
            returns,
            return_batches,
            restatements,
            missing_returns,
            forms,
            rules,
            metrics,
            figures,
        ],
        migrations=MIGRATIONS,
        labels=LABELS,
        resources=RESOURCES,
    )
