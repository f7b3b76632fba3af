"""Codes and numbers are unique where they name something."""

from collections.abc import Callable, Iterator, Sequence

from kechuang.plan.errors import Finding, Path
from kechuang.plan.schema import KeyTask, Plan, WorkingGroup

LineOf = Callable[[Path], int]

SECTIONS = (
    "units",
    "working_groups",
    "indicators",
    "key_tasks",
    "funds",
    "funding_rules",
    "parks",
    "conflicts",
    "inspection_plans",
    "meeting_series",
    "recipient_groups",
)


def duplicate_codes(plan: Plan, line_of: LineOf) -> Iterator[Finding]:
    """A code names one thing in its list."""
    for path, items in _coded_lists(plan):
        first: dict[str, Path] = {}
        for index, code in enumerate(items):
            here: Path = (*path, index, "code")
            if code in first:
                params = {"given": code, "line": str(line_of(first[code]))}
                yield Finding(here, "duplicate_code", params)
            else:
                first[code] = here


def _coded_lists(plan: Plan) -> Iterator[tuple[Path, list[str]]]:
    for section in SECTIONS:
        yield (section,), [entry.code for entry in getattr(plan, section)]
    yield ("programme", "standing_rules"), [r.code for r in plan.programme.standing_rules]
    for i, task in enumerate(plan.key_tasks):
        yield ("key_tasks", i, "deliverables"), [item.code for item in task.deliverables]
    for i, conflict in enumerate(plan.conflicts):
        yield ("conflicts", i, "positions"), [item.code for item in conflict.positions]
    for i, inspection in enumerate(plan.inspection_plans):
        yield ("inspection_plans", i, "checklist"), [item.code for item in inspection.checklist]
    for i, series in enumerate(plan.meeting_series):
        yield ("meeting_series", i, "headings"), [item.code for item in series.headings]


def duplicate_numbers(plan: Plan) -> Iterator[Finding]:
    """The plan numbers its working groups and key tasks."""
    numbered: tuple[tuple[str, Sequence[WorkingGroup | KeyTask]], ...] = (
        ("working_groups", plan.working_groups),
        ("key_tasks", plan.key_tasks),
    )
    for section, entries in numbered:
        seen: dict[int, str] = {}
        for index, entry in enumerate(entries):
            if entry.number in seen:
                params = {"given": str(entry.number), "other": seen[entry.number]}
                yield Finding((section, index, "number"), "duplicate_number", params)
            seen.setdefault(entry.number, entry.code)
