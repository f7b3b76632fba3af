"""Milestones as published events."""

from datetime import date

from contracts.targets import KeyTaskMilestoneReached, KeyTaskOverdue
from targets.key_tasks.models import KeyTask, TaskMilestone


def milestone_reached(task: KeyTask, row: TaskMilestone, on: date) -> KeyTaskMilestoneReached:
    percent = task.percent_complete
    assert percent is not None
    return KeyTaskMilestoneReached(
        key_task=task.code,
        milestone=row.code,
        name=row.name_zh,
        responsible_unit=row.responsible_unit or task.lead_unit,
        due_on=row.due_on,
        reached_on=on,
        percent_complete=percent,
    )


def overdue(task: KeyTask, row: TaskMilestone | None) -> KeyTaskOverdue:
    """Of a milestone, or of the whole task."""
    percent = task.percent_complete
    assert percent is not None
    return KeyTaskOverdue(
        key_task=task.code,
        milestone=row.code if row else None,
        name=(row or task).name_zh,
        responsible_unit=(row.responsible_unit if row else None) or task.lead_unit,
        due_on=(row or task).due_on,
        percent_complete=percent,
    )
