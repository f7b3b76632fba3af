"""Use cases of the target revisions: change a target, and ask what it was."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from targets.indicators import events as indicator_events
from targets.indicators import repository as indicators
from targets.indicators.models import Indicator, Milestone
from targets.moments import domain as moments
from targets.periods import service as period_states
from targets.revisions import domain, events, repository
from targets.revisions.models import TargetRevision, TargetValue
from targets.revisions.schemas import RevisionCreate, TargetValueRead
from targets.status import service as status


async def revise_target(
    session: Session, principal: Principal, code: str, body: RevisionCreate
) -> TargetRevision:
    """Give a year another target from a day on, as a document says.

    Raises:
        NotFound: no such indicator.
        YearClosed: the target's year, or the year of the day, is closed.
        SecondBaseline: the year lies before the targets, and the baseline is another year's.
        NoTargetLeft: it would withdraw the last target.
        Unprocessable: a grade that is not on the ladder.
    """
    indicator = await indicators.get_for_update(session, code)
    if indicator is None:
        raise NotFound(what=f"indicator {code}")
    domain.check_value(indicator.kind, indicator.grade_ladder, body.value)
    known = await repository.known_now(session, code)
    change = domain.Change(
        year=body.year,
        baseline=_is_baseline(indicator, body.year),
        old_value=domain.value_on(_spans(known.get(body.year, [])), body.effective_on),
        new_value=body.value,
        effective_on=body.effective_on,
    )
    targets = {y: _spans(rows) for y, rows in known.items() if not rows[0].baseline}
    domain.check_targets_left(targets, change)
    (row,) = await record(
        session, principal, indicator, [change], document_no=body.document_no, reason=body.reason
    )
    await show(session, indicator, china_date())
    return row


def _is_baseline(indicator: Indicator, year: int) -> bool:
    """Raises `SecondBaseline`."""
    first = min(indicator.targets, default=year)
    if year >= first:
        return False
    if indicator.baseline_year not in (None, year):
        raise domain.SecondBaseline(year=indicator.baseline_year)
    return True


async def record(
    session: Session,
    principal: Principal,
    indicator: Indicator,
    changes: Sequence[domain.Change],
    *,
    document_no: str | None,
    reason: str | None,
) -> list[TargetRevision]:
    """Write changes of an indicator, whose row is locked, and tell of them.

    Raises:
        YearClosed: see `revise_target`.
    """
    known = await repository.known_now(session, indicator.code)
    last = await repository.last_known(session, indicator.code)
    moment = domain.known_from(now(), last)
    done: list[TargetRevision] = []
    for change in changes:
        await _require_open(session, change)
        row = _revision(indicator, change, document_no, reason, principal.subject, moment)
        session.add(row)
        await session.flush()
        await _replace(session, indicator.code, known.get(change.year, []), change, row, moment)
        audit.record(
            session, "indicators.revise", "target_revision", row.id, after=events.told(row)
        )
        outbox.add(session, events.target_revised(indicator, row))
        done.append(row)
    return done


async def _require_open(session: Session, change: domain.Change) -> None:
    years = {change.year, change.effective_on.year if change.effective_on else change.year}
    for year in sorted(years):
        if await period_states.is_closed(session, str(year)):
            raise domain.YearClosed(year=year)


def _revision(
    indicator: Indicator,
    change: domain.Change,
    document_no: str | None,
    reason: str | None,
    subject: str,
    moment: datetime,
) -> TargetRevision:
    return TargetRevision(
        indicator_code=indicator.code,
        year=change.year,
        baseline=change.baseline,
        old_value=change.old_value,
        new_value=change.new_value,
        effective_on=change.effective_on,
        document_no=document_no,
        reason=reason,
        revised_by=subject,
        revised_at=moment,
    )


async def _replace(
    session: Session,
    code: str,
    rows: list[TargetValue],
    change: domain.Change,
    revision: TargetRevision,
    moment: datetime,
) -> None:
    """End what is no longer true and add what is known in its place."""
    held, spans = domain.revise(_spans(rows), change.new_value, change.effective_on)
    past = next((row for row in rows if held and row.valid_from == held.since), None)
    if past is not None:
        await repository.end(session, past, moment)
    *_, new = spans
    for span in spans:
        # What stays true beside the new value keeps the document that made it so.
        of = revision.id if span is new else (past.revision_id if past else None)
        session.add(_value(code, change.year, change.baseline, span, moment, of))
    await session.flush()


def _value(
    code: str, year: int, baseline: bool, span: domain.Span, moment: datetime, of: UUID | None
) -> TargetValue:
    return TargetValue(
        indicator_code=code,
        year=year,
        baseline=baseline,
        value=span.value,
        valid_from=span.since,
        valid_to=span.until,
        known_from=moment,
        revision_id=of,
    )


def _spans(rows: Sequence[TargetValue]) -> list[domain.Span]:
    return [domain.Span(row.value, row.valid_from, row.valid_to) for row in rows]


async def begin(
    session: Session,
    code: str,
    targets: Mapping[int, Decimal],
    baseline: tuple[int, Decimal] | None,
) -> None:
    """The targets of a new indicator, as the plan has them from the beginning."""
    moment = now()
    for year, value in targets.items():
        span = domain.Span(value, None, None)
        session.add(_value(code, year, False, span, moment, None))
    if baseline is not None:
        span = domain.Span(baseline[1], None, None)
        session.add(_value(code, baseline[0], True, span, moment, None))
    await session.flush()


async def asked(
    session: Session,
    indicator: Indicator,
    targets: Mapping[int, Decimal],
    baseline: tuple[int, Decimal] | None,
    *,
    by_document: bool,
) -> list[domain.Change]:
    """What a definition that is put again would change in the indicator's targets.

    Raises:
        SecondBaseline: it has a baseline, of another year.
        DocumentRequired: see `domain.changes`.
    """
    had = indicator.baseline_year
    if baseline is not None and had is not None and baseline[0] != had:
        raise domain.SecondBaseline(year=had)
    known = await repository.known_now(session, indicator.code)
    wanted = dict(targets) | ({baseline[0]: baseline[1]} if baseline else {})
    year = baseline[0] if baseline else had
    spans = {each: _spans(rows) for each, rows in known.items()}
    return domain.changes(spans, wanted, year, by_document=by_document, today=china_date())


async def show(session: Session, indicator: Indicator, today: date) -> bool:
    """Bring the indicator's own targets, those of today, up to what is known; judge it again and
    tell whoever must know. Tells whether anything moved."""
    code = indicator.code
    held = (await repository.values_at(session, [code], today, None)).get(code, [])
    targets = {row.year: row.value for row in held if not row.baseline}
    begun = next((row for row in held if row.baseline), None)
    moved = indicator.change(
        {
            "baseline_year": begun.year if begun else None,
            "baseline_value": begun.value if begun else None,
        }
    )
    if indicator.targets != targets:
        _set_milestones(indicator, targets)
        if not moved:
            indicator.touch()
        moved = True
    if moved:
        await session.flush()
        await status.follow(session, code)
        outbox.add(session, indicator_events.indicator_changed(indicator))
    return moved


def _set_milestones(row: Indicator, wanted: Mapping[int, Decimal | None]) -> None:
    had = {milestone.year: milestone for milestone in row.milestones}
    kept: list[Milestone] = []
    for year, value in sorted(wanted.items()):
        assert value is not None
        milestone = had.get(year) or Milestone(year=year)
        milestone.value = value
        kept.append(milestone)
    row.milestones = kept


async def take_effect(session: Session) -> None:
    """Revisions whose day has come change what the indicators show and how they are judged."""
    today = china_date()
    for code in await repository.behind(session, today):
        indicator = await indicators.get_for_update(session, code)
        assert indicator is not None
        await show(session, indicator, today)


async def at(
    session: Session,
    found: Sequence[Indicator],
    as_of: date | None,
    known_at: datetime | None,
) -> dict[str, list[TargetValue]]:
    """The targets of these indicators on a day (that of the moment), as known at a moment (now)."""
    codes = [indicator.code for indicator in found]
    then = moments.then(as_of, known_at, now())
    if then is None:
        return await repository.values_at(session, codes, china_date(), None)
    return await repository.values_at(session, codes, then.as_of, then.known_at)


async def list_revisions(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page:
    """Raises `NotFound`."""
    await _require(session, code)
    return await repository.list_revisions(session, page, code, updated_since)


async def get_revision(session: Session, code: str, revision_id: UUID) -> TargetRevision:
    """Raises `NotFound`."""
    row = await repository.get_revision(session, code, revision_id)
    if row is None:
        raise NotFound(what=f"target revision {revision_id}")
    return row


async def list_values(
    session: Session,
    page: PageRequest,
    code: str,
    *,
    as_of: date | None,
    known_at: datetime | None,
    updated_since: datetime | None,
) -> Page:
    """Raises `NotFound`."""
    await _require(session, code)
    found = await repository.list_values(
        session, page, code, as_of=as_of, known_at=known_at, updated_since=updated_since
    )
    found.items = [_present(row[0], row[1]) for row in found.items]
    return found


async def _require(session: Session, code: str) -> None:
    if await indicators.get(session, code) is None:
        raise NotFound(what=f"indicator {code}")


def _present(row: TargetValue, revision: TargetRevision | None) -> TargetValueRead:
    own: dict[str, Any] = {
        name: getattr(row, name)
        for name in TargetValueRead.model_fields
        if name not in ("document_no", "reason", "updated_at")
    }
    return TargetValueRead(
        **own,
        document_no=revision.document_no if revision else None,
        reason=revision.reason if revision else None,
        updated_at=row.known_from,
    )
