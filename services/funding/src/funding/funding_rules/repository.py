"""SQL of funding rules and of the facts they look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from funding.funding_rules.domain import Facts, FundFacts
from funding.funding_rules.models import FundingRule, FundingRuleRevision, FundingRuleState

SORTABLE = {"code": FundingRule.code, "updated_at": FundingRule.updated_at}

_FIGURES = """
SELECT y.budget_expenditure, y.three_st_expenses, y.science_operating_expenses,
 (SELECT sum(amount) FROM counterpart_report WHERE fiscal_year = $1 AND state = 'verified')
  AS verified
FROM (SELECT $1::int AS year) asked LEFT JOIN fiscal_year y USING (year)
"""
_FUNDS = """
SELECT f.code, f.kind, f.counts_towards_floor,
 coalesce(sum(b.amount) FILTER (WHERE b.state = 'approved'), 0) AS approved,
 coalesce(sum(b.appropriated), 0) AS appropriated,
 coalesce(sum(b.disbursed - b.refunded), 0) AS disbursed
FROM fund f LEFT JOIN budget b ON b.fund_code = f.code AND b.fiscal_year = $1
GROUP BY f.code
"""


async def read_facts(session: Session, year: int) -> Facts:
    """Everything the rules of a year look at."""
    row = await session.fetch_row(_FIGURES, year)
    assert row is not None
    figures = dict(row)
    verified = figures.pop("verified")
    funds = {
        each["code"]: FundFacts(
            each["kind"],
            each["counts_towards_floor"],
            each["approved"],
            each["appropriated"],
            each["disbursed"],
        )
        for each in await session.fetch(_FUNDS, year)
    }
    return Facts(figures, funds, verified)


async def lock_results(session: Session) -> None:
    """One evaluation at a time: the later one sees what the earlier one changed."""
    key = func.hashtextextended("funding-rules", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def insert_if_missing(session: Session, code: str, values: dict[str, Any]) -> bool:
    """Whether this call made the row; two callers at once make one."""
    statement = insert(FundingRule).values(code=code, **values).on_conflict_do_nothing()
    return await session.scalar(statement.returning(FundingRule.code)) is not None


async def get(session: Session, code: str) -> FundingRule | None:
    return await session.get(FundingRule, code)


async def lock(session: Session, code: str) -> FundingRule | None:
    """The row, locked against other writers."""
    query = select(FundingRule).where(FundingRule.code == code).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def all_rules(session: Session) -> Sequence[FundingRule]:
    query = select(FundingRule).order_by(FundingRule.code)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def unknown(session: Session, codes: Sequence[str]) -> list[str]:
    """Those of `codes` no rule has."""
    known = await session.scalars(select(FundingRule.code).where(FundingRule.code.in_(codes)))
    return sorted(set(codes) - set(known))


async def revisions_of(
    session: Session, codes: Sequence[str]
) -> dict[str, list[FundingRuleRevision]]:
    """The revisions of these rules, the first one first."""
    row = FundingRuleRevision
    query = select(row).where(row.rule_code.in_(codes)).order_by(row.rule_code, row.number)
    found: dict[str, list[FundingRuleRevision]] = defaultdict(list)
    for each in await session.scalars(query):
        found[each.rule_code].append(each)
    return found


async def states_of(session: Session, year: int) -> dict[str, FundingRuleState]:
    """What was last told about each rule in this year."""
    query = select(FundingRuleState).where(FundingRuleState.fiscal_year == year)
    rows = await session.scalars(query.execution_options(populate_existing=True))
    return {row.rule_code: row for row in rows}


async def years_found(session: Session, code: str) -> list[int]:
    """The years something was told of a rule in."""
    query = select(FundingRuleState.fiscal_year).where(FundingRuleState.rule_code == code)
    return list(await session.scalars(query))


def note_state(
    session: Session,
    known: FundingRuleState | None,
    rule: FundingRule,
    year: int,
    found: Mapping[str, Any],
) -> bool:
    """Remember what was found and told, and tell whether a reader would see a change: then it is a
    new version of the rule."""
    if known is None:
        known = FundingRuleState(rule_code=rule.code, fiscal_year=year, breach_told=False)
        session.add(known)
        moved = True
    else:
        seen = ("state", "actual", "threshold", "inputs")
        moved = any(getattr(known, name) != found[name] for name in seen)
    if moved:
        rule.touch()
    for name, value in found.items():
        setattr(known, name, value)
    known.evaluated_at = now()
    return moved


async def list_funding_rules(
    session: Session, page: PageRequest, updated_since: datetime | None
) -> Page[Any]:
    query = select(FundingRule).where(*given((updated_since, FundingRule.updated_at.__ge__)))
    return await fetch_page(
        session,
        query,
        page,
        sortable=SORTABLE,
        default="code",
        key="code",
    )
