"""Every mapped table of the service, for the migrations and the schema test."""

from funding.appropriations import models as appropriations
from funding.awards import models as awards
from funding.budgets import models as budgets
from funding.counterpart_reports import models as counterpart_reports
from funding.db import Base
from funding.disbursements import models as disbursements
from funding.fiscal_years import models as fiscal_years
from funding.funding_rules import models as funding_rules
from funding.funds import models as funds
from funding.holds import models as holds
from funding.journal import models as journal

__all__ = [
    "appropriations",
    "awards",
    "budgets",
    "counterpart_reports",
    "disbursements",
    "fiscal_years",
    "funding_rules",
    "funds",
    "holds",
    "journal",
    "metadata",
]

metadata = Base.metadata
