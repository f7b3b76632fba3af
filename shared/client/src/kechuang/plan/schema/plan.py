"""The whole plan file."""

from typing import Annotated, Literal

from pydantic import Field

from kechuang.plan.schema.common import Strict
from kechuang.plan.schema.conflicts import Conflict
from kechuang.plan.schema.directory import Unit, WorkingGroup
from kechuang.plan.schema.funding import Fund, FundingRule
from kechuang.plan.schema.indicators import Indicator
from kechuang.plan.schema.key_tasks import KeyTask
from kechuang.plan.schema.parks import Park
from kechuang.plan.schema.programme import Programme
from kechuang.plan.schema.supervision import InspectionPlan, MeetingSeries, RecipientGroup


class Plan(Strict):
    """A programme plan. Lists keep the order of the file; codes are unique in their list."""

    format: Literal["1"]
    programme: Programme
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    working_groups: tuple[WorkingGroup, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    key_tasks: tuple[KeyTask, ...] = ()
    funds: tuple[Fund, ...] = ()
    funding_rules: tuple[FundingRule, ...] = ()
    parks: tuple[Park, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    inspection_plans: tuple[InspectionPlan, ...] = ()
    meeting_series: tuple[MeetingSeries, ...] = ()
    recipient_groups: tuple[RecipientGroup, ...] = ()
