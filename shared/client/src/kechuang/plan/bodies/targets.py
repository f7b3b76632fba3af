"""Bodies of indicators, key tasks and conflicts."""

from kechuang.plan.bodies.desired import Calendar, Json, head, number, words
from kechuang.plan.schema import Conflict, Deliverable, Indicator, KeyTask


def indicator_body(entry: Indicator, calendar: Calendar) -> dict[str, Json]:
    return (
        head(entry, calendar)
        | words(entry.definition, "definition")
        | {
            "headline": entry.headline,
            "kind": entry.kind,
            "unit": entry.unit,
            "comparator": entry.comparator,
            "tolerance": number(entry.tolerance),
            "direction": entry.direction,
            "frequency": entry.frequency,
            "time_aggregation": entry.aggregation.time,
            "unit_aggregation": entry.aggregation.units,
            "phasing": entry.phasing,
            "baseline": _baseline(entry, calendar),
            "milestones": calendar.by_year(entry.milestones),
            "grade_ladder": list(entry.grade_ladder),
            "source_kind": entry.fed_by.kind if entry.fed_by else "reported",
            "source_metric": entry.fed_by.metric if entry.fed_by else None,
            "formula": entry.fed_by.formula if entry.fed_by else None,
            "lead_unit": entry.lead_unit,
            "supporting_units": list(entry.supporting_units),
            "working_group": entry.working_group,
            "open_conflict": entry.open_conflict,
        }
        | _thresholds(entry)
    )


def _thresholds(entry: Indicator) -> dict[str, Json]:
    """What the plan leaves out is the service's to set."""
    shares = {"green_share": entry.green_share, "amber_share": entry.amber_share}
    body: dict[str, Json] = {name: number(v) for name, v in shares.items() if v is not None}
    if entry.phasing_shares:
        body["phasing_shares"] = [format(share.normalize(), "f") for share in entry.phasing_shares]
    return body


def _baseline(entry: Indicator, calendar: Calendar) -> Json:
    if entry.baseline is None:
        return None
    return {"year": calendar.year(entry.baseline.year), "value": number(entry.baseline.value)}


def key_task_body(task: KeyTask, calendar: Calendar) -> dict[str, Json]:
    return (
        head(task, calendar)
        | words(task.description, "description")
        | {
            "number": task.number,
            "lead_unit": task.lead_unit,
            "supporting_units": list(task.supporting_units),
            "starts_on": calendar.first_day(task.starts),
            "due_on": calendar.last_day(task.due),
            "deliverables": [_deliverable(item, calendar) for item in task.deliverables],
        }
    )


def _deliverable(item: Deliverable, calendar: Calendar) -> dict[str, Json]:
    return (
        {"code": item.code}
        | head(item)
        | {
            "kind": item.kind,
            "quantity": number(item.quantity),
            "unit": item.unit,
            "indicator": item.indicator,
            "due_on": calendar.last_day(item.due),
            "responsible_units": list(item.responsible_units),
        }
    )


def conflict_body(conflict: Conflict, calendar: Calendar) -> dict[str, Json]:
    """The question and its readings; whether it is ruled on is the service's to keep."""
    return (
        head(conflict, calendar)
        | words(conflict.working_reading, "working_reading")
        | {
            "kind": conflict.kind,
            "subject_kind": conflict.subject.kind,
            "subject_code": conflict.subject.code,
            "positions": [
                {"code": item.code} | words(item.text) | {"source_ref": item.source.ref}
                for item in conflict.positions
            ],
        }
    )
