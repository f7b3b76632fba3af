"""SQL of the observations."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import aliased
from targets.derivations.models import Derivation
from targets.moments.domain import Then
from targets.observations.domain import Place, Reading
from targets.observations.models import CurrentObservation, Observation

SORTABLE = ("ends_on", "seq", "updated_at")
_CURRENT = (
    "indicator_code", "unit_code", "period", "ends_on",
    "value", "numerator", "denominator", "year_to_date",
)  # fmt: skip
RULING = "ruling"
# By its name: an ON CONFLICT clause does not know the table of its statement, and would look for
# any ruled number at all.
_IS_RULED = exists().where(
    Observation.id == literal_column("current_observation.observation_id"),
    Observation.source_kind == RULING,
)
_RULED = """
SELECT c.indicator_code, c.unit_code, c.period
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (indicator, unit, period)
JOIN current_observation c ON c.indicator_code = wanted.indicator
 AND c.unit_code = wanted.unit AND c.period = wanted.period
JOIN observation o ON o.id = c.observation_id AND o.source_kind = 'ruling'
"""
_READINGS = """
SELECT unit_code, period, ends_on, observation_id, value, numerator, denominator, year_to_date
FROM current_observation WHERE indicator_code = $1
"""


async def add(session: Session, row: Observation) -> bool:
    """Store the number, and as the valid one of its unit and period unless a ruling stands there;
    tells whether it is."""
    session.add(row)
    await session.flush()
    values: dict[str, Any] = {name: getattr(row, name) for name in _CURRENT}
    values["observation_id"] = row.id
    valid = await session.scalar(
        insert(CurrentObservation)
        .values(values)
        .on_conflict_do_update(
            constraint="uq_current_observation_of",
            set_=values,
            where=None if row.source_kind == RULING else ~_IS_RULED,
        )
        .returning(CurrentObservation.observation_id)
    )
    return valid is not None


async def remove(session: Session, indicator_code: str, period: str) -> None:
    """The city's number of a period is valid no longer."""
    row = CurrentObservation
    of = row.indicator_code == indicator_code, row.unit_code.is_(None), row.period == period
    await session.execute(delete(row).where(*of))


async def ruled_among(session: Session, places: Collection[Place]) -> set[Place]:
    """Those of these places whose valid number is one that was ruled."""
    if not places:
        return set()
    columns = [list(column) for column in zip(*places, strict=True)]
    return {Place(*row) for row in await session.fetch(_RULED, *columns)}


def reading(row: Observation) -> Reading:
    """A stored number as the rules see it."""
    return Reading(
        row.unit_code,
        row.period,
        row.ends_on,
        row.id,
        row.value,
        row.numerator,
        row.denominator,
        row.year_to_date,
    )


async def readings(session: Session, indicator_code: str) -> list[Reading]:
    """Every valid number of an indicator."""
    return [Reading(**row) for row in await session.fetch(_READINGS, indicator_code)]


async def readings_of(
    session: Session, indicator_code: str, unit: str | None, first: date, last: date
) -> list[Reading]:
    """A unit's valid numbers of the periods that end in this time; of the whole city, if none."""
    of_unit = "unit_code IS NULL" if unit is None else "unit_code = $4"
    sql = f"{_READINGS} AND ends_on BETWEEN $2 AND $3 AND {of_unit}"
    args = [] if unit is None else [unit]
    return [Reading(**row) for row in await session.fetch(sql, indicator_code, first, last, *args)]


async def readings_then(
    session: Session, indicator_code: str, unit: str | None, first: date, last: date, then: Then
) -> list[Reading]:
    """The same as it was then."""
    query = _valid_then(indicator_code, then).where(
        Observation.unit_code.is_not_distinct_from(unit), Observation.ends_on.between(first, last)
    )
    return [reading(row) for row in await session.scalars(query)]


def _told_then(then: Then) -> list[ColumnElement[bool]]:
    """Which numbers there were (`Then`)."""
    known = [Observation.recorded_at <= then.known_at]
    if then.day_was_over:
        of_the_year = and_(
            Observation.recorded_at <= then.told_by, func.length(Observation.period) == 4
        )
        known.append(or_(Observation.ends_on <= then.as_of, of_the_year))
    return known


def _valid_then(indicator_code: str, then: Then) -> Select:
    """The numbers that were valid: of each unit and period the one taken last, or ruled."""
    row = Observation
    return (
        select(row)
        .where(row.indicator_code == indicator_code, *_told_then(then), ~_dropped_by(then))
        .ext(distinct_on(row.unit_code, row.period))
        .order_by(row.unit_code, row.period, (row.source_kind == RULING).desc(), row.seq.desc())
    )


async def list_observations(
    session: Session,
    page: PageRequest,
    indicator_code: str,
    *,
    unit: str | None,
    include_superseded: bool,
    updated_since: datetime | None,
    then: Then | None,
) -> Page:
    """Rows of `(Observation, valid, updated_at)`."""
    if then is None:
        told, current = [], select(CurrentObservation.observation_id.label("id")).subquery()
    else:
        valid_ids = _valid_then(indicator_code, then).with_only_columns(Observation.id)
        told, current = _told_then(then), valid_ids.subquery()
    valid = current.c.id.is_not(None)
    # What is taken while a ruling stands is not valid, and nothing takes its place.
    superseded = func.coalesce(_superseded_at(then), _dropped_at(), Observation.recorded_at)
    changed = case((valid, Observation.recorded_at), else_=superseded)
    conditions = given((unit, Observation.unit_code.__eq__), (updated_since, changed.__ge__))
    query: Select = (
        select(Observation, valid.label("valid"), changed.label("updated_at"))
        .join(current, current.c.id == Observation.id, isouter=include_superseded)
        .where(Observation.indicator_code == indicator_code, *told, *conditions)
    )
    sortable: dict[str, Any] = dict(
        zip(SORTABLE, (Observation.ends_on, Observation.seq, changed), strict=True)
    )
    return await fetch_page(session, query, page, sortable=sortable, default="ends_on", key="seq")


def _superseded_at(then: Then | None) -> ScalarSelect[datetime]:
    """When the next number of the same unit and period was taken: this one is no longer valid."""
    later = aliased(Observation)
    return (
        select(func.min(later.recorded_at))
        .where(
            later.indicator_code == Observation.indicator_code,
            later.ends_on == Observation.ends_on,
            later.period == Observation.period,
            later.unit_code.is_not_distinct_from(Observation.unit_code),
            later.seq > Observation.seq,
            *([] if then is None else [later.recorded_at <= then.known_at]),
        )
        .scalar_subquery()
    )


def _dropped_at() -> ScalarSelect[datetime]:
    """When the formula it came from came to nothing, where no number followed."""
    return (
        select(Derivation.updated_at)
        .where(
            Derivation.indicator_code == Observation.indicator_code,
            Derivation.period == Observation.period,
        )
        .scalar_subquery()
    )


def _dropped_by(then: Then) -> ColumnElement[bool]:
    """Whether the formula the number came from had come to nothing by then."""
    return exists().where(
        Derivation.indicator_code == Observation.indicator_code,
        Derivation.period == Observation.period,
        Derivation.value.is_(None),
        Derivation.updated_at <= then.known_at,
    )
