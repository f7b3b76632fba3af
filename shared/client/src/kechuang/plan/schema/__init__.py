"""The shape of a plan file. Rules that span several entries are in `kechuang.plan.checks`."""

from kechuang.plan.schema.common import Entry, Source, Text, Year
from kechuang.plan.schema.conflicts import Conflict
from kechuang.plan.schema.directory import Unit, WorkingGroup
from kechuang.plan.schema.funding import Fund, FundingRule
from kechuang.plan.schema.indicators import Indicator
from kechuang.plan.schema.key_tasks import Deliverable, KeyTask
from kechuang.plan.schema.parks import Park
from kechuang.plan.schema.plan import Plan
from kechuang.plan.schema.programme import Programme
from kechuang.plan.schema.supervision import InspectionPlan, MeetingSeries, RecipientGroup

__all__ = [
    "Conflict",
    "Deliverable",
    "Entry",
    "Fund",
    "FundingRule",
    "Indicator",
    "InspectionPlan",
    "KeyTask",
    "MeetingSeries",
    "Park",
    "Plan",
    "Programme",
    "RecipientGroup",
    "Source",
    "Text",
    "Unit",
    "WorkingGroup",
    "Year",
]
