"""Use cases of the outlier check."""

from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from servicekit import audit
from servicekit.db import Session
from servicekit.problems import NotFound
from servicekit.rows import put
from servicekit.types import plain
from targets.indicators import repository as indicators
from targets.outliers import domain, repository
from targets.outliers.models import ReportingRule
from targets.outliers.schemas import ReportingRulePut, ReportingRuleRead


class Reported(Protocol):
    """What the check needs of a report; `Any`, because a mapped class declares `Mapped[str]`."""

    indicator_code: Any
    unit_code: Any
    value: Any


async def get_rule(session: Session, indicator_code: str) -> ReportingRuleRead:
    """The rule that holds, also where nobody has set one. Raises `NotFound`."""
    if await indicators.get(session, indicator_code) is None:
        raise NotFound(what=f"indicator {indicator_code}")
    row = await repository.get(session, indicator_code)
    if row is None:
        return ReportingRuleRead(indicator_code=indicator_code, version=0)
    return ReportingRuleRead.model_validate(row)


async def put_rule(
    session: Session, indicator_code: str, body: ReportingRulePut, expected: int | None
) -> tuple[ReportingRule | ReportingRuleRead, bool]:
    """Set an indicator's rule; tells whether it is the first. To put back the usual rule that was
    read sets none.

    Raises:
        NotFound: no such indicator.
        PreconditionFailed: the rule is not at the expected version.
    """
    if await indicators.get(session, indicator_code) is None:
        raise NotFound(what=f"indicator {indicator_code}")
    row = await repository.get_for_update(session, indicator_code)
    # Version 0 is what a read shows where nobody has set a rule.
    known = None if row is None and expected == 0 else expected
    if row is None and known is None and body == ReportingRulePut():
        return await get_rule(session, indicator_code), False
    values = {"indicator_code": indicator_code, **body.model_dump()}
    done = put(session, ReportingRule, row, known, **values)
    if done.changed:
        await session.flush()
        audit.record(
            session,
            "reporting_rules.write",
            "reporting_rule",
            indicator_code,
            before=done.before,
            after=done.row.snapshot(),
        )
    return done.row, done.created


async def check(
    session: Session, report: Reported, ends_on: date, explanation: str | None
) -> dict[str, Any]:
    """What is to be kept of the check with the report: nothing where its number is usual.

    Raises:
        OutlierUnexplained: it is not, and there is no explanation.
    """
    nothing = {"usual_low": None, "usual_high": None, "outlier_explanation": None}
    range_ = await usual(session, report, ends_on)
    value: Decimal = report.value
    if range_ is None or range_.holds(value):
        return nothing
    if explanation is None:
        raise domain.OutlierUnexplained(
            value=plain(value), low=plain(range_.low), high=plain(range_.high)
        )
    return {
        "usual_low": range_.low,
        "usual_high": range_.high,
        "outlier_explanation": explanation,
    }


async def usual(session: Session, report: Reported, ends_on: date) -> domain.Usual | None:
    rule = await get_rule(session, report.indicator_code)
    if rule.outlier_threshold is None:
        return None
    history = await repository.history(
        session, report.indicator_code, report.unit_code, ends_on, domain.MAX_HISTORY
    )
    return domain.usual(history, rule.outlier_threshold, rule.outlier_min_history)
