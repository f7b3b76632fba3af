"""Who may do what in targets: role × relation of the caller's unit to the object's unit."""

from collections.abc import Mapping

from servicekit.auth.permissions import ANY, BELOW, OWN, READERS, Permission, Relation
from servicekit.auth.principal import Role

# Definitions are no secret inside the programme: whoever reports, pays or builds needs them.
EVERYONE: Mapping[Role, Relation] = {role: ANY for role in Role if role is not Role.OPS}
OFFICE: Mapping[Role, Relation] = {Role.OFFICE: ANY, Role.SYSTEM: ANY}
# Numbers and reports are seen by those who answer for them and by those who oversee all.
CONCERNED: Mapping[Role, Relation] = {
    **READERS,
    Role.GROUP_LEAD: BELOW,
    Role.UNIT_REPORTER: BELOW,
    Role.PARK_ADMIN: BELOW,
    Role.ENTERPRISE: OWN,
}

READ_UNITS = Permission("units.read", EVERYONE)
WRITE_UNITS = Permission("units.write", OFFICE)
READ_WORKING_GROUPS = Permission("working_groups.read", EVERYONE)
WRITE_WORKING_GROUPS = Permission("working_groups.write", OFFICE)
READ_PROGRAMMES = Permission("programmes.read", EVERYONE)
WRITE_PROGRAMMES = Permission("programmes.write", OFFICE)
READ_INDICATORS = Permission("indicators.read", EVERYONE)
WRITE_INDICATORS = Permission("indicators.write", OFFICE)
REVISE_INDICATORS = Permission("indicators.revise", {Role.OFFICE: ANY})
READ_KEY_TASKS = Permission("key_tasks.read", EVERYONE)
WRITE_KEY_TASKS = Permission("key_tasks.write", OFFICE)
REPORT_MILESTONE = Permission("key_tasks.report", {**OFFICE, Role.UNIT_REPORTER: OWN})
CONFIRM_MILESTONE = Permission("key_tasks.confirm", {Role.OFFICE: ANY, Role.GROUP_LEAD: BELOW})
READ_CONFLICTS = Permission("conflicts.read", EVERYONE)
WRITE_CONFLICTS = Permission("conflicts.write", OFFICE)
ARGUE_CONFLICT = Permission(
    "conflicts.argue",
    {**OFFICE, Role.GROUP_LEAD: BELOW, Role.UNIT_REPORTER: OWN, Role.PARK_ADMIN: OWN},
)
RULE_CONFLICT = Permission("conflicts.rule", {Role.OFFICE: ANY})

READ_PERIODS = Permission("reporting_periods.read", EVERYONE)
WRITE_PERIODS = Permission("reporting_periods.write", OFFICE)
CLOSE_PERIOD = Permission("reporting_periods.close", OFFICE)
REOPEN_PERIOD = Permission("reporting_periods.reopen", {Role.OFFICE: ANY})
READ_EXCEPTIONS = Permission("period_exceptions.read", EVERYONE)
GRANT_EXCEPTION = Permission("period_exceptions.grant", {Role.OFFICE: ANY})

READ_REPORTS = Permission(
    "progress_reports.read",
    {**READERS, Role.GROUP_LEAD: BELOW, Role.UNIT_REPORTER: OWN},
)
CREATE_REPORT = Permission("progress_reports.create", {**OFFICE, Role.UNIT_REPORTER: OWN})
SUBMIT_REPORT = Permission("progress_reports.submit", {**OFFICE, Role.UNIT_REPORTER: OWN})
VERIFY_REPORT = Permission("progress_reports.verify", {Role.OFFICE: ANY, Role.GROUP_LEAD: BELOW})

READ_ASSIGNMENTS = Permission("assignments.read", CONCERNED)
WRITE_ASSIGNMENTS = Permission("assignments.write", OFFICE)
READ_INDICATOR_BOARD = Permission("indicator_board.read", CONCERNED)
READ_RESTATEMENTS = Permission(
    "restatements.read",
    {**READERS, Role.GROUP_LEAD: BELOW, Role.UNIT_REPORTER: OWN},
)
READ_OBSERVATIONS = Permission("observations.read", CONCERNED)
READ_STATUS_BOARD = Permission("status_board.read", CONCERNED)
