"""Use cases of the indicators."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from servicekit import audit, formulas
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import put
from targets.derivations import service as derivations
from targets.derivations.domain import SourceInUse
from targets.directory import repository as units
from targets.directory import service as directory
from targets.indicators import domain, events, repository
from targets.indicators.models import Indicator, Milestone
from targets.indicators.schemas import IndicatorPut, IndicatorRead, YearValue
from targets.moments.domain import Then
from targets.programmes import repository as programmes
from targets.revisions import service as revisions
from targets.revisions.models import TargetValue
from targets.rollups import service as rollups
from targets.status import service as status
from targets.totals.domain import Rule


async def get_indicator(session: Session, code: str, then: Then | None = None) -> Indicator:
    """Raises `NotFound`, also where it was not known then."""
    indicator = await repository.get(session, code)
    if indicator is None or (then is not None and indicator.created_at > then.known_at):
        raise NotFound(what=f"indicator {code}")
    return indicator


async def list_indicators(
    session: Session,
    page: PageRequest,
    *,
    programme: str | None,
    kind: list[str],
    source_kind: Sequence[str] | None,
    lead_unit: str | None,
    headline: bool | None,
    as_of: date | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> Page:
    found = await repository.list_indicators(
        session,
        page,
        programme=programme,
        kind=kind,
        source_kind=source_kind,
        lead_unit=lead_unit,
        headline=headline,
        known_at=known_at,
        updated_since=updated_since,
    )
    if as_of is not None or known_at is not None:
        held = await revisions.at(session, found.items, as_of, known_at)
        found.items = [present(row, held[row.code]) for row in found.items if row.code in held]
    return found


async def at(
    session: Session, indicator: Indicator, as_of: date | None, known_at: datetime | None
) -> Any:
    """The indicator with the targets of a day, as known at a moment.

    Raises:
        NotFound: it was not known then.
    """
    if as_of is None and known_at is None:
        return indicator
    held = await revisions.at(session, [indicator], as_of, known_at)
    if indicator.code not in held:
        raise NotFound(what=f"indicator {indicator.code}")
    return present(indicator, held[indicator.code])


def present(indicator: Indicator, held: list[TargetValue]) -> IndicatorRead:
    """The definition with these targets in place of today's."""
    own = {
        name: getattr(indicator, name)
        for name in IndicatorRead.model_fields
        if name not in ("baseline", "milestones")
    }
    values = [
        (row, YearValue(year=row.year, value=row.value)) for row in held if row.value is not None
    ]
    return IndicatorRead(
        **own,
        baseline=next((value for row, value in values if row.baseline), None),
        milestones=[value for row, value in values if not row.baseline],
    )


async def put_indicator(
    session: Session, principal: Principal, code: str, body: IndicatorPut, expected: int | None
) -> tuple[Indicator, bool]:
    """Make or change an indicator; what changes in its targets is kept as revisions, and the status
    is judged again. Tells whether it is new.

    Raises:
        Unprocessable: see `domain.check_definition` and `derivations.check_formula`.
        UnknownReference: a unit, the working group or the programme is not there.
        UnitInUse: it has numbers in another unit of measure.
        SourceInUse: it has numbers, and would become derived or cease to be.
        UsedInFormula: a formula that uses it does not bear the change.
        PreconditionFailed: it is not at the expected version.
        YearClosed, SecondBaseline, DocumentRequired: see `revisions`.
    """
    check(body)
    await require_references(session, body)
    await hold_still(session, code, body)
    row = await repository.get_for_update(session, code)
    ruled = None if row is None else rollups.rule_of(row)
    made_of = (None, body.frequency) if row is None else (row.formula, row.frequency)
    await require_unused(session, row, body)
    done = put(session, Indicator, row, expected, **values_of(code, body))
    if row is not None and done.changed:
        await follow_definition(session, row, ruled)
    targets = {milestone.year: milestone.value for milestone in body.milestones}
    baseline = (body.baseline.year, body.baseline.value) if body.baseline else None
    if done.created:
        await begin(session, done.row, targets, baseline)
        moved = False
    else:
        moved = await revise(session, principal, done.row, body, targets, baseline)
    if not (done.changed or moved):
        return done.row, False
    await session.flush()
    if not moved:
        await status.follow(session, code)
        outbox.add(session, events.indicator_changed(done.row))
    if made_of != (body.formula, body.frequency):
        await derivations.define(session, done.row)
    audit.record(
        session, "indicators.write", "indicator", code, before=done.before, after=body.model_dump()
    )
    return done.row, done.created


async def follow_definition(session: Session, row: Indicator, ruled: Rule | None) -> None:
    """What hangs on an indicator bears its new definition, and follows if its numbers add up in
    another way than they `ruled` before. Raises `UsedInFormula`."""
    await session.flush()
    await derivations.check_uses(session, row)
    if ruled != rollups.rule_of(row):
        await status.lock_all(session, [row.code])
        await rollups.rebuild(session, row.code)
        await derivations.follow(session, row.code, f"{row.code}/v{row.version}")


async def hold_still(session: Session, code: str, body: IndicatorPut) -> None:
    """Nothing moves in the tree meanwhile; and no number is taken while a formula is looked at, so
    that two formulas that are right alone do not make a circle together."""
    if body.formula is None:
        await units.hold_tree(session)
        return
    await units.lock_tree(session)
    formula = formulas.parse(body.formula)
    await derivations.check_formula(session, code, formula, body.unit, body.frequency)


async def require_unused(session: Session, row: Indicator | None, body: IndicatorPut) -> None:
    """Raises `UnitInUse`, `SourceInUse`."""
    if row is None:
        return
    moves = (row.source_kind == "derived") != (body.source_kind == "derived")
    if (moves or row.unit != body.unit) and await rollups.has_numbers(session, row.code):
        if moves:
            raise SourceInUse(indicator=row.code)
        raise domain.UnitInUse(indicator=row.code, unit=row.unit)


async def begin(
    session: Session,
    row: Indicator,
    targets: dict[int, Decimal],
    baseline: tuple[int, Decimal] | None,
) -> None:
    """The targets of a new indicator."""
    row.milestones = [Milestone(year=year, value=value) for year, value in targets.items()]
    row.baseline_year, row.baseline_value = baseline or (None, None)
    await session.flush()
    await revisions.begin(session, row.code, targets, baseline)


async def revise(
    session: Session,
    principal: Principal,
    row: Indicator,
    body: IndicatorPut,
    targets: dict[int, Decimal],
    baseline: tuple[int, Decimal] | None,
) -> bool:
    """Take over the targets that differ; tells whether what the indicator shows today moved."""
    by_document = body.document_no is not None
    changes = await revisions.asked(session, row, targets, baseline, by_document=by_document)
    if not changes:
        return False
    await revisions.record(
        session, principal, row, changes, document_no=body.document_no, reason=body.reason
    )
    return await revisions.show(session, row, china_date())


def check(body: IndicatorPut) -> None:
    """Raises `Unprocessable`."""
    custom = body.phasing == "custom"
    domain.check_definition(
        kind=body.kind,
        unit=body.unit,
        time_aggregation=body.time_aggregation,
        unit_aggregation=body.unit_aggregation,
        comparator=body.comparator,
        tolerance=body.tolerance,
        green_share=body.green_share,
        amber_share=body.amber_share,
        phasing_shares=body.phasing_shares if custom or body.phasing_shares else None,
        baseline_year=body.baseline.year if body.baseline else None,
        milestones=[(milestone.year, milestone.value) for milestone in body.milestones],
        grade_ladder=body.grade_ladder,
        source_kind=body.source_kind,
        source_metric=body.source_metric,
        formula=body.formula,
    )


async def require_references(session: Session, body: IndicatorPut) -> None:
    """Raises `UnknownReference`."""
    await directory.require_units(session, [body.lead_unit, *body.supporting_units])
    if await programmes.get(session, body.programme) is None:
        raise UnknownReference(what=f"programme {body.programme}")
    if body.working_group is not None:
        await directory.require_working_group(session, body.working_group)


def values_of(code: str, body: IndicatorPut) -> dict[str, Any]:
    """The row's own columns; baseline and milestones have a history of their own."""
    apart = {"baseline", "milestones", "document_no", "reason"}
    return {"code": code, **body.model_dump(exclude=apart)}
