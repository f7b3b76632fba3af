"""Use cases of the interest subsidies."""

from typing import Any

from servicekit.auth.principal import Principal
from servicekit.db import Session

from funding.awards.domain import AwardKind
from funding.holds.repository import lock_payee
from funding.interest_subsidies import domain
from funding.interest_subsidies.domain import Loan
from funding.interest_subsidies.models import OVERLAP, InterestSubsidy
from funding.permissions import FILE_INTEREST_SUBSIDY
from funding.support_rates.domain import LOAN
from funding.supports import repository
from funding.supports import service as supports
from funding.supports.domain import squeezed


async def file_interest_subsidy(
    session: Session, principal: Principal, values: dict[str, Any]
) -> InterestSubsidy:
    """Ask for a share of the interest of a loan in a period.

    Raises:
        Forbidden, UnknownReference: see `supports.service.may_file`.
        PeriodEmpty, CapReached, NothingToSupport: see `domain`.
        NoRate: the year has none.
        PeriodOverlaps: some of the period was asked for before.
    """
    unit, year = values["payee_unit"], values["fiscal_year"]
    await supports.may_file(session, principal, FILE_INTEREST_SUBSIDY, unit)
    terms = ("principal", "annual_rate", "starts_on", "ends_on", "day_count")
    loan = Loan(**{name: values[name] for name in terms})
    domain.check_period(loan)
    rate = await supports.rate_of(session, AwardKind.INTEREST_SUBSIDY, LOAN, year)
    assert rate.share is not None, "loans have shares"
    assert rate.cap is not None, "and caps"
    # Two of one unit at once would both see the whole cap.
    await lock_payee(session, unit)
    taken = await repository.live_total(session, InterestSubsidy, unit, year)
    values |= supports.terms(rate, domain.compute(loan, rate.share, rate.cap, taken))
    values["contract_key"] = squeezed(values["loan_contract"])
    session.refuse(OVERLAP, domain.PeriodOverlaps(contract=values["loan_contract"]))
    row = InterestSubsidy(**values, made_by=principal.subject)
    await supports.file(session, row)
    return row
