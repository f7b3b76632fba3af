"""Use cases of the rules."""

from servicekit import audit
from servicekit.db import Session
from servicekit.problems import NotFound
from servicekit.rows import put_by_key

from parks.quality import domain, repository
from parks.quality.domain import Case, Finding
from parks.quality.models import ReturnRule
from parks.quality.schemas import ReturnRulePut
from parks.returns.domain import span_of


async def get_rule(session: Session, code: str) -> ReturnRule:
    """Raises `NotFound`."""
    rule = await repository.get(session, code)
    if rule is None:
        raise NotFound(what=f"return rule {code}")
    return rule


async def put_rule(
    session: Session, code: str, body: ReturnRulePut, expected: int | None
) -> tuple[ReturnRule, bool]:
    """Make or change a rule; tells whether it is new. What was handed in keeps what was found.

    Raises:
        PreconditionFailed: it is not at the expected version.
        RuleIncomplete: see `domain`.
    """
    domain.check_rule(body.kind, body.other, body.lowest, body.highest)
    done = await put_by_key(session, ReturnRule, {"code": code}, body.model_dump(), expected)
    if done.changed:
        before, after = done.before, done.row.snapshot()
        audit.record(session, "return_rules.write", "return_rule", code, before=before, after=after)
    return done.row, done.created


async def judge(
    session: Session, period: str, enterprise_class: str | None, case: Case
) -> list[Finding]:
    """What the rules in force find in the numbers of a period; of a park without a class."""
    span = span_of(period)
    rules = [
        rule
        for rule in await repository.active(session)
        if domain.applies(rule, span.kind, enterprise_class, span.ends_on)
    ]
    return domain.judge(rules, case)
