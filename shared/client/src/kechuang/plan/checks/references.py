"""Every code that is mentioned exists."""

from collections.abc import Iterator

from kechuang.plan.errors import Finding, Path
from kechuang.plan.schema import Plan

_KINDS = {
    "unit": ("单位", "unit"),
    "working_group": ("项目组", "working group"),
    "indicator": ("指标", "indicator"),
    "key_task": ("重点工作", "key task"),
    "fund": ("资金", "fund"),
    "funding_rule": ("资金规则", "funding rule"),
    "park": ("园区", "park"),
    "conflict": ("待裁定问题", "conflict"),
    "programme": ("工程", "programme"),
}
Reference = tuple[Path, str, str | None]


def unknown_references(plan: Plan) -> Iterator[Finding]:
    """A finding for each reference to something the plan does not have."""
    known = {
        "unit": {entry.code for entry in plan.units},
        "working_group": {entry.code for entry in plan.working_groups},
        "indicator": {entry.code for entry in plan.indicators},
        "key_task": {entry.code for entry in plan.key_tasks},
        "fund": {entry.code for entry in plan.funds},
        "funding_rule": {entry.code for entry in plan.funding_rules},
        "park": {entry.code for entry in plan.parks},
        "conflict": {entry.code for entry in plan.conflicts},
        "programme": {plan.programme.code},
    }
    for path, kind, code in _references(plan):
        if code is not None and code not in known[kind]:
            zh_kind, en_kind = _KINDS[kind]
            params = {"given": code, "zh_kind": zh_kind, "en_kind": en_kind}
            yield Finding(path, "unknown_reference", params)


def _references(plan: Plan) -> Iterator[Reference]:
    yield from _of_directory(plan)
    yield from _of_targets(plan)
    yield from _of_money_and_parks(plan)
    yield from _of_supervision(plan)


def _units(path: Path, codes: tuple[str, ...]) -> Iterator[Reference]:
    for index, code in enumerate(codes):
        yield (*path, index), "unit", code


def _of_directory(plan: Plan) -> Iterator[Reference]:
    yield ("programme", "lead_unit"), "unit", plan.programme.lead_unit
    yield ("programme", "office_unit"), "unit", plan.programme.office_unit
    for i, rule in enumerate(plan.programme.standing_rules):
        yield ("programme", "standing_rules", i, "owner_unit"), "unit", rule.owner_unit
    for i, unit in enumerate(plan.units):
        yield ("units", i, "parent"), "unit", unit.parent
    for i, group in enumerate(plan.working_groups):
        for j, member in enumerate(group.members):
            yield ("working_groups", i, "members", j, "unit"), "unit", member.unit


def _of_targets(plan: Plan) -> Iterator[Reference]:
    for i, entry in enumerate(plan.indicators):
        here: Path = ("indicators", i)
        yield (*here, "lead_unit"), "unit", entry.lead_unit
        yield from _units((*here, "supporting_units"), entry.supporting_units)
        yield (*here, "working_group"), "working_group", entry.working_group
        yield (*here, "open_conflict"), "conflict", entry.open_conflict
    for i, task in enumerate(plan.key_tasks):
        yield ("key_tasks", i, "lead_unit"), "unit", task.lead_unit
        yield from _units(("key_tasks", i, "supporting_units"), task.supporting_units)
        for j, item in enumerate(task.deliverables):
            place: Path = ("key_tasks", i, "deliverables", j)
            yield (*place, "indicator"), "indicator", item.indicator
            yield from _units((*place, "responsible_units"), item.responsible_units)
    for i, conflict in enumerate(plan.conflicts):
        path: Path = ("conflicts", i, "subject", "code")
        yield path, conflict.subject.kind, conflict.subject.code


def _of_money_and_parks(plan: Plan) -> Iterator[Reference]:
    for i, fund in enumerate(plan.funds):
        yield ("funds", i, "manager_unit"), "unit", fund.manager_unit
    for i, rule in enumerate(plan.funding_rules):
        for j, code in enumerate(rule.funds):
            yield ("funding_rules", i, "funds", j), "fund", code
    for i, park in enumerate(plan.parks):
        yield from _units(("parks", i, "jurisdictions"), park.jurisdictions)
        yield ("parks", i, "administration_unit"), "unit", park.administration_unit
        yield ("parks", i, "open_conflict"), "conflict", park.open_conflict


def _of_supervision(plan: Plan) -> Iterator[Reference]:
    for i, inspection in enumerate(plan.inspection_plans):
        yield ("inspection_plans", i, "organiser_unit"), "unit", inspection.organiser_unit
        yield from _units(("inspection_plans", i, "scope_units"), inspection.scope_units)
    for i, series in enumerate(plan.meeting_series):
        yield ("meeting_series", i, "convener_unit"), "unit", series.convener_unit
        yield from _units(("meeting_series", i, "participant_units"), series.participant_units)
    for i, group in enumerate(plan.recipient_groups):
        for j, member in enumerate(group.members):
            yield ("recipient_groups", i, "members", j, "unit"), "unit", member.unit
