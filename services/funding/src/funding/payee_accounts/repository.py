"""SQL of the payees' bank accounts."""

from collections.abc import Collection

from servicekit.db import Session
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from funding.payee_accounts.models import PayeeAccount


async def current_of(session: Session, units: Collection[str]) -> dict[str, PayeeAccount]:
    """The account each of these units is paid to, of those that have one."""
    row = PayeeAccount
    query = (
        select(row)
        .where(row.payee_unit.in_(units), row.state == "approved")
        .order_by(row.payee_unit, row.decided_at.desc(), row.id.desc())
        .ext(distinct_on(row.payee_unit))
    )
    return {found.payee_unit: found for found in await session.scalars(query)}
