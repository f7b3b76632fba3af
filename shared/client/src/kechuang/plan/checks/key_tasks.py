"""A deliverable says the same as the indicator that measures it."""

from collections.abc import Iterator

from kechuang.plan.errors import Finding, Path
from kechuang.plan.schema import Deliverable, Indicator, Plan


def key_task_rules(plan: Plan) -> Iterator[Finding]:
    indicators = {entry.code: entry for entry in plan.indicators}
    for i, task in enumerate(plan.key_tasks):
        for j, item in enumerate(task.deliverables):
            here: Path = ("key_tasks", i, "deliverables", j)
            if (item.quantity is None) != (item.unit is None):
                yield Finding((*here, "code"), "quantity_unit")
            indicator = indicators.get(item.indicator or "")
            if indicator is not None and item.quantity is not None:
                yield from _same_target(item, indicator, here)


def _same_target(item: Deliverable, indicator: Indicator, here: Path) -> Iterator[Finding]:
    target = indicator.milestones.get(item.due)
    if target == item.quantity and indicator.unit == item.unit:
        return
    params = {
        "given": str(item.quantity),
        "unit": item.unit or "",
        "other": indicator.code,
        "target": f"{target} {indicator.unit}" if target is not None else "–",
    }
    yield Finding((*here, "quantity"), "quantity_differs", params)
