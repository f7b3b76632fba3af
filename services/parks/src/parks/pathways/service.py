"""Use cases of the criteria and pathways."""

from datetime import date

from servicekit import audit
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.problems import NotFound
from servicekit.rows import put_by_key

from parks.parks import service as parks
from parks.pathways import domain, repository
from parks.pathways.domain import Step
from parks.pathways.models import GradeCriterion
from parks.pathways.schemas import GradeCriterionPut, PathwayRead, PathwayStep


async def get_criterion(session: Session, code: str) -> GradeCriterion:
    """Raises `NotFound`."""
    criterion = await repository.get(session, code)
    if criterion is None:
        raise NotFound(what=f"grade criterion {code}")
    return criterion


async def put_criterion(
    session: Session, code: str, body: GradeCriterionPut, expected: int | None
) -> tuple[GradeCriterion, bool]:
    """Make or change a criterion; tells whether it is new.

    Raises:
        PreconditionFailed: it is not at the expected version.
        CriterionIncomplete, UnitOfMeasure: see `domain`.
    """
    domain.check_criterion(body.measure, body.platform_kind, body.platform_level, body.unit)
    done = await put_by_key(session, GradeCriterion, {"code": code}, body.model_dump(), expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(
            session, "grade_criteria.write", "grade_criterion", code, before=done.before,
            after=after,
        )  # fmt: skip
    return done.row, done.created


async def pathway(session: Session, code: str, grade: str | None) -> PathwayRead:
    """What the park needs for a grade, or for the one it wants, by what is known today.

    Raises:
        NotFound: no such park.
    """
    park = await parks.get_park(session, code)
    wanted, today = grade or park.desired_grade, china_date()
    criteria = await repository.criteria_of(session, park.kind, wanted)
    actuals = await repository.measured(session, code, first_month(today), criteria)
    steps = [
        Step(each.code, each.name_zh, each.name_en, each.unit, each.threshold, actual)
        for each, actual in zip(criteria, actuals, strict=True)
    ]
    return PathwayRead.model_validate(
        {
            "park_code": code,
            "current_grade": park.current_grade,
            "grade": wanted,
            "as_of": today,
            "steps": [PathwayStep.model_validate(step) for step in steps],
            "is_ready": bool(steps) and all(step.is_met for step in steps),
            "gap_zh": domain.in_words(steps, "zh"),
            "gap_en": domain.in_words(steps, "en"),
        }
    )


def first_month(today: date) -> str:
    """The first of the twelve months that end with this one."""
    return f"{today.year - 1}-{today.month + 1:02d}" if today.month < 12 else f"{today.year}-01"
