"""The funding API: its whole composition."""

from pathlib import Path

from fastapi import FastAPI

from servicekit.http.app import create_app
from servicekit.migrations import Migrations
from funding.settings import Settings

MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")


def build(settings: Settings) -> FastAPI:
    """The app; run it with `python -m funding api`."""
    return create_app(
        settings,
        title="funding",
        description=__doc__ or "",
        routers=[],
        migrations=MIGRATIONS,
    )
