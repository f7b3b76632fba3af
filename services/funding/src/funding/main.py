"""The funding API: its whole composition."""

from pathlib import Path

from fastapi import FastAPI
from servicekit.http.app import create_app
from servicekit.migrations import Migrations

from funding.acceptance_files import routes as acceptance_files
from funding.acceptances import routes as acceptances
from funding.adjustments import routes as adjustments
from funding.agreements import routes as agreements
from funding.applications import routes as applications
from funding.appropriations import routes as appropriations
from funding.attachments import routes as attachments
from funding.awards import routes as awards
from funding.budgets import routes as budgets
from funding.calls import routes as calls
from funding.carry_overs import routes as carry_overs
from funding.counterpart_files import routes as counterpart_files
from funding.counterpart_reports import routes as counterpart_reports
from funding.disbursements import routes as disbursements
from funding.eligibility import routes as eligibility
from funding.execution_board import routes as execution_board
from funding.fiscal_years import routes as fiscal_years
from funding.funding_rules import routes as funding_rules
from funding.funds import routes as funds
from funding.holds import routes as holds
from funding.innovation_awards import routes as innovation_awards
from funding.interest_subsidies import routes as interest_subsidies
from funding.journal import routes as journal
from funding.labels import LABELS, RESOURCES
from funding.leverage import routes as leverage
from funding.notices import routes as notices
from funding.objections import routes as objections
from funding.patent_subsidies import routes as patent_subsidies
from funding.payee_accounts import routes as payee_accounts
from funding.payment_batches import routes as payment_batches
from funding.payment_results import routes as payment_results
from funding.performance_evaluations import routes as performance_evaluations
from funding.platform_grants import routes as platform_grants
from funding.refunds import routes as refunds
from funding.reviews import routes as reviews
from funding.rule_evaluations import routes as rule_evaluations
from funding.rule_revisions import routes as rule_revisions
from funding.rule_simulations import routes as rule_simulations
from funding.selections import routes as selections
from funding.settings import Settings
from funding.statements import routes as statements
from funding.support_rates import routes as support_rates
from funding.transfers import routes as transfers
from funding.year_closes import routes as year_closes

MIGRATIONS = Migrations(Path(__file__).parents[2] / "migrations")

ROUTERS = [
    fiscal_years.router,
    funds.router,
    budgets.router,
    appropriations.router,
    calls.router,
    applications.router,
    attachments.router,
    eligibility.router,
    reviews.router,
    selections.router,
    notices.announcing,
    notices.router,
    objections.router,
    agreements.router,
    awards.router,
    acceptances.router,
    acceptance_files.router,
    performance_evaluations.router,
    support_rates.router,
    patent_subsidies.router,
    interest_subsidies.router,
    innovation_awards.router,
    platform_grants.router,
    adjustments.router,
    transfers.router,
    disbursements.router,
    payee_accounts.router,
    payment_batches.router,
    payment_results.router,
    refunds.router,
    carry_overs.router,
    year_closes.router,
    holds.router,
    journal.router,
    journal.accounts_router,
    statements.statements,
    statements.trial_balance,
    execution_board.router,
    counterpart_reports.router,
    counterpart_files.router,
    leverage.router,
    funding_rules.router,
    rule_revisions.router,
    rule_evaluations.router,
    rule_simulations.router,
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
        resources=RESOURCES,
    )
