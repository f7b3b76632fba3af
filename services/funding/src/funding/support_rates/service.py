"""Use cases of the rates."""

from typing import Any

from servicekit import audit
from servicekit.db import Session
from servicekit.problems import NotFound, UnknownReference
from servicekit.rows import put_by_key

from funding.awards.domain import AwardKind
from funding.fiscal_years import repository as fiscal_years
from funding.funds import repository as funds
from funding.support_rates import domain, repository
from funding.support_rates.models import SupportRate


async def put_rate(
    session: Session, code: str, values: dict[str, Any], expected: int | None
) -> tuple[SupportRate, bool]:
    """Set a rate or change it; the row, and whether it is new. What has been filed keeps the terms
    it was filed on.

    Raises:
        Unprocessable: see `domain.check_rate`.
        UnknownReference: no such fund or fiscal year.
        AlreadyExists: another rate is of this kind, grade and year.
        PreconditionFailed: `expected` is not the current version.
    """
    terms = (values["amount"], values["share"], values["cap"])
    domain.check_rate(AwardKind(values["kind"]), values["grade"], *terms)
    if await funds.get(session, values["fund_code"]) is None:
        raise UnknownReference(what=f"fund {values['fund_code']}")
    if await fiscal_years.get(session, values["fiscal_year"]) is None:
        raise UnknownReference(what=f"fiscal year {values['fiscal_year']}")
    done = await put_by_key(session, SupportRate, {"code": code}, values, expected)
    if done.changed:
        after = done.row.snapshot()
        audit.record(
            session, "support_rates.write", "support_rate", code, before=done.before, after=after
        )
    return done.row, done.created


async def get_rate(session: Session, code: str) -> SupportRate:
    row = await repository.get(session, code)
    if row is None:
        raise NotFound(what=f"support rate {code}")
    return row
