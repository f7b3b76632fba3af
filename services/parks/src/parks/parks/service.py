"""Use cases of the parks."""

from collections.abc import Sequence
from datetime import datetime

from servicekit import audit
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import AlreadyExists, NotFound
from servicekit.rows import put

from parks.parks import domain, events, repository
from parks.parks.models import Park, ParkGrade
from parks.parks.schemas import ParkGradeCreate, ParkPut


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
    updated_since: datetime | None,
) -> Page:
    return await repository.fetch(
        session, page, programme=programme, kind=kind, updated_since=updated_since
    )


async def put_park(
    session: Session, code: str, body: ParkPut, expected: int | None
) -> tuple[Park, bool]:
    """Make or change a park; tells whether it is new.

    Units are not looked up: the directory's copy here may not have heard of them yet.

    Raises:
        PreconditionFailed: it is not at the expected version.
    """
    row = await repository.get_for_update(session, code)
    done = put(session, Park, row, expected, code=code, **body.model_dump())
    if done.changed:
        await session.flush()
        after = done.row.snapshot()
        audit.record(session, "parks.write", "park", code, before=done.before, after=after)
    return done.row, done.created


async def record_grade(session: Session, code: str, body: ParkGradeCreate) -> ParkGrade:
    """Record a grade the park has obtained and tell it.

    Raises:
        NotFound: no such park.
        FutureDate: it is not obtained yet.
        AlreadyExists: this grade is recorded.
    """
    park = await repository.get_for_update(session, code)
    if park is None:
        raise NotFound(what=f"park {code}")
    domain.check_obtained(body.obtained_on, china_date())
    had = await repository.grades_of(session, code)
    if body.grade in had:
        raise AlreadyExists
    grade = ParkGrade(park_code=code, **body.model_dump())
    session.add(grade)
    await session.flush()
    before = park.snapshot()
    park.change({"current_grade": domain.highest([*had, body.grade])})
    audit.record(
        session, "parks.record_grade", "park", code, before=before, after=body.model_dump()
    )
    outbox.add(session, events.grade_obtained(grade))
    return grade


async def list_grades(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page:
    """The grades one park has obtained. Raises `NotFound`."""
    await get_park(session, code)
    return await repository.fetch_grades(session, page, code=code, updated_since=updated_since)
