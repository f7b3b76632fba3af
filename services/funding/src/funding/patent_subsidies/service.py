"""Use cases of the patent subsidies."""

from typing import Any

from servicekit.auth.principal import Principal
from servicekit.db import Session

from funding.awards.domain import AwardKind
from funding.patent_subsidies import domain
from funding.patent_subsidies.models import ONCE, PatentSubsidy
from funding.permissions import FILE_PATENT_SUBSIDY
from funding.supports import service as supports
from funding.supports.domain import fixed


async def file_patent_subsidy(
    session: Session, principal: Principal, values: dict[str, Any]
) -> PatentSubsidy:
    """Ask for the subsidy of a patent.

    Raises:
        Forbidden, UnknownReference: see `supports.service.may_file`.
        InvalidPatentNumber: see `domain.patent`.
        NoRate: the year has none for this type.
        PatentAlreadySubsidised: it was asked for, or paid, ever before.
    """
    await supports.may_file(session, principal, FILE_PATENT_SUBSIDY, values["payee_unit"])
    patent = domain.patent(values["patent_number"], values["fiscal_year"])
    rate = await supports.rate_of(
        session, AwardKind.PATENT_SUBSIDY, patent.type, values["fiscal_year"]
    )
    assert rate.amount is not None, "patents have fixed rates"
    values |= supports.terms(rate, fixed(rate.amount, patent.type))
    values |= {"patent_number": patent.number, "patent_type": patent.type}
    session.refuse(ONCE, domain.PatentAlreadySubsidised(number=patent.number))
    row = PatentSubsidy(**values, made_by=principal.subject)
    await supports.file(session, row)
    return row
