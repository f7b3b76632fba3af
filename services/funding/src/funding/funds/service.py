"""Use cases of funds."""

from typing import Any

from servicekit import audit
from servicekit.db import Session
from servicekit.messaging import outbox
from servicekit.problems import NotFound
from servicekit.rows import put_by_key

from funding.funding_rules import service as funding_rules
from funding.funds import events, repository
from funding.funds.models import Fund


async def put_fund(
    session: Session, code: str, values: dict[str, Any], expected: int | None
) -> tuple[Fund, bool]:
    """Define a fund or change it; the row, and whether it is new.

    Raises:
        PreconditionFailed: `expected` is not the current version.
    """
    done = await put_by_key(session, Fund, {"code": code}, values, expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(session, "funds.write", "fund", code, before=done.before, after=after)
        outbox.add(session, events.fund_changed(done.row))
        if not done.created:
            await funding_rules.evaluate_all(session)
    return done.row, done.created


async def get_fund(session: Session, code: str) -> Fund:
    row = await repository.get(session, code)
    if row is None:
        raise NotFound(what=f"fund {code}")
    return row
