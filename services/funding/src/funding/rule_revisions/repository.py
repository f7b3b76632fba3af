"""SQL of the revisions of rules."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.db import Session
from servicekit.http.paging import Page, PageRequest, fetch_page, given
from sqlalchemy import select

from funding.funding_rules.models import FundingRuleRevision

SORTABLE = {
    "number": FundingRuleRevision.number,
    "revised_at": FundingRuleRevision.revised_at,
    "updated_at": FundingRuleRevision.revised_at,
}


async def get(session: Session, code: str, revision_id: UUID) -> FundingRuleRevision | None:
    query = select(FundingRuleRevision).filter_by(id=revision_id, rule_code=code)
    return await session.scalar(query)


async def list_revisions(
    session: Session, page: PageRequest, code: str, updated_since: datetime | None
) -> Page[Any]:
    row = FundingRuleRevision
    query = select(row).where(row.rule_code == code, *given((updated_since, row.revised_at.__ge__)))
    return await fetch_page(session, query, page, sortable=SORTABLE, default="number", key="number")
