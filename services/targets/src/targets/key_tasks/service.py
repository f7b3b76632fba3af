"""Use cases of the key tasks."""

from typing import Any

from pydantic import BaseModel
from servicekit import audit
from servicekit.db import Session
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import put
from targets.directory import service as directory
from targets.indicators import repository as indicators
from targets.key_tasks import domain, repository
from targets.key_tasks.models import Deliverable, KeyTask, TaskMilestone
from targets.key_tasks.schemas import KeyTaskDeliverable, KeyTaskPut, TaskMilestoneDefinition
from targets.programmes import repository as programmes


async def get_key_task(session: Session, code: str) -> KeyTask:
    """Raises `NotFound`."""
    task = await repository.get(session, code)
    if task is None:
        raise NotFound(what=f"key task {code}")
    return task


async def put_key_task(
    session: Session, code: str, body: KeyTaskPut, expected: int | None
) -> tuple[KeyTask, bool]:
    """Make or change a key task with its deliverables and milestones; tells whether it is new.

    Raises:
        UnknownReference: a unit, an indicator or the programme is not there.
        MilestoneBegun: a milestone that is left out was reported on.
        PreconditionFailed: it is not at the expected version.
    """
    await require_references(session, body)
    row = await repository.get_for_update(session, code)
    had = parts_of(row)
    told = body.model_dump(include=set(had))
    wanted = {name: had[name] if each is None else each for name, each in told.items()}
    values = body.model_dump(exclude=set(had))
    extra: dict[str, Any] = {name: [] for name in had} if row is None else {}
    if row is not None and row.due_on != body.due_on:
        values["overdue_at"] = None
    done = put(session, KeyTask, row, expected, code=code, **values, **extra)
    if wanted != had:
        if not done.changed:
            done.row.touch()
            done.changed = True
        set_deliverables(done.row, wanted["deliverables"])
        set_milestones(done.row, wanted["milestones"])
    if done.changed:
        await session.flush()
        audit.record(
            session,
            "key_tasks.write",
            "key_task",
            code,
            before=None if done.created else {**(done.before or {}), **had},
            after=body.model_dump(),
        )
    return done.row, done.created


def parts_of(row: KeyTask | None) -> dict[str, list[dict[str, Any]]]:
    """What the task consists of, as the office defines it."""
    return {
        "deliverables": [contents(each, KeyTaskDeliverable) for each in row.deliverables]
        if row
        else [],
        "milestones": [contents(each, TaskMilestoneDefinition) for each in row.milestones]
        if row
        else [],
    }


async def require_references(session: Session, body: KeyTaskPut) -> None:
    """Raises `UnknownReference`."""
    units: set[str | None] = {body.lead_unit, *body.supporting_units}
    units.update(milestone.responsible_unit for milestone in body.milestones or ())
    for deliverable in body.deliverables:
        units.update(deliverable.responsible_units)
    await directory.require_units(session, units)
    if await programmes.get(session, body.programme) is None:
        raise UnknownReference(what=f"programme {body.programme}")
    measured = {d.indicator for d in body.deliverables if d.indicator}
    unknown = await indicators.unknown_indicators(session, measured)
    if unknown:
        raise UnknownReference(what=f"indicator {', '.join(sorted(unknown))}")


def contents(part: Any, definition: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(part, name) for name in definition.model_fields}


def set_deliverables(task: KeyTask, wanted: list[dict[str, Any]]) -> None:
    """Keep, change, add and remove deliverables so that the task has exactly `wanted`."""
    had = {deliverable.code: deliverable for deliverable in task.deliverables}
    kept: list[Deliverable] = []
    for place, values in enumerate(wanted):
        deliverable = had.get(values["code"]) or Deliverable(code=values["code"])
        for name, value in values.items():
            setattr(deliverable, name, value)
        deliverable.place = place
        kept.append(deliverable)
    task.deliverables = kept


def set_milestones(task: KeyTask, wanted: list[dict[str, Any]]) -> None:
    """Keep, change, add and remove milestones so that the task has exactly `wanted`. What was
    reported on them stays; a day that is moved may be missed again.

    Raises:
        MilestoneBegun: one that is left out was reported on.
    """
    had = {milestone.code: milestone for milestone in task.milestones}
    gone = had.keys() - {values["code"] for values in wanted}
    domain.check_removal([code for code in gone if had[code].reported_at])
    kept: list[TaskMilestone] = []
    for place, values in enumerate(wanted):
        milestone = had.get(values["code"])
        if milestone is None:
            milestone = TaskMilestone(place=place, **values)
        else:
            missed = milestone.overdue_at if milestone.due_on == values["due_on"] else None
            milestone.change({**values, "place": place, "overdue_at": missed})
        kept.append(milestone)
    task.milestones = kept
