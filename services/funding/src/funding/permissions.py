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
    Role.EXPERT: ANY,
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
APPLICANTS = (Role.ENTERPRISE, Role.UNIT_REPORTER, Role.PARK_ADMIN)
"""Who applies, for the unit they act for."""
PLANNERS = {Role.OFFICE: ANY, Role.SYSTEM: ANY}

READ_FISCAL_YEAR = Permission("fiscal_years.read", EVERYBODY)
PUT_FISCAL_YEAR = Permission("fiscal_years.write", {**PLANNERS, Role.FINANCE_MAKER: ANY})

READ_FUND = Permission("funds.read", EVERYBODY)
PUT_FUND = Permission("funds.write", PLANNERS)

READ_RULE = Permission("funding_rules.read", EVERYBODY)
PUT_RULE = Permission("funding_rules.write", {**PLANNERS, Role.FINANCE_MAKER: ANY})
REVISE_RULE = Permission("funding_rules.revise", {Role.OFFICE: ANY, Role.FINANCE_MAKER: ANY})
SIMULATE_RULE = Permission("funding_rules.simulate", BOOKS)
"""What one enterprise spent can be told from what comes of its report."""

READ_CALL = Permission("funding_calls.read", EVERYBODY)
CREATE_CALL = Permission("funding_calls.create", {Role.OFFICE: ANY})
PUBLISH_CALL = Permission("funding_calls.publish", {Role.OFFICE: ANY})

READ_APPLICATION = Permission(
    "applications.read",
    {
        **READERS,
        Role.GROUP_LEAD: BELOW,
        Role.UNIT_REPORTER: OWN,
        Role.PARK_ADMIN: BELOW,
        Role.ENTERPRISE: OWN,
    },
)
READ_CONTACT = Permission("applications.read", {Role.OFFICE: ANY, **dict.fromkeys(APPLICANTS, OWN)})
"""Who of these sees whom to call; everybody else has it masked."""
CREATE_APPLICATION = Permission("applications.create", dict.fromkeys(APPLICANTS, OWN))
SUBMIT_APPLICATION = Permission("applications.submit", dict.fromkeys(APPLICANTS, OWN))
DECIDE_APPLICATION = Permission("applications.decide", {Role.OFFICE: ANY})

READ_ALL_REVIEWS = Permission("reviews.read", READERS)
"""Who sees every review, and no score before all are in."""
READ_REVIEW = Permission("reviews.read", {**READERS, Role.EXPERT: ANY})
"""An expert of these sees their own, and those of the others once all have scored."""
ASSIGN_EXPERT = Permission("reviews.assign", {Role.OFFICE: ANY})
WRITE_REVIEW = Permission("reviews.write", {Role.EXPERT: ANY})
"""Of these only the expert the review was assigned to."""

SELECT_APPLICATIONS = Permission("funding_calls.select", {Role.OFFICE: ANY})
AWARD_CALL = Permission("funding_calls.award", {Role.OFFICE: ANY})
CANCEL_CALL = Permission("funding_calls.cancel", {Role.OFFICE: ANY})
READ_NOTICE = Permission("public_notices.read", EVERYBODY)
READ_OBJECTION = Permission(
    "objections.read",
    {
        **READERS,
        Role.GROUP_LEAD: BELOW,
        Role.UNIT_REPORTER: OWN,
        Role.PARK_ADMIN: BELOW,
        Role.ENTERPRISE: OWN,
    },
)
RAISE_OBJECTION = Permission(
    "objections.create", {Role.GROUP_LEAD: OWN, **dict.fromkeys(APPLICANTS, OWN)}
)
SETTLE_OBJECTION = Permission("objections.settle", {Role.OFFICE: ANY})

READ_AGREEMENT = Permission("agreements.read", PAYEES)
MAKE_AGREEMENT = Permission("agreements.create", {Role.OFFICE: ANY})
SIGN_AGREEMENT = Permission("agreements.sign", dict.fromkeys(APPLICANTS, OWN))
REPORT_TRANCHE = Permission("agreements.report", dict.fromkeys(APPLICANTS, OWN))
ACCEPT_TRANCHE = Permission("agreements.accept", {Role.OFFICE: ANY})

READ_BUDGET = Permission("budgets.read", BOOKS)
CREATE_BUDGET = Permission("budgets.create", {**PLANNERS, Role.FINANCE_MAKER: ANY})
APPROVE_BUDGET = Permission("budgets.approve", {Role.FINANCE_CHECKER: ANY})

READ_ADJUSTMENT = Permission("adjustments.read", BOOKS)
MAKE_ADJUSTMENT = Permission("adjustments.create", {**PLANNERS, Role.FINANCE_MAKER: ANY})
APPROVE_ADJUSTMENT = Permission("adjustments.approve", {Role.FINANCE_CHECKER: ANY})

READ_TRANSFER = Permission("transfers.read", BOOKS)
MAKE_TRANSFER = Permission("transfers.create", {**PLANNERS, Role.FINANCE_MAKER: ANY})
APPROVE_TRANSFER = Permission("transfers.approve", {Role.FINANCE_CHECKER: ANY})

READ_CARRY_OVER = Permission("carry_overs.read", BOOKS)
MAKE_CARRY_OVER = Permission("carry_overs.create", {Role.FINANCE_MAKER: ANY})
APPROVE_CARRY_OVER = Permission("carry_overs.approve", {Role.FINANCE_CHECKER: ANY})

READ_YEAR_CLOSE = Permission("year_closes.read", BOOKS)
MAKE_YEAR_CLOSE = Permission("year_closes.create", {Role.FINANCE_MAKER: ANY})
APPROVE_YEAR_CLOSE = Permission("year_closes.approve", {Role.FINANCE_CHECKER: ANY})

READ_APPROPRIATION = Permission("appropriations.read", BOOKS)
MAKE_APPROPRIATION = Permission(
    "appropriations.create", {Role.FINANCE_MAKER: ANY, Role.SYSTEM: ANY}
)

READ_AWARD = Permission("awards.read", PAYEES)
GRANT_AWARD = Permission("awards.create", {Role.OFFICE: ANY, Role.FINANCE_MAKER: ANY})
CANCEL_AWARD = Permission("awards.cancel", {Role.OFFICE: ANY})

READ_ACCEPTANCE_OF_UNIT = Permission("acceptances.read", PAYEES)
READ_ACCEPTANCE = Permission("acceptances.read", {**PAYEES, Role.EXPERT: ANY})
"""An expert of these sees where the office has asked."""
REQUEST_ACCEPTANCE = Permission("acceptances.create", dict.fromkeys(APPLICANTS, OWN))
OPINE_ACCEPTANCE = Permission("acceptances.opine", {Role.EXPERT: ANY})
"""Of these only whom the office has asked."""
CONCLUDE_ACCEPTANCE = Permission("acceptances.conclude", {Role.OFFICE: ANY})

READ_EVALUATION = Permission("performance_evaluations.read", PAYEES)
WRITE_EVALUATION = Permission("performance_evaluations.write", {Role.OFFICE: ANY})
PUBLISH_EVALUATION = Permission(
    "performance_evaluations.publish", {Role.OFFICE: ANY, Role.FINANCE_CHECKER: ANY}
)
"""By somebody of these who did not write it."""

FILERS = {Role.OFFICE: ANY, **dict.fromkeys(APPLICANTS, OWN)}
"""Who asks for support that has no call: units, and the office for those that cannot."""
READ_SUPPORT_RATE = Permission("support_rates.read", EVERYBODY)
PUT_SUPPORT_RATE = Permission("support_rates.write", PLANNERS)

READ_PATENT_SUBSIDY = Permission("patent_subsidies.read", PAYEES)
FILE_PATENT_SUBSIDY = Permission("patent_subsidies.create", FILERS)
DECIDE_PATENT_SUBSIDY = Permission("patent_subsidies.decide", {Role.OFFICE: ANY})

READ_INTEREST_SUBSIDY = Permission("interest_subsidies.read", PAYEES)
FILE_INTEREST_SUBSIDY = Permission("interest_subsidies.create", FILERS)
DECIDE_INTEREST_SUBSIDY = Permission("interest_subsidies.decide", {Role.OFFICE: ANY})

READ_INNOVATION_AWARD = Permission("innovation_awards.read", PAYEES)
NOMINATE_INNOVATION = Permission("innovation_awards.create", FILERS)
DECIDE_INNOVATION = Permission("innovation_awards.decide", {Role.OFFICE: ANY})
READ_NOMINEE = Permission(
    "innovation_awards.read_nominee", {Role.OFFICE: ANY, Role.FINANCE_PAYER: ANY}
)
"""Who has to identify the nominee, and who has to pay; the audit trail keeps every look."""

READ_PLATFORM_GRANT = Permission("platform_grants.read", PAYEES)
FILE_PLATFORM_GRANT = Permission("platform_grants.create", FILERS)
DECIDE_PLATFORM_GRANT = Permission("platform_grants.decide", {Role.OFFICE: ANY})

READ_DISBURSEMENT = Permission("disbursements.read", PAYEES)
MAKE_DISBURSEMENT = Permission("disbursements.create", {Role.FINANCE_MAKER: ANY})
CHECK_DISBURSEMENT = Permission("disbursements.check", {Role.FINANCE_CHECKER: ANY})
PAY_DISBURSEMENT = Permission("disbursements.pay", {Role.FINANCE_PAYER: ANY})
SETTLE_DISBURSEMENT = Permission(
    "disbursements.settle", {Role.FINANCE_PAYER: ANY, Role.SYSTEM: ANY}
)

READ_PAYEE_ACCOUNT = Permission("payee_accounts.read", PAYEES)
MAKE_PAYEE_ACCOUNT = Permission("payee_accounts.create", {Role.FINANCE_MAKER: ANY})
APPROVE_PAYEE_ACCOUNT = Permission("payee_accounts.approve", {Role.FINANCE_CHECKER: ANY})
READ_ACCOUNT_NUMBER = Permission(
    "payee_accounts.read", {**FINANCE, Role.AUDITOR: ANY, **dict.fromkeys(APPLICANTS, OWN)}
)
"""Who of these sees the number whole; everybody else has it masked."""

READ_BATCH = Permission("payment_batches.read", BOOKS)
MAKE_BATCH = Permission("payment_batches.create", {Role.FINANCE_PAYER: ANY})
ISSUE_BATCH = Permission("payment_batches.issue", {Role.FINANCE_PAYER: ANY})
CANCEL_BATCH = Permission("payment_batches.cancel", {Role.FINANCE_PAYER: ANY})
DOWNLOAD_BATCH = Permission(
    "payment_batches.download",
    {Role.FINANCE_CHECKER: ANY, Role.FINANCE_PAYER: ANY, Role.AUDITOR: ANY},
)
"""The file has every account number whole."""
READ_RESULT = Permission("payment_results.read", BOOKS)
RECORD_RESULT = Permission("payment_results.create", {Role.FINANCE_PAYER: ANY, Role.SYSTEM: ANY})

READ_REFUND = Permission("refunds.read", PAYEES)
MAKE_REFUND = Permission("refunds.create", {Role.FINANCE_MAKER: ANY})
APPROVE_REFUND = Permission("refunds.approve", {Role.FINANCE_CHECKER: ANY})

READ_JOURNAL = Permission("journal_entries.read", BOOKS)
READ_ACCOUNT = Permission("accounts.read", BOOKS)
READ_TRIAL_BALANCE = Permission("trial_balance.read", BOOKS)
READ_EXECUTION = Permission("execution_board.read", BOOKS)
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
READ_LEVERAGE = Permission("leverage.read", BOOKS)
VERIFY_COUNTERPART = Permission("counterpart_reports.verify", {Role.OFFICE: ANY})
