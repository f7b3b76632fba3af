"""Every mapped table of the service, for the migrations and the schema test."""

from funding.acceptance_files import models as acceptance_files
from funding.acceptances import models as acceptances
from funding.adjustments import models as adjustments
from funding.agreements import models as agreements
from funding.applications import models as applications
from funding.appropriations import models as appropriations
from funding.attachments import models as attachments
from funding.awards import models as awards
from funding.budgets import models as budgets
from funding.calls import models as calls
from funding.carry_overs import models as carry_overs
from funding.counterpart_files import models as counterpart_files
from funding.counterpart_reports import models as counterpart_reports
from funding.db import Base
from funding.disbursements import models as disbursements
from funding.eligibility import models as eligibility
from funding.fiscal_years import models as fiscal_years
from funding.funding_rules import models as funding_rules
from funding.funds import models as funds
from funding.holds import models as holds
from funding.innovation_awards import models as innovation_awards
from funding.interest_subsidies import models as interest_subsidies
from funding.journal import models as journal
from funding.notices import models as notices
from funding.objections import models as objections
from funding.patent_subsidies import models as patent_subsidies
from funding.payee_accounts import models as payee_accounts
from funding.payment_batches import models as payment_batches
from funding.payment_results import models as payment_results
from funding.performance_evaluations import models as performance_evaluations
from funding.platform_grants import models as platform_grants
from funding.refunds import models as refunds
from funding.registry import models as registry
from funding.reviews import models as reviews
from funding.rule_evaluations import models as rule_evaluations
from funding.support_rates import models as support_rates
from funding.transfers import models as transfers
from funding.year_closes import models as year_closes

__all__ = [
    "acceptance_files",
    "acceptances",
    "adjustments",
    "agreements",
    "applications",
    "appropriations",
    "attachments",
    "awards",
    "budgets",
    "calls",
    "carry_overs",
    "counterpart_files",
    "counterpart_reports",
    "disbursements",
    "eligibility",
    "fiscal_years",
    "funding_rules",
    "funds",
    "holds",
    "innovation_awards",
    "interest_subsidies",
    "journal",
    "metadata",
    "notices",
    "objections",
    "patent_subsidies",
    "payee_accounts",
    "payment_batches",
    "payment_results",
    "performance_evaluations",
    "platform_grants",
    "refunds",
    "registry",
    "reviews",
    "rule_evaluations",
    "support_rates",
    "transfers",
    "year_closes",
]

metadata = Base.metadata
