"""Who may do what in funding: role × relation of the caller's unit to the object's unit.

Money has three hands: a maker, a checker and a payer. The roles are told apart here; that they
are three different people is a constraint of the database (`disbursements.models`).
"""

from servicekit.auth.permissions import ANY, BELOW, OWN, READERS, Permission
from servicekit.auth.principal import Role

FINANCE = {Role.FINANCE_MAKER: ANY, Role.FINANCE_CHECKER: ANY, Role.FINANCE_PAYER: ANY}
BOOKS = {**READERS, **FINANCE}
"""Who reads the budget and the books."""
EVERYBODY = {
    **BOOKS,
    Role.GROUP_LEAD: ANY,
    Role.UNIT_REPORTER: ANY,
    Role.PARK_ADMIN: ANY,
    Role.ENTERPRISE: ANY,
}
"""Funds and rules are public within the programme: whoever may apply must know them."""
PAYEES = {
    **BOOKS,
    Role.GROUP_LEAD: BELOW,
    Role.UNIT_REPORTER: OWN,
    Role.PARK_ADMIN: BELOW,
    Role.ENTERPRISE: OWN,
}
"""A payee sees what is meant for it, and nobody else's."""
PLANNERS = {Role.OFFICE: ANY, Role.SYSTEM: ANY}

READ_FISCAL_YEAR = Permission("fiscal_years.read", EVERYBODY)
PUT_FISCAL_YEAR = Permission("fiscal_years.write", {**PLANNERS, Role.FINANCE_MAKER: ANY})

READ_FUND = Permission("funds.read", EVERYBODY)
PUT_FUND = Permission("funds.write", PLANNERS)

READ_RULE = Permission("funding_rules.read", EVERYBODY)
PUT_RULE = Permission("funding_rules.write", PLANNERS)

READ_BUDGET = Permission("budgets.read", BOOKS)
CREATE_BUDGET = Permission("budgets.create", {**PLANNERS, Role.FINANCE_MAKER: ANY})
APPROVE_BUDGET = Permission("budgets.approve", {Role.FINANCE_CHECKER: ANY})

READ_APPROPRIATION = Permission("appropriations.read", BOOKS)
MAKE_APPROPRIATION = Permission(
    "appropriations.create", {Role.FINANCE_MAKER: ANY, Role.SYSTEM: ANY}
)

READ_AWARD = Permission("awards.read", PAYEES)
GRANT_AWARD = Permission("awards.create", {Role.OFFICE: ANY, Role.FINANCE_MAKER: ANY})
CANCEL_AWARD = Permission("awards.cancel", {Role.OFFICE: ANY})

READ_DISBURSEMENT = Permission("disbursements.read", PAYEES)
MAKE_DISBURSEMENT = Permission("disbursements.create", {Role.FINANCE_MAKER: ANY})
CHECK_DISBURSEMENT = Permission("disbursements.check", {Role.FINANCE_CHECKER: ANY})
PAY_DISBURSEMENT = Permission("disbursements.pay", {Role.FINANCE_PAYER: ANY})
SETTLE_DISBURSEMENT = Permission(
    "disbursements.settle", {Role.FINANCE_PAYER: ANY, Role.SYSTEM: ANY}
)

READ_JOURNAL = Permission("journal_entries.read", BOOKS)
READ_ACCOUNT = Permission("accounts.read", BOOKS)
READ_HOLD = Permission("payment_holds.read", PAYEES)

READ_COUNTERPART = Permission("counterpart_reports.read", PAYEES)
REPORT_COUNTERPART = Permission(
    "counterpart_reports.create",
    {
        Role.OFFICE: ANY,
        Role.SYSTEM: ANY,
        Role.ENTERPRISE: OWN,
        Role.UNIT_REPORTER: OWN,
        Role.PARK_ADMIN: BELOW,
    },
)
VERIFY_COUNTERPART = Permission("counterpart_reports.verify", {Role.OFFICE: ANY})
