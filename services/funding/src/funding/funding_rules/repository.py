"""SQL of funding rules and of the inputs they look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from funding.funding_rules.models import FundingRule, FundingRuleState

# Government input: executed for the items of the city's budget, appropriated for special funds,
# each only if the rule looks at such a fund. The special funds are apart from the three items
# (plan, section 二(七)), so nothing is counted twice.
_INPUTS = """
WITH year AS (SELECT * FROM fiscal_year WHERE year = $1),
looked_at AS (SELECT * FROM fund WHERE cardinality($2::text[]) = 0 OR code = ANY($2)),
special AS (
  SELECT f.counts_towards_floor, sum(b.appropriated) AS appropriated
  FROM looked_at f JOIN budget b ON b.fund_code = f.code AND b.fiscal_year = $1
  WHERE f.kind = 'special' GROUP BY f.counts_towards_floor
), government AS (
  SELECT coalesce((SELECT sum(appropriated) FROM special), 0)
    + coalesce((SELECT three_st_expenses FROM year
        WHERE EXISTS (SELECT FROM looked_at WHERE kind = 'three_st_expenses')), 0)
    + coalesce((SELECT science_operating_expenses FROM year
        WHERE EXISTS (SELECT FROM looked_at WHERE kind = 'science_operating_expenses')), 0)
    AS input
)
SELECT (SELECT budget_expenditure FROM year) AS budget_expenditure,
  (SELECT three_st_expenses FROM year) AS three_st_expenses,
  (SELECT science_operating_expenses FROM year) AS science_operating_expenses,
  coalesce((SELECT sum(appropriated) FROM special WHERE counts_towards_floor), 0)
    AS special_funds_appropriated,
  (SELECT sum(amount) FROM counterpart_report WHERE fiscal_year = $1 AND state = 'verified')
    AS enterprise_st_input,
  (SELECT input FROM government) AS government_st_input
"""


async def read_inputs(
    session: Session, year: int, funds: Sequence[str]
) -> Mapping[str, Decimal | None]:
    """Every input of the year, yuan; none where nothing is known yet."""
    row = await session.fetch_row(_INPUTS, year, list(funds))
    assert row is not None
    return dict(row)


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


async def lock(session: Session, code: str) -> FundingRule:
    """The existing row, locked against other writers."""
    query = select(FundingRule).where(FundingRule.code == code).with_for_update(key_share=True)
    return (await session.scalars(query)).one()


async def all_rules(session: Session) -> Sequence[FundingRule]:
    query = select(FundingRule).order_by(FundingRule.code)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def states_of(session: Session, year: int) -> dict[str, FundingRuleState]:
    """What was last told about each rule in this year."""
    query = select(FundingRuleState).where(FundingRuleState.fiscal_year == year)
    rows = await session.scalars(query.execution_options(populate_existing=True))
    return {row.rule_code: row for row in rows}


def note_state(
    session: Session,
    known: FundingRuleState | None,
    rule: FundingRule,
    year: int,
    found: Mapping[str, Any],
) -> None:
    """Remember what was found and told. What a reader would see changed is a new version."""
    if known is None:
        known = FundingRuleState(rule_code=rule.code, fiscal_year=year, breach_told=False)
        session.add(known)
        rule.touch()
    elif any(getattr(known, name) != found[name] for name in ("state", "actual", "inputs")):
        rule.touch()
    for name, value in found.items():
        setattr(known, name, value)
    known.evaluated_at = now()


async def page_of(session: Session, page: PageRequest, updated_since: datetime | None) -> Page[Any]:
    query = select(FundingRule)
    if updated_since is not None:
        query = query.where(FundingRule.updated_at >= updated_since)
    return await fetch_page(
        session,
        query,
        page,
        sortable={"code": FundingRule.code, "updated_at": FundingRule.updated_at},
        default="code",
        key="code",
    )
