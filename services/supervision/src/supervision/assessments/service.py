"""Drawing up an assessment, computing it as often as wanted, and publishing it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date, now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.http.paging import Page, PageRequest
from servicekit.messaging import outbox
from servicekit.problems import NotFound, UnknownReference
from servicekit.types import plain

from supervision.assessment_schemes import repository as schemes
from supervision.assessments import domain, events, repository
from supervision.assessments.domain import Criterion, Marks, Record, Ruling, Score
from supervision.assessments.models import Assessment, AssessmentScore
from supervision.assessments.repository import ScoreFilter
from supervision.assessments.schemas import AssessmentCreate, AssessmentVerification
from supervision.bulletins.domain import refuse_reversed
from supervision.calendar.service import add_workdays
from supervision.permissions import (
    COMPUTE_ASSESSMENT,
    CREATE_ASSESSMENT,
    PUBLISH_ASSESSMENT,
    READ_ASSESSMENT_SCORE,
)

Rows = dict[str, dict[str, Any]]
"""By unit or group: what its score row holds."""


async def create_assessment(
    session: Session, principal: Principal, body: AssessmentCreate
) -> Assessment:
    """Raises `PeriodReversed`, or `UnknownReference` for a scheme or a unit that is not there."""
    await directory.require(session, principal, CREATE_ASSESSMENT)
    refuse_reversed(body.period_start, body.period_end)
    scheme = await schemes.newest(session, body.scheme_code)
    if scheme is None:
        raise UnknownReference(what=f"assessment scheme {body.scheme_code}")
    units = sorted(set(body.units)) or await repository.assessed(session)
    unknown = set(units) - await repository.known(session, units)
    if unknown:
        raise UnknownReference(what=f"unit {', '.join(sorted(unknown))}")
    row = Assessment(
        **body.model_dump(exclude={"units"}),
        units=units,
        scheme_version=scheme.version,
        created_by=principal.subject,
    )
    session.add(row)
    await session.flush()
    audit.record(session, CREATE_ASSESSMENT.name, "assessment", row.id, after={"units": units})
    return row


async def compute_assessment(
    session: Session,
    principal: Principal,
    assessment_id: UUID,
    expected: int | None,
    *,
    refresh: bool,
) -> Assessment:
    """Compute a preview, from the records as they are now or from those that are kept."""
    row = await repository.get(session, assessment_id, lock=True)
    await directory.require(session, principal, COMPUTE_ASSESSMENT)
    check_version(row, expected)
    row.state = domain.next_state("compute", row.state)
    if refresh or row.computed_at is None:
        row.records = await repository.records(session, row.period_start, row.period_end, row.units)
        row.groups = await repository.groups(session, row.units)
    row.computed_at = now()
    row.touch()
    await write_scores(session, row, ())
    audit.record(session, COMPUTE_ASSESSMENT.name, "assessment", row.id, after=row.records)
    return row


async def publish_assessment(
    session: Session, principal: Principal, assessment_id: UUID, expected: int | None
) -> Assessment:
    """Publish it as it was computed last; units may appeal for some workdays.

    Raises:
        PublisherIsMaker: the caller drew it up.
    """
    row = await repository.get(session, assessment_id, lock=True)
    await directory.require(session, principal, PUBLISH_ASSESSMENT)
    check_version(row, expected)
    state = domain.next_state("publish", row.state)
    if row.created_by == principal.subject:
        raise domain.PublisherIsMaker
    scheme = await schemes.get(session, row.scheme_code, row.scheme_version)
    today = china_date()
    until = (await add_workdays(session, today, scheme.appeal_workdays)).due_on
    row.state, row.published_by = state, principal.subject
    row.published_on, row.appeal_until = today, until
    row.touch()
    await session.flush()
    await repository.publish_scores(session, row.id)
    audit.record(session, PUBLISH_ASSESSMENT.name, "assessment", row.id)
    outbox.add(session, events.assessment_published(row))
    return row


async def write_scores(session: Session, row: Assessment, rulings: Sequence[Ruling]) -> None:
    """Compute, and write what differs from what stands."""
    standing = await repository.scores_of(session, row.id)
    computed = await computed_rows(session, row, rulings)
    for code, values in computed.items():
        score = standing.get(code)
        if score is None:
            session.add(AssessmentScore(assessment_id=row.id, unit_code=code, **values))
        else:
            score.change(values)
    for code in standing.keys() - computed.keys():
        await session.delete(standing[code])
    await session.flush()


async def computed_rows(session: Session, row: Assessment, rulings: Sequence[Ruling]) -> Rows:
    """What the kept records give, by unit and group."""
    scheme = await schemes.get(session, row.scheme_code, row.scheme_version)
    criteria = [_criterion(each) for each in scheme.criteria]
    records = [Record(**each) for each in row.records]
    scores = {unit: domain.score(unit, criteria, records, rulings) for unit in row.units}
    groups = {code: [scores[unit] for unit in units] for code, units in row.groups.items()}
    totals = {code: domain.group_total(members) for code, members in groups.items()}
    places = domain.ranked({unit: each.total for unit, each in scores.items()})
    group_places = domain.ranked(totals)
    rows: Rows = {
        unit: {
            "kind": "unit",
            "total": each.total,
            "place": places[unit],
            "criteria": [_told(marks) for marks in each.marks],
        }
        for unit, each in scores.items()
    }
    for code, members in groups.items():
        rows[code] = {
            "kind": "group",
            "total": totals[code],
            "place": group_places[code],
            "criteria": [_members(members, totals[code])],
        }
    return rows


def _criterion(given: dict[str, Any]) -> Criterion:
    return Criterion(
        given["code"],
        given["measure"],
        Decimal(given["full_marks"]),
        Decimal(given["weight"]),
        {light: Decimal(share) for light, share in given["shares"].items()},
        {each["record"]: Decimal(each["points"]) for each in given["deductions"]},
    )


def _told(marks: Marks) -> dict[str, Any]:
    return {
        "code": marks.code,
        "full_marks": plain(marks.full_marks),
        "weight": plain(marks.weight),
        "score": plain(marks.score),
        "lines": [
            {"kind": line.kind, "ref": line.ref, "label": line.label, "points": plain(line.points)}
            for line in marks.lines
        ],
    }


def _members(members: Sequence[Score], total: Decimal) -> dict[str, Any]:
    """A group's one criterion: its members' part of the mean, by four places; what rounding to
    the two places of a total leaves is a line of its own."""
    parts = [(each.total / len(members)).quantize(domain.FINE) for each in members]
    lines = [
        {"kind": "member", "ref": each.unit, "label": "", "points": plain(part)}
        for each, part in zip(members, parts, strict=True)
    ]
    if rest := total - sum(parts, Decimal(0)):
        lines.append({"kind": "limit", "ref": "", "label": "", "points": plain(rest)})
    whole = {"full_marks": "100", "weight": "100", "score": plain(total)}
    return {"code": "members", **whole, "lines": lines}


async def verify_assessment(
    session: Session, assessment_id: UUID, rulings: Sequence[Ruling]
) -> AssessmentVerification:
    """Compute again from what is kept and compare with what stands."""
    row = await repository.get(session, assessment_id)
    standing = await repository.scores_of(session, row.id)
    computed = await computed_rows(session, row, rulings) if row.computed_at else {}
    different = sorted(standing.keys() ^ computed.keys())
    for code in sorted(standing.keys() & computed.keys()):
        if any(getattr(standing[code], name) != value for name, value in computed[code].items()):
            different.append(code)
    return AssessmentVerification(same=not different, scores=len(standing), different=different)


async def get_score(session: Session, principal: Principal, score_id: UUID) -> AssessmentScore:
    """Raises `NotFound` also for a preview that is not the caller's to see."""
    row = await repository.get_score(session, score_id)
    await directory.require(session, principal, READ_ASSESSMENT_SCORE, row.unit_code)
    units = await directory.visible_units(session, principal, READ_ASSESSMENT_SCORE)
    if units is not None and not row.published:
        raise NotFound(what=f"assessment score {score_id}")
    return row


async def list_scores(
    session: Session, principal: Principal, page: PageRequest, filters: ScoreFilter
) -> Page[Any]:
    units = await directory.visible_units(session, principal, READ_ASSESSMENT_SCORE)
    return await repository.list_scores(session, page, units, filters)
