"""Who may do what in parks: role × relation of the caller's unit to the object's unit.

The object's units are the enterprise's own unit in the directory, its park's administration and
the park's jurisdictions: whoever stands in the allowed relation to any one of them may act.
"""

from collections.abc import Mapping

from servicekit.auth.permissions import ANY, BELOW, OWN, READERS, Permission, Relation
from servicekit.auth.principal import Role

EVERYONE: Mapping[Role, Relation] = {role: ANY for role in Role if role is not Role.OPS}
"""Parks and the totals over all enterprises are no secret inside the programme."""
OFFICE: Mapping[Role, Relation] = {Role.OFFICE: ANY, Role.SYSTEM: ANY}
KEEPERS: Mapping[Role, Relation] = {**OFFICE, Role.PARK_ADMIN: BELOW}
"""Who keeps the register of a park's enterprises."""
FILERS: Mapping[Role, Relation] = {**KEEPERS, Role.ENTERPRISE: OWN}
CONCERNED: Mapping[Role, Relation] = {
    **READERS,
    Role.GROUP_LEAD: BELOW,
    Role.UNIT_REPORTER: BELOW,
    Role.PARK_ADMIN: BELOW,
    Role.ENTERPRISE: OWN,
}
FINANCE: Mapping[Role, Relation] = {
    Role.FINANCE_MAKER: ANY,
    Role.FINANCE_CHECKER: ANY,
    Role.FINANCE_PAYER: ANY,
}
"""Whoever pays an enterprise must be able to look it up."""

READ_PARK = Permission("parks.read", EVERYONE)
WRITE_PARK = Permission("parks.write", OFFICE)
LOCATE_PARK = Permission("parks.locate", OFFICE)
RECORD_GRADE = Permission("parks.record_grade", OFFICE)
REVIEW_GRADE = Permission("parks.review_grade", OFFICE)

READ_GRADE_APPLICATION = Permission(
    "grade_applications.read",
    {
        **READERS,
        Role.GROUP_LEAD: BELOW,
        Role.UNIT_REPORTER: BELOW,
        Role.PARK_ADMIN: BELOW,
    },
)
APPLY_FOR_GRADE = Permission("grade_applications.apply", KEEPERS)
DECIDE_GRADE_APPLICATION = Permission("grade_applications.decide", OFFICE)

READ_CRITERION = Permission("grade_criteria.read", EVERYONE)
WRITE_CRITERION = Permission("grade_criteria.write", OFFICE)

READ_ENTERPRISE = Permission("enterprises.read", {**CONCERNED, **FINANCE})
READ_INDUSTRY = Permission("industries.read", EVERYONE)
READ_DOSSIER = Permission(
    "enterprises.read_dossier",
    {
        **READERS,
        Role.GROUP_LEAD: BELOW,
        Role.PARK_ADMIN: BELOW,
        Role.ENTERPRISE: OWN,
    },
)
CREATE_ENTERPRISE = Permission("enterprises.create", KEEPERS)
UPDATE_ENTERPRISE = Permission("enterprises.update", KEEPERS)

MOVE_ENTERPRISE = Permission("enterprises.move", KEEPERS)
MERGE_ENTERPRISE = Permission("enterprises.merge", OFFICE)

READ_RECOGNITION = Permission("recognitions.read", {**CONCERNED, **FINANCE})
GRANT_RECOGNITION = Permission("recognitions.create", OFFICE)

READ_PLATFORM = Permission("platforms.read", EVERYONE)
CREATE_PLATFORM = Permission("platforms.create", KEEPERS)
UPDATE_PLATFORM = Permission("platforms.update", KEEPERS)
CLOSE_PLATFORM = Permission("platforms.close", OFFICE)
RECOGNISE_PLATFORM = Permission("platforms.recognise", OFFICE)

READ_CONTRACT = Permission("technology_contracts.read", CONCERNED)
REGISTER_CONTRACT = Permission("technology_contracts.create", OFFICE)
CORRECT_CONTRACT = Permission("technology_contracts.correct", OFFICE)
CANCEL_CONTRACT = Permission("technology_contracts.cancel", OFFICE)

READ_PROJECT = Permission("rd_projects.read", CONCERNED)
CREATE_PROJECT = Permission("rd_projects.create", KEEPERS)
UPDATE_PROJECT = Permission("rd_projects.update", KEEPERS)
START_PROJECT = Permission("rd_projects.start", KEEPERS)
END_PROJECT = Permission("rd_projects.end", OFFICE)
READ_PROJECT_RESULT = Permission("rd_project_results.read", CONCERNED)
REPORT_PROJECT_RESULT = Permission("rd_project_results.report", FILERS)
VERIFY_PROJECT_RESULT = Permission("rd_project_results.verify", KEEPERS)

READ_ACHIEVEMENT = Permission("achievements.read", CONCERNED)
CREATE_ACHIEVEMENT = Permission("achievements.create", KEEPERS)
UPDATE_ACHIEVEMENT = Permission("achievements.update", KEEPERS)
WITHDRAW_ACHIEVEMENT = Permission("achievements.withdraw", OFFICE)

READ_RETURN = Permission("operating_returns.read", CONCERNED)
CREATE_RETURN = Permission("operating_returns.create", FILERS)
UPDATE_RETURN = Permission("operating_returns.update", FILERS)
SUBMIT_RETURN = Permission("operating_returns.submit", FILERS)
ACCEPT_RETURN = Permission("operating_returns.accept", KEEPERS)
RETURN_RETURN = Permission("operating_returns.return", KEEPERS)

RESTATE_RETURN = Permission("operating_returns.restate", FILERS)
ACCEPT_RESTATEMENT = Permission("operating_returns.accept_restatement", KEEPERS)
REJECT_RESTATEMENT = Permission("operating_returns.reject_restatement", KEEPERS)

READ_PARK_RETURN = Permission(
    "park_returns.read", {**READERS, Role.GROUP_LEAD: BELOW, Role.PARK_ADMIN: BELOW}
)
WRITE_PARK_RETURN = Permission("park_returns.write", KEEPERS)

READ_FORM = Permission("return_forms.read", EVERYONE)
CREATE_FORM = Permission("return_forms.create", OFFICE)
READ_RULE = Permission("return_rules.read", EVERYONE)
WRITE_RULE = Permission("return_rules.write", OFFICE)

READ_METRIC = Permission("park_metrics.read", EVERYONE)
