"""Use cases of the parks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from servicekit import audit
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import AlreadyExists, NotFound
from servicekit.rows import put_by_key

from parks.locations import domain as places
from parks.locations import repository as locations
from parks.parks import domain, events, repository
from parks.parks.models import Park, ParkGrade
from parks.parks.schemas import ParkGradeCreate, ParkPut

BATCH = 100
"""Grades ended in one run of the schedule; the others wait for the next one."""


async def get_park(session: Session, code: str) -> Park:
    """Raises `NotFound`."""
    park = await repository.get(session, code)
    if park is None:
        raise NotFound(what=f"park {code}")
    return park


async def list_parks(
    session: Session,
    page: PageRequest,
    *,
    programme: str | None,
    kind: Sequence[str],
    near: str | None,
    within: str | None,
    updated_since: datetime | None,
) -> Page:
    """The parks, of a place by their points.

    Raises:
        AreaUnreadable, CoordinatesSwapped, NotOnLand: see `locations.domain`.
    """
    codes = await placed(session, near, within)
    return await repository.list_parks(
        session, page, programme=programme, kind=kind, codes=codes, updated_since=updated_since
    )


async def placed(session: Session, near: str | None, within: str | None) -> set[str] | None:
    """The codes of the parks at a place; none where none is asked for."""
    if near is None and within is None:
        return None
    around = None if near is None else places.read_near(near)
    box = None if within is None else places.read_within(within)

    def lies_there(point: places.Position) -> bool:
        if around is not None and places.kilometres(point, around[0]) > around[1]:
            return False
        return box is None or (box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3])

    return {code for code, point in await locations.points(session) if lies_there(point)}


async def put_park(
    session: Session, code: str, body: ParkPut, expected: int | None
) -> tuple[Park, bool]:
    """Make or change a park; tells whether it is new.

    Units are not looked up: the directory's copy here may not have heard of them yet.

    Raises:
        PreconditionFailed: it is not at the expected version.
    """
    done = await put_by_key(session, Park, {"code": code}, body.model_dump(), expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(session, "parks.write", "park", code, before=done.before, after=after)
        outbox.add(session, events.park_changed(done.row))
    return done.row, done.created


async def record_grade(session: Session, code: str, body: ParkGradeCreate) -> ParkGrade:
    """Record a grade the park has obtained and tell it.

    Raises:
        NotFound: no such park.
        FutureDate: it is not obtained yet.
        GradeDaysReversed: it would end before it begins.
        AlreadyExists: the park holds this grade.
    """
    park = await repository.get_for_update(session, code)
    if park is None:
        raise NotFound(what=f"park {code}")
    domain.check_not_in_future(body.obtained_on, china_date(), "/obtained_on")
    if body.valid_to is not None and body.valid_to < body.obtained_on:
        raise domain.GradeDaysReversed().at("/valid_to")
    held = await repository.grades_held(session, code)
    if body.grade in {each.grade for each in held}:
        raise AlreadyExists().at("/grade")
    grade = ParkGrade(park_code=code, **body.model_dump())
    session.add(grade)
    await session.flush()
    before = park.snapshot()
    held = [*held, grade]
    park.change({"current_grade": domain.highest(each.grade for each in held)})
    audit.record(
        session, "parks.record_grade", "park", code, before=before, after=body.model_dump()
    )
    then = domain.highest(each.grade for each in held if each.obtained_on <= body.obtained_on)
    outbox.add(session, events.grade_obtained(grade, then))
    return grade


async def get_grade(session: Session, code: str, grade_id: UUID) -> ParkGrade:
    """Raises `NotFound`."""
    grade = await repository.get_grade(session, code, grade_id)
    if grade is None:
        raise NotFound(what=f"grade {grade_id} of park {code}")
    return grade


async def list_grades(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page:
    """The grades one park has obtained. Raises `NotFound`."""
    await get_park(session, code)
    return await repository.list_grades(session, page, code=code, updated_since=updated_since)


async def lose_grade(
    session: Session, park: Park, grade: ParkGrade, lost_on: date, reason: str
) -> None:
    """The park holds this grade no longer; it is of the highest that is left. Its row is locked."""
    before = park.snapshot()
    grade.lost_on, grade.lost_reason, grade.updated_at = lost_on, reason, now()
    await session.flush()
    held = await repository.grades_held(session, park.code)
    left = domain.highest(each.grade for each in held)
    park.change({"current_grade": left})
    audit.record(
        session,
        "parks.lose_grade",
        "park",
        park.code,
        before=before,
        after=park.snapshot(),
        grade=grade.grade,
        reason=reason,
    )
    outbox.add(session, events.grade_lost(grade, lost_on, reason, left))


async def expire_grades(session: Session) -> None:
    """The schedule: a grade is lost the day after its last one, unless a review renewed it."""
    today = china_date()
    for due in await repository.grades_run_out(session, today, BATCH):
        park = await repository.get_for_update(session, due.park_code)
        assert park is not None
        await session.refresh(due)
        if due.lost_on is None and due.valid_to is not None and due.valid_to < today:
            day_after = due.valid_to + timedelta(days=1)
            await lose_grade(session, park, due, day_after, "expired")
