"""What the plan asks of the public API: one desired body for each resource and code."""

from collections.abc import Iterator

from kechuang.plan.bodies.desired import Calendar, Desired, Json
from kechuang.plan.bodies.directory import programme_body, unit_body, units_in_order
from kechuang.plan.bodies.directory import working_group_body as group_body
from kechuang.plan.bodies.money import fund_body, funding_rule_body, park_body
from kechuang.plan.bodies.supervision import inspection_body, meeting_body, recipients_body
from kechuang.plan.bodies.targets import conflict_body, indicator_body, key_task_body
from kechuang.plan.schema import Plan

__all__ = ["RESOURCES", "Calendar", "Desired", "Json", "desired_state"]

# The order of applying: what is referred to comes first.
RESOURCES = (
    "units",
    "programmes",
    "working-groups",
    "indicators",
    "key-tasks",
    "funds",
    "funding-rules",
    "parks",
    "conflicts",
    "inspection-plans",
    "meeting-series",
    "recipient-groups",
)


def desired_state(plan: Plan, anchor_year: int) -> list[Desired]:
    """Every body of the plan with its years resolved, in the order they are applied."""
    return list(_all(plan, Calendar(anchor_year, plan.programme.code)))


def _all(plan: Plan, calendar: Calendar) -> Iterator[Desired]:
    for unit in units_in_order(plan.units):
        yield Desired("units", unit.code, unit_body(unit))
    yield Desired("programmes", plan.programme.code, programme_body(plan.programme, calendar))
    for group in plan.working_groups:
        yield Desired("working-groups", group.code, group_body(group, calendar))
    for indicator in plan.indicators:
        yield Desired("indicators", indicator.code, indicator_body(indicator, calendar))
    for task in plan.key_tasks:
        yield Desired("key-tasks", task.code, key_task_body(task, calendar))
    for fund in plan.funds:
        yield Desired("funds", fund.code, fund_body(fund, calendar))
    for rule in plan.funding_rules:
        yield Desired("funding-rules", rule.code, funding_rule_body(rule, calendar))
    for park in plan.parks:
        yield Desired("parks", park.code, park_body(park, calendar))
    for conflict in plan.conflicts:
        yield Desired("conflicts", conflict.code, conflict_body(conflict, calendar))
    for inspection in plan.inspection_plans:
        yield Desired("inspection-plans", inspection.code, inspection_body(inspection, calendar))
    for series in plan.meeting_series:
        yield Desired("meeting-series", series.code, meeting_body(series, calendar))
    for recipients in plan.recipient_groups:
        yield Desired("recipient-groups", recipients.code, recipients_body(recipients, calendar))
