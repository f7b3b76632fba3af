"""Use cases of the key tasks."""

from datetime import datetime
from typing import Any

from servicekit import audit
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import put
from targets.directory import service as directory
from targets.indicators import repository as indicators
from targets.key_tasks import repository
from targets.key_tasks.models import Deliverable, KeyTask
from targets.key_tasks.schemas import KeyTaskDeliverable, KeyTaskPut
from targets.programmes import repository as programmes


async def get_key_task(session: Session, code: str) -> KeyTask:
    """Raises `NotFound`."""
    task = await repository.get(session, code)
    if task is None:
        raise NotFound(what=f"key task {code}")
    return task


async def list_key_tasks(
    session: Session,
    page: PageRequest,
    *,
    programme: str | None,
    unit: str | None,
    updated_since: datetime | None,
) -> Page:
    return await repository.fetch(
        session, page, programme=programme, unit=unit, updated_since=updated_since
    )


async def put_key_task(
    session: Session, code: str, body: KeyTaskPut, expected: int | None
) -> tuple[KeyTask, bool]:
    """Make or change a key task with its deliverables; tells whether it is new.

    Raises:
        UnknownReference: a unit, an indicator or the programme is not there.
        PreconditionFailed: it is not at the expected version.
    """
    await require_references(session, body)
    row = await repository.get_for_update(session, code)
    wanted = [deliverable.model_dump() for deliverable in body.deliverables]
    had = [] if row is None else [contents(each) for each in row.deliverables]
    extra: dict[str, Any] = {"deliverables": []} if row is None else {}
    values = body.model_dump(exclude={"deliverables"})
    done = put(session, KeyTask, row, expected, code=code, **values, **extra)
    if wanted != had:
        if not done.changed:
            done.row.touch()
            done.changed = True
        set_deliverables(done.row, wanted)
    if done.changed:
        await session.flush()
        audit.record(
            session,
            "key_tasks.write",
            "key_task",
            code,
            before=None if done.created else {**(done.before or {}), "deliverables": had},
            after=body.model_dump(),
        )
    return done.row, done.created


async def require_references(session: Session, body: KeyTaskPut) -> None:
    """Raises `UnknownReference`."""
    units = {body.lead_unit, *body.supporting_units}
    for deliverable in body.deliverables:
        units.update(deliverable.responsible_units)
    await directory.require_units(session, units)
    if await programmes.get(session, body.programme) is None:
        raise UnknownReference(what=f"programme {body.programme}")
    measured = {d.indicator for d in body.deliverables if d.indicator}
    unknown = await indicators.unknown_indicators(session, measured)
    if unknown:
        raise UnknownReference(what=f"indicator {', '.join(sorted(unknown))}")


def contents(deliverable: Deliverable) -> dict[str, Any]:
    return {name: getattr(deliverable, name) for name in KeyTaskDeliverable.model_fields}


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
