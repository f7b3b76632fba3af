"""Use cases of the platform grants."""

from typing import Any

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.problems import AlreadyExists

from funding.awards.domain import AwardKind
from funding.permissions import FILE_PLATFORM_GRANT
from funding.platform_grants import domain
from funding.platform_grants.models import ONCE, PlatformGrant
from funding.supports import service as supports
from funding.supports.domain import squeezed


async def file_platform_grant(
    session: Session, principal: Principal, values: dict[str, Any]
) -> PlatformGrant:
    """Ask for a part of what a platform or equipment costs.

    Raises:
        Forbidden, UnknownReference: see `supports.service.may_file`.
        NoRate: the year has no such grade.
        NoOwnFunds, NothingToSupport: see `domain.compute`.
        AlreadyExists: the unit has asked for this one.
    """
    year, grade = values["fiscal_year"], values["grade"]
    await supports.may_file(session, principal, FILE_PLATFORM_GRANT, values["payee_unit"])
    rate = await supports.rate_of(session, AwardKind.PLATFORM_GRANT, grade, year)
    assert rate.share is not None, "platforms have shares"
    assert rate.cap is not None, "and caps"
    computed = domain.compute(values["cost"], values["own_funds"], rate.share, rate.cap)
    session.refuse(ONCE, AlreadyExists().at("/title"))
    row = PlatformGrant(
        **values,
        **supports.terms(rate, computed),
        item_key=squeezed(values["title"]),
        made_by=principal.subject,
    )
    await supports.file(session, row)
    return row
