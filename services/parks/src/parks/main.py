"""The register of parks and enterprises, the returns they file and the totals made of them."""

from pathlib import Path

from fastapi import FastAPI
from servicekit.http.app import create_app
from servicekit.migrations import Migrations

from parks.enterprises.routes import router as enterprises
from parks.labels import LABELS
from parks.metrics.routes import router as metrics
from parks.parks.routes import router as parks
from parks.recognitions.routes import router as recognitions
from parks.returns.routes import router as returns
from parks.settings import Settings

MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")


def build(settings: Settings) -> FastAPI:
    """The app; run it with `python -m parks api`."""
    return create_app(
        settings,
        title="parks",
        description=__doc__ or "",
        routers=[parks, enterprises, recognitions, returns, metrics],
        migrations=MIGRATIONS,
        labels=LABELS,
    )
