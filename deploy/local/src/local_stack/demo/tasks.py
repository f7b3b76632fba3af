"""The key tasks' first milestone, claimed with evidence."""

from local_stack.demo.callers import Callers, Row, advance, walk
from local_stack.demo.cast import LABEL
from local_stack.demo.evidence import attach

TASKS = "key-tasks"
DEFINITION = (
    "name_zh", "name_en", "source_ref", "programme", "number", "description_zh", "description_en",
    "lead_unit", "supporting_units", "starts_on", "due_on", "deliverables",
)  # fmt: skip


def reach_milestones(call: Callers, anchor: int) -> int:
    """Bring the plan of every key task to where the demo has it; how many milestones there are."""
    tasks = sorted(call("office").items(TASKS), key=lambda task: task["number"])
    for task in tasks:
        if not task["milestones"]:
            _plan(call, task, anchor)
        for row in list(call("office").items(f"{TASKS}/{task['code']}/milestones")):
            _settle(call, task, row)
    return len(tasks)


def _plan(call: Callers, task: Row, anchor: int) -> None:
    body = {name: task[name] for name in DEFINITION}
    milestone = {
        "code": "work-plan",
        "name_zh": f"{LABEL}年度工作方案印发",
        "name_en": "Annual work plan issued",
        "due_on": f"{anchor}-12-31",
    }
    path = f"{TASKS}/{task['code']}"
    call("office").put(path, {**body, "milestones": [milestone]})


def _settle(call: Callers, task: Row, row: Row) -> None:
    resource = f"{TASKS}/{task['code']}/milestones"

    def claim(row: Row) -> Row:
        attach(call, "office", f"{resource}/{row['id']}", task["name_en"])
        return advance(call("office"), resource, row, "claim", {"note": f"{LABEL}synthetic"})

    walk(row, "state", {"open": claim})
