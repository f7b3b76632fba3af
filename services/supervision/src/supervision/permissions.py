"""Who may do what in supervision: role × relation of the caller's unit to the object's unit.

The object's unit is the responsible unit of an item or a decision, the unit a finding is about
the unit that files a work report, and the
unit that owes a plan.
"""

from servicekit.auth.permissions import ANY, BELOW, OWN, READERS, Permission
from servicekit.auth.principal import Role

OFFICE = {Role.OFFICE: ANY}
EVERYONE = {role: ANY for role in Role if role is not Role.OPS}
"""Calendar, plans, meetings and recipients are no secret inside the programme."""

UNIT = {
    Role.UNIT_REPORTER: OWN,
    Role.PARK_ADMIN: OWN,
    Role.ENTERPRISE: OWN,
    Role.FINANCE_MAKER: OWN,
}
"""Those who act for a responsible unit; the finance bureau is one where a fiscal rule is broken."""

CONCERNED = {**READERS, **UNIT, Role.GROUP_LEAD: BELOW, Role.FINANCE_CHECKER: OWN}

READ_ITEM = Permission("supervision_items.read", CONCERNED)
CREATE_ITEM = Permission("supervision_items.create", OFFICE)
ACKNOWLEDGE_ITEM = Permission("supervision_items.acknowledge", OFFICE | UNIT)
START_ITEM = Permission("supervision_items.start", OFFICE | UNIT)
SUBMIT_ITEM = Permission("supervision_items.submit", OFFICE | UNIT)
RETURN_ITEM = Permission("supervision_items.return", OFFICE)
VERIFY_ITEM = Permission("supervision_items.verify", OFFICE)
CLOSE_ITEM = Permission("supervision_items.close", OFFICE)
CANCEL_ITEM = Permission("supervision_items.cancel", OFFICE)
EXCEPT_ITEM = Permission("supervision_items.approve_exception", OFFICE)
REINSPECT_ITEM = Permission("supervision_items.reinspect", OFFICE)
TRANSFER_ITEM = Permission("supervision_items.transfer", OFFICE)
MERGE_ITEM = Permission("supervision_items.merge", OFFICE)

READ_SUPERVISION_BOARD = Permission("supervision_board.read", CONCERNED)

READ_EXTENSION = Permission("extension_requests.read", CONCERNED)
REQUEST_EXTENSION = Permission("extension_requests.create", OFFICE | UNIT)
WITHDRAW_EXTENSION = Permission("extension_requests.withdraw", OFFICE | UNIT)
DECIDE_EXTENSION = Permission("extension_requests.decide", OFFICE)

READ_REMINDER = Permission("reminders.read", CONCERNED)
REMIND_ITEM = Permission("supervision_items.remind", OFFICE)
READ_REMINDER_RULE = Permission("reminder_rules.read", EVERYONE)
PUT_REMINDER_RULE = Permission("reminder_rules.update", OFFICE)

READ_CALENDAR = Permission("calendar.read", EVERYONE)
CHANGE_CALENDAR = Permission("calendar.update", OFFICE)

READ_PLAN_REQUEST = Permission("plan_requests.read", EVERYONE)
ASK_FOR_PLANS = Permission("plan_requests.create", OFFICE)
READ_UNIT_PLAN = Permission("unit_plans.read", CONCERNED)
SUBMIT_UNIT_PLAN = Permission("unit_plans.submit", OFFICE | UNIT)
REVIEW_UNIT_PLAN = Permission("unit_plans.review", OFFICE | {Role.GROUP_LEAD: BELOW})
APPROVE_UNIT_PLAN = Permission("unit_plans.approve", OFFICE | {Role.LEADER: ANY})

READ_INSPECTION_PLAN = Permission("inspection_plans.read", EVERYONE)
PUT_INSPECTION_PLAN = Permission("inspection_plans.update", OFFICE)
READ_INSPECTION = Permission("inspections.read", EVERYONE)
READ_FINDING = Permission("inspection_findings.read", CONCERNED)
ARRANGE_INSPECTION = Permission("inspections.arrange", OFFICE)
INSPECTORS = OFFICE | {Role.GROUP_LEAD: ANY, Role.EXPERT: ANY}
"""Of these only who is of the team, and the office."""
RECORD_FINDING = Permission("inspection_findings.record", INSPECTORS)
COMPLETE_INSPECTION = Permission("inspections.complete", INSPECTORS)
SIGN_INSPECTION = Permission("inspections.sign", INSPECTORS)
READ_RESULT = Permission("inspections.read_result", READERS)
PUT_CHECKLIST = Permission("checklist_templates.update", OFFICE)

READ_MEETING_SERIES = Permission("meeting_series.read", EVERYONE)
PUT_MEETING_SERIES = Permission("meeting_series.update", OFFICE)
READ_MEETING = Permission("meetings.read", EVERYONE)
ARRANGE_MEETING = Permission("meetings.arrange", OFFICE)
CONFIRM_MINUTES = Permission("meetings.confirm", OFFICE | {Role.LEADER: ANY})
READ_AGENDA = Permission("meetings.read_agenda", {**READERS, Role.GROUP_LEAD: ANY})
"""Items, reports and money of every unit called; a unit sees its own in its draft."""
HOLD_MEETING = Permission("meetings.hold", OFFICE)
READ_DECISION = Permission("meeting_decisions.read", CONCERNED)

READ_WORK_REPORT = Permission("work_reports.read", CONCERNED)
FILE_WORK_REPORT = Permission("work_reports.file", OFFICE | UNIT | {Role.GROUP_LEAD: OWN})

READ_RECIPIENT_GROUP = Permission("recipient_groups.read", EVERYONE)
PUT_RECIPIENT_GROUP = Permission("recipient_groups.update", OFFICE)

DELIVERED = {**UNIT, Role.GROUP_LEAD: OWN, Role.FINANCE_CHECKER: OWN}
"""Those who take in a bulletin for their unit."""

READ_BULLETIN = Permission("bulletins.read", READERS)
CREATE_BULLETIN = Permission("bulletins.create", OFFICE)
EDIT_BULLETIN = Permission("bulletins.update", OFFICE)
FREEZE_BULLETIN = Permission("bulletins.freeze", OFFICE)
SUBMIT_BULLETIN = Permission("bulletins.submit", OFFICE)
REVIEW_BULLETIN = Permission("bulletins.review", OFFICE | {Role.LEADER: ANY})
ISSUE_BULLETIN = Permission("bulletins.issue", OFFICE)
WITHDRAW_BULLETIN = Permission("bulletins.withdraw", OFFICE)
CANCEL_BULLETIN = Permission("bulletins.cancel", OFFICE)

READ_DELIVERY = Permission("bulletin_deliveries.read", {**READERS, **DELIVERED})
RECEIVE_DELIVERY = Permission("bulletin_deliveries.receive", OFFICE | DELIVERED)

READ_ASSESSMENT_SCHEME = Permission("assessment_schemes.read", EVERYONE)
PUT_ASSESSMENT_SCHEME = Permission("assessment_schemes.update", OFFICE)
READ_ASSESSMENT = Permission("assessments.read", READERS)
CREATE_ASSESSMENT = Permission("assessments.create", OFFICE)
COMPUTE_ASSESSMENT = Permission("assessments.compute", OFFICE)
PUBLISH_ASSESSMENT = Permission("assessments.publish", OFFICE | {Role.LEADER: ANY})
READ_ASSESSMENT_SCORE = Permission("assessment_scores.read", CONCERNED)
READ_APPEAL = Permission("assessment_appeals.read", CONCERNED)
CREATE_APPEAL = Permission("assessment_appeals.create", OFFICE | UNIT)
RULE_APPEAL = Permission("assessment_appeals.rule", OFFICE)
