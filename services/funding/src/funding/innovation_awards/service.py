"""Use cases of the innovation awards."""

from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session

from funding.awards.domain import AwardKind
from funding.documents import service as documents
from funding.innovation_awards import domain
from funding.innovation_awards.domain import NomineeKind
from funding.innovation_awards.models import ONCE_A_YEAR, InnovationAward
from funding.permissions import NOMINATE_INNOVATION, READ_INNOVATION_AWARD, READ_NOMINEE
from funding.supports import service as supports
from funding.supports.domain import fixed


async def nominate(
    session: Session, principal: Principal, values: dict[str, Any]
) -> InnovationAward:
    """Nominate a person or a collective for the award of a year.

    Raises:
        Forbidden, UnknownReference: see `supports.service.may_file`.
        InvalidIdNumber, IdNumberMissing: see `domain`.
        NoRate: the year has no such grade.
        AlreadyNominated: once a year.
    """
    unit, year = values["payee_unit"], values["fiscal_year"]
    await supports.may_file(session, principal, NOMINATE_INNOVATION, unit)
    nominee = values.pop("nominee")
    domain.check_nominee(NomineeKind(nominee["kind"]), nominee["id_number"])
    number = nominee["id_number"] and domain.id_number(nominee["id_number"], china_date())
    grade = values["grade"]
    rate = await supports.rate_of(session, AwardKind.INNOVATION_AWARD, grade, year)
    assert rate.amount is not None, "innovation awards have fixed rates"
    session.refuse(ONCE_A_YEAR, domain.AlreadyNominated(year=year))
    row = InnovationAward(
        **values,
        **supports.terms(rate, fixed(rate.amount, grade)),
        nominee_kind=nominee["kind"],
        nominee_name=nominee["name"],
        nominee_key=domain.nominee_key(unit, nominee["name"], number),
        id_number=number,
        phone=nominee["phone"],
        bank_account=nominee["bank_account"],
        made_by=principal.subject,
    )
    await supports.file(session, row)
    return row


async def read_nominee(
    session: Session, principal: Principal, award_id: UUID
) -> dict[str, str | None]:
    """The nominee in the clear; that it was read is noted. Raises `NotFound`, `Forbidden`."""
    row = await documents.get_document(
        session, principal, READ_INNOVATION_AWARD, InnovationAward, award_id
    )
    await directory.require(session, principal, READ_NOMINEE, row.payee_unit)
    audit.record(session, READ_NOMINEE.name, "innovation_award", row.id)
    return row.clear_nominee
