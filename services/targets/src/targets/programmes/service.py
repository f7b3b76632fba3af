"""Use cases of the programmes."""

from servicekit import audit
from servicekit.db import Session
from servicekit.problems import NotFound
from servicekit.rows import put_by_key
from targets.directory import service as directory
from targets.periods import service as periods
from targets.programmes import domain, repository
from targets.programmes.models import Programme
from targets.programmes.schemas import ProgrammePut


async def get_programme(session: Session, code: str) -> Programme:
    """Raises `NotFound`."""
    programme = await repository.get(session, code)
    if programme is None:
        raise NotFound(what=f"programme {code}")
    return programme


async def put_programme(
    session: Session, code: str, body: ProgrammePut, expected: int | None
) -> tuple[Programme, bool]:
    """Make or change a programme, and the reporting periods of its years; tells whether it is new.

    Raises:
        PreconditionFailed: it is not at the expected version.
        UnknownReference: a unit is not in the directory.
        Unprocessable: see `domain.check_dates`.
    """
    domain.check_dates(body.anchor_year, body.starts_on, body.ends_on)
    rules = body.standing_rules
    await directory.require_units(
        session, {body.lead_unit, body.office_unit, *(rule.owner_unit for rule in rules)}
    )
    values = body.model_dump() | {"standing_rules": [r.model_dump(mode="json") for r in rules]}
    done = await put_by_key(session, Programme, {"code": code}, values, expected)
    if not done.changed:
        return done.row, False
    await periods.ensure_years(session, body.starts_on.year, body.ends_on.year)
    audit.record(
        session,
        "programmes.write",
        "programme",
        code,
        before=done.before,
        after=done.row.snapshot(),
    )
    return done.row, done.created
