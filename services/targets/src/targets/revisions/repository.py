"""SQL of the target revisions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import Select, and_, func, or_, select, update
from targets.indicators.models import Indicator, Milestone
from targets.revisions.models import TargetRevision, TargetValue

REVISION_SORT = {
    "id": TargetRevision.id,
    "revised_at": TargetRevision.revised_at,
    "updated_at": TargetRevision.revised_at,
}
VALUE_SORT = {
    "year": TargetValue.year,
    "known_from": TargetValue.known_from,
    "id": TargetValue.id,
    "updated_at": TargetValue.known_from,
}


def targets_then(first: int, which: str) -> str:
    """The targets that held then, or the baselines (`which`), in a statement whose parameters from
    `$first` on are `Then.args`."""
    as_of, known_at = f"${first}::date", f"${first + 1}::timestamptz"
    return f"""(
 SELECT indicator_code, year, value FROM target_value
 WHERE {which} AND value IS NOT NULL AND known_from <= {known_at}
  AND (known_to IS NULL OR known_to > {known_at})
  AND (valid_from IS NULL OR valid_from <= {as_of}) AND (valid_to IS NULL OR valid_to > {as_of}))"""  # noqa: S608 - constants only


async def known_now(session: Session, code: str) -> dict[int, list[TargetValue]]:
    """The rows known of an indicator, by year, oldest day first."""
    rows = await session.scalars(
        select(TargetValue)
        .where(TargetValue.indicator_code == code, TargetValue.known_to.is_(None))
        .order_by(TargetValue.year, TargetValue.valid_from.nulls_first())
    )
    found: dict[int, list[TargetValue]] = defaultdict(list)
    for row in rows:
        found[row.year].append(row)
    return dict(found)


async def last_known(session: Session, code: str) -> datetime | None:
    """When the latest change of an indicator's targets became known."""
    return await session.scalar(
        select(func.max(TargetValue.known_from)).where(TargetValue.indicator_code == code)
    )


async def end(session: Session, row: TargetValue, moment: datetime) -> None:
    """From this moment on something else is known; at once, so that what follows may be added."""
    await session.execute(
        update(TargetValue).where(TargetValue.id == row.id).values(known_to=moment)
    )


async def values_at(
    session: Session, codes: Sequence[str], as_of: date, known_at: datetime | None
) -> dict[str, list[TargetValue]]:
    """What the indicators' targets are on a day, as it was known at a moment (none: now)."""
    rows = await session.scalars(
        select(TargetValue)
        .where(
            TargetValue.indicator_code.in_(codes),
            TargetValue.value.is_not(None),
            *_holding(as_of),
            *_known(known_at),
        )
        .order_by(TargetValue.indicator_code, TargetValue.year)
    )
    found: dict[str, list[TargetValue]] = defaultdict(list)
    for row in rows:
        found[row.indicator_code].append(row)
    return found


def _holding(day: date) -> list:
    return [
        or_(TargetValue.valid_from.is_(None), TargetValue.valid_from <= day),
        or_(TargetValue.valid_to.is_(None), TargetValue.valid_to > day),
    ]


def _known(moment: datetime | None) -> list:
    if moment is None:
        return [TargetValue.known_to.is_(None)]
    return [
        TargetValue.known_from <= moment,
        or_(TargetValue.known_to.is_(None), TargetValue.known_to > moment),
    ]


async def list_values(
    session: Session,
    page: PageRequest,
    code: str,
    *,
    as_of: date | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> Page:
    """Rows of `(TargetValue, TargetRevision or none)`: of one day, or of all days."""
    conditions = given(
        (as_of, lambda day: and_(*_holding(day))),
        (updated_since, TargetValue.known_from.__ge__),
    )
    query: Select = (
        select(TargetValue, TargetRevision)
        .join(TargetRevision, TargetRevision.id == TargetValue.revision_id, isouter=True)
        .where(TargetValue.indicator_code == code, *_known(known_at), *conditions)
    )
    return await fetch_page(session, query, page, sortable=VALUE_SORT, default="year", key="id")


async def behind(session: Session, today: date) -> list[str]:
    """Indicators whose targets of today are not those they show, in one order of locking."""
    shown = select(Milestone.value).where(
        Milestone.indicator_code == TargetValue.indicator_code, Milestone.year == TargetValue.year
    )
    begun = select(Indicator.baseline_value).where(Indicator.code == TargetValue.indicator_code)
    found = select(TargetValue.indicator_code).where(
        *_holding(today),
        *_known(None),
        or_(
            ~TargetValue.baseline & TargetValue.value.is_distinct_from(shown.scalar_subquery()),
            TargetValue.baseline & TargetValue.value.is_distinct_from(begun.scalar_subquery()),
        ),
    )
    return sorted(set(await session.scalars(found)))


async def get_revision(session: Session, code: str, revision_id: UUID) -> TargetRevision | None:
    row = await session.get(TargetRevision, revision_id)
    return row if row is not None and row.indicator_code == code else None


async def list_revisions(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page:
    conditions = given((updated_since, TargetRevision.revised_at.__ge__))
    query = select(TargetRevision).where(TargetRevision.indicator_code == code, *conditions)
    return await fetch_page(
        session, query, page, sortable=REVISION_SORT, default="-revised_at", key="id"
    )
