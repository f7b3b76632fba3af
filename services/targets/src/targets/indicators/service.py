"""Use cases of the indicators."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import Put, put
from targets.directory import service as directory
from targets.indicators import domain, events, repository
from targets.indicators.models import Indicator, Milestone
from targets.indicators.schemas import IndicatorPut
from targets.programmes import repository as programmes
from targets.status import service as status


async def get_indicator(session: Session, code: str) -> Indicator:
    """Raises `NotFound`."""
    indicator = await repository.get(session, code)
    if indicator is None:
        raise NotFound(what=f"indicator {code}")
    return indicator


async def list_indicators(
    session: Session,
    page: PageRequest,
    *,
    programme: str | None,
    kind: list[str],
    source_kind: str | None,
    lead_unit: str | None,
    headline: bool | None,
    updated_since: datetime | None,
) -> Page:
    return await repository.fetch(
        session,
        page,
        programme=programme,
        kind=kind,
        source_kind=source_kind,
        lead_unit=lead_unit,
        headline=headline,
        updated_since=updated_since,
    )


async def list_revisions(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page:
    """Raises `NotFound`."""
    await get_indicator(session, code)
    return await repository.fetch_revisions(session, page, code, updated_since)


async def put_indicator(
    session: Session, principal: Principal, code: str, body: IndicatorPut, expected: int | None
) -> tuple[Indicator, bool]:
    """Make or change an indicator; a changed target leaves its old value as a revision, and the
    status is judged again. Tells whether it is new.

    Raises:
        Unprocessable: see `domain.check_definition`.
        UnknownReference: a unit, the working group or the programme is not there.
        PreconditionFailed: it is not at the expected version.
    """
    check(body)
    await require_references(session, body)
    row = await repository.get_for_update(session, code)
    had = {} if row is None else row.targets
    done = put(session, Indicator, row, expected, **values_of(code, body, new=row is None))
    wanted = {milestone.year: milestone.value for milestone in body.milestones}
    revised = domain.revisions(had, wanted)
    if revised:
        set_milestones(done, wanted)
    if not done.changed:
        return done.row, False
    await session.flush()
    if not done.created:
        repository.add_revisions(
            session,
            code,
            revised,
            document_no=body.document_no,
            reason=body.reason,
            revised_by=principal.subject,
        )
    await status.follow(session, code)
    old = None if done.created else {**(done.before or {}), "milestones": sorted(had.items())}
    audit.record(
        session, "indicators.write", "indicator", code, before=old, after=body.model_dump()
    )
    outbox.add(session, events.indicator_changed(done.row))
    return done.row, done.created


def check(body: IndicatorPut) -> None:
    domain.check_definition(
        kind=body.kind,
        comparator=body.comparator,
        tolerance=body.tolerance,
        baseline_year=body.baseline.year if body.baseline else None,
        milestones=[(milestone.year, milestone.value) for milestone in body.milestones],
        grade_ladder=body.grade_ladder,
        source_kind=body.source_kind,
        source_metric=body.source_metric,
    )


async def require_references(session: Session, body: IndicatorPut) -> None:
    """Raises `UnknownReference`."""
    await directory.require_units(session, [body.lead_unit, *body.supporting_units])
    if await programmes.get(session, body.programme) is None:
        raise UnknownReference(what=f"programme {body.programme}")
    if body.working_group is not None:
        await directory.require_working_group(session, body.working_group)


def values_of(code: str, body: IndicatorPut, *, new: bool) -> dict[str, Any]:
    """The row's own columns; a new row also starts with no milestones."""
    apart = {"baseline", "milestones", "document_no", "reason"}
    baseline = body.baseline
    return {
        "code": code,
        **body.model_dump(exclude=apart),
        "baseline_year": baseline.year if baseline else None,
        "baseline_value": baseline.value if baseline else None,
        **({"milestones": []} if new else {}),
    }


def set_milestones(done: Put[Indicator], wanted: dict[int, Decimal]) -> None:
    """Give the indicator exactly these targets, counting one change of the row at most."""
    row = done.row
    if not done.changed:
        row.touch()
        done.changed = True
    had = {milestone.year: milestone for milestone in row.milestones}
    kept: list[Milestone] = []
    for year, value in sorted(wanted.items()):
        milestone = had.get(year) or Milestone(year=year)
        milestone.value = value
        kept.append(milestone)
    row.milestones = kept
