"""The funding API: its whole composition."""

from pathlib import Path

from fastapi import FastAPI
from servicekit.http.app import create_app
from servicekit.migrations import Migrations

from funding.appropriations import routes as appropriations
from funding.awards import routes as awards
from funding.budgets import routes as budgets
from funding.counterpart_reports import routes as counterpart_reports
from funding.disbursements import routes as disbursements
from funding.fiscal_years import routes as fiscal_years
from funding.funding_rules import routes as funding_rules
from funding.funds import routes as funds
from funding.holds import routes as holds
from funding.journal import routes as journal
from funding.labels import LABELS
from funding.settings import Settings

MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")

ROUTERS = [
    fiscal_years.router,
    funds.router,
    budgets.router,
    appropriations.router,
    awards.router,
    disbursements.router,
    holds.router,
    journal.router,
    journal.accounts_router,
    counterpart_reports.router,
    funding_rules.router,
]


def build(settings: Settings) -> FastAPI:
    """The app; run it with `python -m funding api`."""
    return create_app(
        settings,
        title="funding",
        description=__doc__ or "",
        routers=ROUTERS,
        migrations=MIGRATIONS,
        labels=LABELS,
    )
