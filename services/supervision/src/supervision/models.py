"""Every mapped table of the service, for the migrations and the schema test."""

from supervision.assessment_appeals import models as assessment_appeals
from supervision.assessment_schemes import models as assessment_schemes
from supervision.assessments import models as assessments
from supervision.bulletin_deliveries import models as bulletin_deliveries
from supervision.bulletins import models as bulletins
from supervision.calendar import models as calendar
from supervision.checklist_templates import models as checklist_templates
from supervision.db import Base
from supervision.deadlines import models as deadlines
from supervision.figures import models as figures
from supervision.inspection_findings import models as inspection_findings
from supervision.inspection_signatures import models as inspection_signatures
from supervision.inspections import models as inspections
from supervision.items import models as items
from supervision.meetings import models as meetings
from supervision.plan_requests import models as plan_requests
from supervision.recipient_groups import models as recipient_groups
from supervision.references import models as references
from supervision.reminders import models as reminders
from supervision.unit_facts import models as unit_facts
from supervision.unit_plan_files import models as unit_plan_files
from supervision.unit_plans import models as unit_plans
from supervision.work_reports import models as work_reports

__all__ = [
    "assessment_appeals",
    "assessment_schemes",
    "assessments",
    "bulletin_deliveries",
    "bulletins",
    "calendar",
    "checklist_templates",
    "deadlines",
    "figures",
    "inspection_findings",
    "inspection_signatures",
    "inspections",
    "items",
    "meetings",
    "metadata",
    "plan_requests",
    "recipient_groups",
    "references",
    "reminders",
    "unit_facts",
    "unit_plan_files",
    "unit_plans",
    "work_reports",
]

metadata = Base.metadata
